"""Names for files that go out: what a user called a thing, made harmless for any system that saves it."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 255
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]')
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def safe_file_name(name: str, *, otherwise: str = "file") -> str:
    """`name` without folders, control characters, reversing marks and names that systems reserve; NFC.

    At most 255 bytes of UTF-8, the extension kept; `otherwise` when nothing is left. Not unique by itself.
    """
    name = name.encode("utf-8", "replace").decode("utf-8")
    name = unicodedata.normalize("NFC", _INVISIBLE.sub("", name))
    name = _FORBIDDEN.sub("_", name).strip(" .").lstrip("-~")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) or otherwise


def _shortened(name: str) -> str:
    if len(name.encode()) <= MOST_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, dot, extension = name, "", ""
    room = MOST_BYTES - len(f"{dot}{extension}".encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + dot + extension
