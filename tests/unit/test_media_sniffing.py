"""What a file is by its content."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.formats import FORMATS, M4A, MP4, settled
from reelyard.media.info import Kind
from reelyard.media.sniffing import Sample, is_text, refusal, sniff, take_sample
from reelyard.testing import broken


def sample(data: bytes) -> Sample:
    return take_sample(io.BytesIO(data))


def zipped(*names: str, filler: int = 0) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("media/picture.png", bytes(filler))
        for name in names:
            archive.writestr(name, "<x/>")
    return target.getvalue()


def ole(entry: str, sector: int = 3) -> bytes:
    """An OLE file with one entry in its directory, which begins at `sector`."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    head[48:52] = sector.to_bytes(4, "little")
    return bytes(head) + bytes(512 * sector) + entry.encode("utf-16-le") + bytes(200_000)


MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes
ADTS_FRAME = b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)  # 16 bytes
KNOWN = {
    "mp4": b"\0\0\0\x18ftypisom" + bytes(100),
    "m4a": b"\0\0\0\x18ftypM4A " + bytes(100),
    "mov": b"\0\0\0\x18ftypqt  " + bytes(100),
    "avi": b"RIFF\0\0\0\0AVI LIST",
    "wav": b"RIFF\0\0\0\0WAVEfmt ",
    "webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(100),
    "mkv": b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska" + bytes(100),
    "flac": b"fLaC" + bytes(100),
    "ogg": b"OggS\0\x02" + bytes(22) + b"\x01\x1e\x01vorbis",
    "opus": b"OggS\0\x02" + bytes(22) + b"\x01\x13OpusHead",
    "mp3": MP3_FRAME * 4,
    "aac": ADTS_FRAME * 4,
    "txt": "Es war einmal …\n".encode(),
    "docx": zipped("word/document.xml"),
    "doc": ole("WordDocument"),
}


@pytest.mark.parametrize("name", [*KNOWN])
def test_every_format_is_known_by_its_content(name: str) -> None:
    found = sniff(sample(KNOWN[name]), "holiday.exe")

    assert found is FORMATS[name]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0\0\0\x08wide\0\0\0\x10mdat", "mov"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"ID3\x04\0\0\0\0\x02\x01" + bytes(257) + MP3_FRAME * 4, "mp3"),
        (b"ID3\x04\0\0\0\0\x02\x01" + bytes(257) + b"fLaC", "flac"),
        (b"ID3\x04\0\0\0\x7f\x7f\x7f" + bytes(0x1FFFFF) + MP3_FRAME * 4, "mp3"),  # a cover of 2 MiB
        (bytes(100) + MP3_FRAME * 4, "mp3"),
        ("﻿Text mit Marke".encode(), "txt"),
        ("Seen in Windows".encode("utf-16"), "txt"),
        ("„Gänsefüßchen“".encode("cp1252"), "txt"),
        (b"BM is a good beginning, and so is MZ.", "txt"),
        (zipped("word/document.xml", filler=300_000), "docx"),
        (ole("WordDocument", sector=300), "doc"),
    ],
)
def test_unusual_but_right_files_are_known(data: bytes, name: str) -> None:
    assert sniff(sample(data)) is FORMATS[name]


def test_markdown_is_a_text_that_is_called_so() -> None:
    text = sample(b"# A heading\n")

    assert sniff(text, "Notes.MD") is FORMATS["md"]
    assert sniff(text, "notes.mp4") is FORMATS["txt"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\0\0\0\x18ftypheic", "a picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a WebP picture"),
        (b"<!DOCTYPE html><p>", "a web page"),
        (b"#EXTM3U\n", "a playlist"),
        (b"ffconcat version 1.0\n", "a list of other media files"),
        (b"v=0\r\no=- 0", "a description of a network stream"),
        (zipped("xl/workbook.xml"), "an Excel table"),
        (zipped("photo.jpg"), "a ZIP archive"),
        (ole("Workbook"), "an Excel table"),
        (b"%PDF-1.7", "a PDF document"),
        (b"MZ\x90\0", "a Windows program"),
        (b"OggS\0\x02" + bytes(22) + b"\x80theora", "an Ogg film"),
        (bytes(1000), "a kind of file that Reelyard does not know"),
    ],
)
def test_a_refusal_says_what_it_looks_like_and_what_is_taken(data: bytes, words: str) -> None:
    found = sample(data)

    assert sniff(found, "x.mp4") is None
    assert words in refusal(found)
    assert "Reelyard takes films (MP4" in refusal(found)


@pytest.mark.parametrize("trick", [*broken.pointers("/etc/passwd")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_names_another_file_is_no_text_either(trick: str, encoding: str) -> None:
    data = broken.pointers("/etc/passwd")[trick].decode("utf-8-sig").encode(encoding)

    assert sniff(sample(data), "innocent.txt") is None


@given(st.binary(max_size=300), st.sampled_from([b"", *KNOWN.values()]))
def test_no_bytes_break_it(noise: bytes, beginning: bytes) -> None:
    found = sample(beginning[:40] + noise)

    if sniff(found) is None:
        assert refusal(found).startswith("The file ")


def test_only_what_has_no_control_characters_is_text() -> None:
    assert is_text(b"plain\ttext\r\n\x1b[1mbold")
    assert not is_text(b"\x00\x01")
    assert not is_text(b"   \n")


def test_a_film_without_film_gets_its_right_name() -> None:
    assert settled(MP4, Kind.AUDIO) is M4A
    assert settled(M4A, Kind.VIDEO) is MP4
    assert settled(FORMATS["mkv"], Kind.AUDIO).mime_as(Kind.AUDIO) == "audio/x-matroska"
