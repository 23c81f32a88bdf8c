"""A playlist for players: extended M3U in UTF-8, one entry for each film or sound; pure.

It is the list that players take, not a list of segments of one stream (HLS): each entry is a whole file, and
a list with HLS's own tags would be refused for MP4 files that are not cut into segments.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from reelyard.errors import InvalidInput
from reelyard.tools.bundles.titles import one_line

ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]+")  # RFC 3986, without the mark of a fragment
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")

Entry = tuple[str, float | None, str]  # title, seconds (None: unknown), relative URI


def write_playlist(entries: Sequence[Entry]) -> str:
    """The text of a playlist; titles are cleaned to one line, durations given to the millisecond.

    Raises InvalidInput for a URI that is not a relative one: no list of ours leads to a foreign host.
    """
    return "".join(["#EXTM3U\n", *_lines(entries)])


def _lines(entries: Sequence[Entry]) -> Iterable[str]:
    for number, (title, duration_s, uri) in enumerate(entries, 1):
        yield f"#EXTINF:{_seconds(duration_s)},{one_line(title) or f'Part {number}'}\n{_checked(uri)}\n"


def _seconds(duration_s: float | None) -> str:
    if duration_s is None or not math.isfinite(duration_s) or duration_s < 0:
        return "-1"  # what players take for unknown
    return f"{duration_s:.3f}"


def _checked(uri: str) -> str:
    begins_elsewhere = uri.startswith("//") or SCHEME.match(uri) is not None
    if begins_elsewhere or ALLOWED.fullmatch(uri) is None:
        raise InvalidInput(
            f"“{one_line(uri)}” cannot stand in a playlist: it is not a relative link.",
            hint="Give a path on this server, percent-encoded, without scheme and host.",
        )
    return uri
