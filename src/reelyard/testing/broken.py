"""Files as they come from bad connections and bad people: cut off, damaged, disguised, lying.

All are small and harmless where they are refused; each says what it would do elsewhere.
"""

from __future__ import annotations

import random
import struct
from pathlib import Path


def truncated(path: Path, fraction: float) -> Path:
    """A copy of which only the beginning is there."""
    data = path.read_bytes()
    return _beside(path, f"cut-{fraction:g}", data[: int(len(data) * fraction)])


def flipped(path: Path, chance: random.Random, flips: int = 20) -> Path:
    """A copy with some bits turned over."""
    data = bytearray(path.read_bytes())
    for _ in range(flips):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return _beside(path, "flipped", bytes(data))


def playlist(segment: str) -> bytes:
    """An HLS playlist: FFmpeg left to itself opens `segment`, a path or an address."""
    return (f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{segment}\n#EXT-X-ENDLIST\n").encode()


def looping_playlist(own_name: str) -> bytes:
    """A playlist that names itself: FFmpeg reads it for ever."""
    return f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{own_name}\n".encode()


def pointers(segment: str) -> dict[str, bytes]:
    """Files that name another one to be opened, by the name of their trick."""
    return {
        "hls": playlist(segment),
        "hls-with-mark": b"\xef\xbb\xbf" + playlist(segment),
        "hls-after-blanks": b"\n  \n" + playlist(segment),
        "hls-loop": looping_playlist("x.mp4"),
        "ffconcat": f"ffconcat version 1.0\nfile '{segment}'\n".encode(),
        "dash": f'<?xml version="1.0"?><MPD><BaseURL>{segment}</BaseURL></MPD>'.encode(),
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nu={segment}\n".encode(),
        "pls": f"[playlist]\nFile1={segment}\n".encode(),
        "asx": f'<asx version="3.0"><entry><ref href="{segment}"/></entry></asx>'.encode(),
        "xspf": f'<?xml version="1.0"?><playlist><location>{segment}</location></playlist>'.encode(),
        "strm": f"http://127.0.0.1{segment}\n".encode(),
        "smil": f'<smil><video src="{segment}"/></smil>'.encode(),
        "svg": f'<svg><image href="{segment}"/></svg>'.encode(),
    }


def disguised() -> dict[str, bytes]:
    """The beginnings of files that are no media, whatever they are called."""
    return {
        "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64),
        "html": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        "program": b"MZ\x90\0" + bytes(128),
        "zip": b"PK\x03\x04" + bytes(64) + b"photo.jpg" + bytes(64),
        "pdf": b"%PDF-1.7\n" + bytes(16),
        "gif": b"GIF89a/*" + bytes(16) + b"*/=alert(1)",
        "transport stream": (b"\x47\x40\0\x10" + bytes(184)) * 8,
        "zeros": bytes(4096),
        "one byte": b"\0",
        "empty": b"",
    }


def lying_flac(seconds: float, path: Path, says_s: float) -> Path:
    """A copy of the FLAC at `path`, which lasts `seconds`, whose header says `says_s` seconds."""
    data = bytearray(path.read_bytes())
    rate_and_count = int.from_bytes(data[18:26], "big")
    rate = rate_and_count >> 44
    if rate_and_count & 0xFFFFFFFFF != round(seconds * rate):
        raise ValueError("the file is another than was said")
    data[18:26] = (rate_and_count >> 36 << 36 | round(says_s * rate)).to_bytes(8, "big")
    return _beside(path, f"says-{says_s:g}", bytes(data))


def wav_header(rate: int, channels: int, data: bytes = bytes(4096)) -> bytes:
    """A WAV file whose header says what the caller likes."""
    channels_bytes = 2 * channels
    head = struct.pack(
        "<HHIIHH", 1, channels, rate, rate * channels_bytes & 0xFFFFFFFF, channels_bytes & 0xFFFF, 16
    )
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _beside(path: Path, what: str, data: bytes) -> Path:
    target = path.with_name(f"{path.stem}-{what}{path.suffix}")
    target.write_bytes(data)
    return target
