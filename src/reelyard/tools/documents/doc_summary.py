"""The title among the properties of an old Office file. [MS-OLEPS] 2.21"""

from __future__ import annotations

import struct

CODE_PAGE, TITLE = 1, 2
MOST_PROPERTIES = 200
TYPE_STRING, TYPE_WIDE_STRING = 0x1E, 0x1F
LONGEST = 1_000


def title_of(data: bytes) -> str:
    """The title that stands in a summary stream; empty when there is none, or nobody can read it."""
    try:
        begin = struct.unpack_from("<L", data, 44)[0]
        count = struct.unpack_from("<L", data, begin + 4)[0]
        pairs = (
            struct.unpack_from("<2L", data, begin + 8 + 8 * index)
            for index in range(min(count, MOST_PROPERTIES))
        )
        places = {kind: begin + offset for kind, offset in pairs}
        code_page = struct.unpack_from("<H", data, places[CODE_PAGE] + 4)[0] if CODE_PAGE in places else 1252
        return _string(data, places[TITLE], code_page) if TITLE in places else ""
    except (struct.error, LookupError, UnicodeDecodeError):
        return ""


def _string(data: bytes, at: int, code_page: int) -> str:
    kind, length = struct.unpack_from("<2L", data, at)
    if kind == TYPE_WIDE_STRING or code_page == 1200:
        wide = data[at + 8 : at + 8 + (length * 2 if kind == TYPE_WIDE_STRING else length)]
        text = wide[: 2 * LONGEST].decode("utf-16-le")
    elif kind == TYPE_STRING:
        name = "utf-8" if code_page == 65001 else "mac-roman" if code_page == 10000 else f"cp{code_page}"
        text = data[at + 8 : at + 8 + min(length, LONGEST)].decode(name)
    else:
        return ""
    return " ".join(text.partition("\0")[0].split())
