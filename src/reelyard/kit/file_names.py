"""Names for files that go out: what a user called a thing, made harmless for any system that saves it."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 255
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]')
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


def safe_file_name(name: str, *, otherwise: str = "file", most: int = MOST_BYTES) -> str:
    """`name` without folders, control characters, reversing marks and names that systems reserve; NFC.

    At most `most` bytes of UTF-8, the extension kept; `otherwise` when nothing is left. Not unique by itself.
    """
    name = name.encode("utf-8", "replace").decode("utf-8")
    name = unicodedata.normalize("NFC", _INVISIBLE.sub("", name))
    name = _FORBIDDEN.sub("_", name).strip(" .").lstrip("-~")
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name, most) or otherwise


_PIECE = re.compile(r".+-(?P<number>[0-9]{4,})\.(?P<extension>[a-z0-9]+)")

# Words of roles that go without saying: what they name is what one asked for.
PLAIN = frozenset({"", "transcript", "film", "film-captioned", "captions", "timeline", "story"})
PIECES = "-chunks"  # what is added to a name for the folder of its pieces


def download_name(original: str, role: str) -> str:
    """“talk.mp3” and “transcript.srt” give “talk.srt”; a role with a word of its own keeps it: “talk-cut.mp4”."""
    word, extension = word_and_extension(role)
    return safe_file_name(f"{stem_of(original)}{word}.{extension}")


def stem_of(original: str) -> str:
    """A user's name of a file without its extension, harmless."""
    name = safe_file_name(original)
    return name.rpartition(".")[0] or name


def word_and_extension(role: str) -> tuple[str, str]:
    """What a role adds to the name of what was made of a file, with its dash, and its extension without a dot."""
    word, _, extension = role.rpartition(".")
    return "" if word in PLAIN else "-" + word.replace("/", "-"), extension


def piece_of(role: str) -> str | None:
    """“narration-0001.m4a” is a piece among many and called “0001.m4a”; None for what stands for the whole."""
    found = _PIECE.fullmatch(role)
    return f"{found['number']}.{found['extension']}" if found else None


def _shortened(name: str, most: int) -> str:
    if len(name.encode()) <= most:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, dot, extension = name, "", ""
    room = most - len(f"{dot}{extension}".encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + dot + extension
