"""What a file is that is not taken: only to tell its owner in plain words."""

from __future__ import annotations

import re

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"BM", "a BMP picture"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"{\\rtf", "an RTF document"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\0asm", "a WebAssembly program"),
    (b"#!AMR", "an AMR recording"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (b"FLV\x01", "a Flash film"),
    (b"\0\0\x01\xba", "an MPEG programme stream"),
    (b".RMF", "a RealMedia file"),
    (b"MThd", "a MIDI file"),
    (b"caff", "a Core Audio file"),
    (b".snd", "an AU sound file"),
    (b"\x06\x0e\x2b\x34", "an MXF film"),
    (b"OggS", "an Ogg film, or an Ogg file with an unusual codec"),
    (b"\x1a\x45\xdf\xa3", "a Matroska file of an unknown sort"),
)

# Files that say where other files are: opening one would open what it names.
POINTERS: tuple[tuple[str, str], ...] = (
    (r"ffconcat\s+version", "a list of other media files"),
    (r"#extm3u", "a playlist"),
    (r"\[playlist\]", "a playlist"),
    (r"v=0\r?\n", "a description of a network stream"),
    (r"<\?xml[\s\S]{0,2000}?<(mpd|smil|playlist|asx|smoothstreamingmedia)\b", "a playlist"),
    (r"<(mpd|smil|playlist|asx|smoothstreamingmedia)\b", "a playlist"),
    (r"\[reference\]", "a playlist"),
    (r"(https?|rtsp|rtmp|mms|file|smb|concat|subfile)[:,]\S*\s*$", "a link to another file"),
    (r"<!doctype html|<html|<head|<body|<script", "a web page"),
    (r"(<\?xml[\s\S]{0,2000}?)?(<!doctype svg|<svg\b)", "an SVG picture"),
    (r"<\?xml", "an XML file"),
)
_POINTERS = tuple((re.compile(pattern), words) for pattern, words in POINTERS)

IN_ZIP = (
    (b"xl/workbook", "an Excel table"),
    (b"ppt/presentation", "a PowerPoint presentation"),
    (b"application/epub+zip", "an EPUB book"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file"),
    (b"META-INF/MANIFEST.MF", "a Java program"),
)
IN_OLE = (("Workbook", "an Excel table"), ("PowerPoint Document", "a PowerPoint presentation"))


def what_else(head: bytes, tail: bytes = b"") -> str | None:
    """Words for a file that is not taken, such as "a PNG picture"; None when it may be an ordinary text."""
    if head.startswith(b"PK"):
        return next((words for mark, words in IN_ZIP if mark in head + tail), "a ZIP archive")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        both = head + tail
        found = (words for mark, words in IN_OLE if mark.encode("utf-16-le") in both)
        return next(found, "an old Office file, or an installer")
    return _in_iff(head) or _by_magic(head) or _pointer(head)


def _by_magic(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return "a picture"
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "an MPEG transport stream"
    for mark, words in MAGIC:
        # Two letters may well begin a text.
        if head.startswith(mark) and (len(mark) > 2 or b"\0" in head[:512]):
            return words
    return None


def _in_iff(head: bytes) -> str | None:
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "an AIFF recording"
    if head[:4] in (b"RIFF", b"RIFX"):
        return "a WebP picture" if head[8:12] == b"WEBP" else "a RIFF file of an unknown sort"
    return None


def _pointer(head: bytes) -> str | None:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = head.removeprefix(b"\xef\xbb\xbf")[:8192].decode(encoding, errors="replace").lstrip().lower()
    return next((words for pattern, words in _POINTERS if pattern.match(text)), None)
