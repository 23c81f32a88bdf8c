"""What a file is by its content; its name is not asked, but to tell Markdown from plain text.

FFmpeg is never asked: it takes a playlist or a text named `.mp4` for what it is and opens what it names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from reelyard.media import formats
from reelyard.media.foreign import what_else
from reelyard.media.formats import Format

PIECE = 64 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
EBML = b"\x1a\x45\xdf\xa3"

PICTURE_BRANDS = frozenset({b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif", b"avis", b"jp2 ", b"crx "})
M4A_BRANDS = frozenset({b"M4A ", b"M4B ", b"M4P "})
_LengthOf: TypeAlias = "Callable[[bytes], int]"
OLD_QUICKTIME = frozenset({b"moov", b"mdat", b"wide", b"pnot", b"skip", b"free"})


@dataclass(frozen=True, slots=True)
class Sample:
    """The pieces of a file by which it is judged."""

    head: bytes
    body: bytes = b""  # what follows an ID3 tag; else the same as the head
    tail: bytes = b""  # the end, and the directory of an OLE file

    @property
    def start(self) -> bytes:
        return self.body or self.head


def take_sample(stream: BinaryIO) -> Sample:
    """Read the pieces of an open, seekable file."""
    size = stream.seek(0, 2)
    head = _read(stream, 0)
    tail = _read(stream, max(0, size - PIECE))
    if head.startswith(OLE):
        tail += _read(stream, _ole_directory(head))
    after_tag = _id3_length(head)
    return Sample(head, _read(stream, after_tag) if after_tag else head, tail)


def sniff(sample: Sample, name: str = "") -> Format | None:
    """The format of a file, None when it is not taken; of `name` only `.md` is looked at."""
    head = sample.head
    found = _film_or_sound(sample)
    if found is not None:
        return found
    if head.startswith(ZIP):
        return formats.DOCX if b"word/document.xml" in head + sample.tail else None
    if head.startswith(OLE):
        return _compound(head + sample.tail)
    if what_else(head, sample.tail) is None and is_text(head):
        return formats.MD if name.lower().endswith((".md", ".markdown")) else formats.TXT
    return None


def refusal(sample: Sample) -> str:
    """The sentence for a file that `sniff` did not know: what it looks like instead, and what is taken."""
    if not sample.head:
        return f"The file is empty. {formats.TAKEN}"
    looks_like = what_else(sample.head, sample.tail) or "a kind of file that Reelyard does not know"
    return f"The file looks like {looks_like}. {formats.TAKEN}"


def is_text(head: bytes) -> bool:
    """Whether this is the beginning of a text: UTF-8, UTF-16, or an 8-bit code page."""
    if not head.strip():
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        decoded = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
        return "\0" not in decoded and decoded.count("\ufffd") <= len(decoded) // 100
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head) or wide_without_mark(head) is not None


def wide_without_mark(data: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` when the bytes are plainly that though no mark says so; else None.

    Told by spaces and line ends, which one of the two readings has and the other has not, and by every other
    character being one that some script has.
    """
    head = data[: PIECE // 2 * 2]
    if b"\0" not in head:
        return None
    readings = {name: head.decode(name, errors="ignore") for name in ("utf-16-le", "utf-16-be")}
    name, text = max(readings.items(), key=lambda one: one[1].count(" ") + one[1].count("\n"))
    blanks = text.count(" ") + text.count("\n")
    odd = any(unicodedata.category(char) in ("Cc", "Cn", "Co") and char not in "\t\n\r\f" for char in text)
    return None if odd or not blanks or blanks * 200 < len(text) else name


def _compound(pieces: bytes) -> Format | None:
    """An old Word file; or a new Office file with a password, which whoever reads DOCX refuses in plain words."""
    if "WordDocument".encode("utf-16-le") in pieces:
        return formats.DOC
    return formats.DOCX if "EncryptedPackage".encode("utf-16-le") in pieces else None


def _film_or_sound(sample: Sample) -> Format | None:
    head, start = sample.head, sample.start
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return {b"WAVE": formats.WAV, b"AVI ": formats.AVI}.get(head[8:12])
    if head.startswith(EBML):
        return _matroska(head)
    if start.startswith(b"fLaC"):
        return formats.FLAC
    if head.startswith(b"OggS"):
        return _ogg(head)
    return _iso_media(head) or _mpeg_audio(start, tagged=sample.start is not head)


def _iso_media(head: bytes) -> Format | None:
    kind, brand = head[4:8], head[8:12]
    if kind in (b"ftyp", b"styp"):
        if brand in PICTURE_BRANDS:
            return None
        return formats.MOV if brand == b"qt  " else formats.M4A if brand in M4A_BRANDS else formats.MP4
    return formats.MOV if kind in OLD_QUICKTIME else None


def _matroska(head: bytes) -> Format | None:
    doctype = re.search(rb"\x42\x82[\x80-\x9f](webm|matroska)", head[:4096])
    if doctype is None:
        return None
    return formats.WEBM if doctype[1] == b"webm" else formats.MKV


def _ogg(head: bytes) -> Format | None:
    beginning = head[:4096]
    if b"\x80theora" in beginning:
        return None
    if b"OpusHead" in beginning:
        return formats.OPUS
    return formats.OGG if re.search(rb"\x01vorbis|\x7fFLAC|Speex   ", beginning) else None


# --- MPEG audio: frames that follow each other --------------------------------------------------------

BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s, MPEG 1 layer III
BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG 2 and 2.5
SAMPLE_RATES = (44100, 48000, 32000)
FRAMES_TO_BELIEVE = 3
SEARCHED = 4096


def _mpeg_audio(start: bytes, *, tagged: bool) -> Format | None:
    """MP3 or ADTS; encoders may leave some bytes of rubbish before the first frame."""
    for offset in range(min(SEARCHED, len(start)) if tagged or not is_text(start) else 1):
        if start[offset : offset + 1] != b"\xff":
            continue
        for found, length_of in ((formats.MP3, _mp3_frame), (formats.AAC, _adts_frame)):
            if _frames_follow(start, offset, length_of):
                return found
    return None


def _frames_follow(data: bytes, offset: int, length_of: _LengthOf) -> bool:
    for _ in range(FRAMES_TO_BELIEVE):
        length = length_of(data[offset : offset + 7])
        if not length:
            return False
        offset += length
        if offset >= len(data):
            return True  # the file, or what we read of it, ends in a frame
    return True


def _mp3_frame(header: bytes) -> int:
    """The length in bytes of the frame with this header; 0 when it is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, bitrate, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version == 1 or bitrate in (0, 15) or rate == 3:
        return 0
    newest = version == 3
    kbits = (BITRATES_1 if newest else BITRATES_2)[bitrate]
    hertz = SAMPLE_RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    return (144 if newest else 72) * kbits * 1000 // hertz + (header[2] >> 1 & 1)


def _adts_frame(header: bytes) -> int:
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or header[2] >> 2 & 15 > 12:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else 0


# --- reading the pieces -------------------------------------------------------------------------------


def _read(stream: BinaryIO, position: int) -> bytes:
    stream.seek(position)
    return stream.read(PIECE)


def _id3_length(head: bytes) -> int:
    """Bytes that an ID3v2 tag at the beginning takes; 0 without one. https://id3.org/id3v2.4.0-structure"""
    if not head.startswith(b"ID3") or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _ole_directory(head: bytes) -> int:
    """Where the directory of an OLE file begins. [MS-CFB] 2.2"""
    shift = min(int.from_bytes(head[30:32], "little"), 12)
    return (int.from_bytes(head[48:52], "little") + 1) << shift
