"""Keys: which texts may name a stored thing. What passes here can stand in a path and in an S3 address."""

from __future__ import annotations

import re

from reelyard.errors import InvalidInput

_SEGMENT = re.compile(r"[A-Za-z0-9._-]{1,200}", re.ASCII)
_LONGEST = 900  # S3 takes 1,024 bytes; a bucket prefix may stand before


def checked_segment(name: str) -> str:
    """`name` if it may be one segment of a key, such as an upload id; raises InvalidInput."""
    if name in {".", ".."} or not _SEGMENT.fullmatch(name):
        raise InvalidInput(
            f"{name[:80]!r} cannot be part of a storage key.",
            hint="Use 1 to 200 ASCII letters, digits, dots, hyphens and underscores.",
        )
    return name


def checked_key(key: str) -> str:
    """`key` if it is a relative path of allowed segments; raises InvalidInput."""
    if len(key) > _LONGEST:
        raise InvalidInput(f"A storage key has at most {_LONGEST} characters, this one {len(key)}.")
    for segment in key.split("/"):
        checked_segment(segment)
    return key


def checked_prefix(prefix: str) -> str:
    """`prefix` if it is a key with a slash behind it; raises InvalidInput."""
    if not prefix.endswith("/"):
        raise InvalidInput(f"The storage prefix {prefix[:80]!r} does not end with a slash.")
    checked_key(prefix[:-1])
    return prefix
