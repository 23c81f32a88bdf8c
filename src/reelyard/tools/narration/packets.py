"""Narrations as packets: each piece encoded by itself, the whole made of the pieces' packets. In the child only.

A frame overlaps its neighbours and both codecs begin late (AAC by a frame of 1024 samples, LAME by 1105). As
pieces begin and end in silence, what overlaps between two of them is silence whichever neighbour it comes
from: a piece's first packet, which only leads in, is dropped behind another piece, and with it the lateness.
Without LAME's reservoir no MP3 frame needs bytes of those before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

import av
import numpy as np

from reelyard.tools.narration.order import RATE
from reelyard.tools.voices.engine import Samples

STEP = Fraction(1, RATE)
# In milliseconds, as is usual, an edit list would cut the last samples off.
MOVIE = {"movflags": "+faststart", "movie_timescale": str(RATE)}
EXACT = {"fflags": "+bitexact"}  # no version and no date in the file


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one format is made."""

    codec: str
    bits_a_second: int | None
    options: Mapping[str, str]
    frame: int  # samples
    sample_format: str
    muxer: str
    muxer_options: Mapping[str, str]

    @classmethod
    def of(cls, name: str) -> Self:
        """For m4a or mp3."""
        if name == "m4a":
            # By quality, about 64 kbit/s of speech, which takes a third less time than by bit rate.
            quick = {"aac_coder": "fast", "flags": "+qscale", "global_quality": "118", "aac_pns": "0"}
            return cls("aac", None, quick, 1024, "fltp", "ipod", MOVIE)
        single = {"reservoir": "0", "compression_level": "7"}
        return cls("libmp3lame", 64_000, single, 576, "s16p", "mp3", {"id3v2_version": "3"})

    def open(self, path: str) -> Any:
        return av.open(
            path, "w", format=self.muxer, options=EXACT, container_options=dict(self.muxer_options)
        )

    def stream(self, container: Any) -> Any:
        """A stream of the container that encodes."""
        stream = container.add_stream(self.codec, rate=RATE, options=dict(self.options))
        stream.codec_context.layout = "mono"
        stream.codec_context.format = self.sample_format
        if self.bits_a_second is not None:
            stream.bit_rate = self.bits_a_second
        stream.time_base = STEP
        return stream

    def frames(self, samples: Samples) -> Any:
        """The samples as the encoder takes them; their number is one of whole frames."""
        planar = self.sample_format == "fltp"
        sound = (samples.astype(np.float32) / np.float32(32768)) if planar else samples
        for at in range(0, len(sound), self.frame):
            part = np.ascontiguousarray(sound[at : at + self.frame]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, format=self.sample_format, layout="mono")
            frame.sample_rate, frame.time_base, frame.pts = RATE, STEP, at
            yield frame


@dataclass(frozen=True, slots=True)
class Encoded:
    """A piece's packets, the first of which leads in."""

    packets: tuple[Any, ...]  # kept as they are: the last one knows how much of it is filling
    first_pts: int  # below zero: by so much the codec begins late
    stream: Any  # of the file, which knows how late that is


def encode_piece(
    encoding: Encoding, piece: Mapping[str, Any], samples: Samples, language: str | None
) -> Encoded:
    """Write the piece's own file; gives its packets for the whole."""
    found: list[Any] = []
    first = 0
    with encoding.open(piece["target"]) as container:
        stream = encoding.stream(container)
        if language:
            stream.metadata["language"] = language
        container.metadata["title"] = piece["title"]
        for frame in (*encoding.frames(samples), None):
            for packet in stream.encode(frame):
                first = packet.pts if not found else first
                found.append(packet)
                container.mux(packet)
    return Encoded(tuple(found), first, stream)


class WholeFile:
    """The whole narration while it is written."""

    def __init__(self, encoding: Encoding, plan: Mapping[str, Any]) -> None:
        self._encoding = encoding
        self._plan = plan
        self._container: Any = None
        self._stream: Any = None
        self._next = 0  # where the next packet stands, in samples

    def add(self, made: Encoded, piece: Mapping[str, Any]) -> None:
        """The next piece's packets behind what there is."""
        count = piece["length"] // self._encoding.frame
        last = piece is self._plan["pieces"][-1]
        if self._container is None:
            self._begin(made.stream)
            self._next = made.first_pts
            self._put(made.packets[0])
        for packet in made.packets[1:] if last else made.packets[1 : count + 1]:
            self._put(packet)

    def close(self) -> None:
        """Finish the file."""
        self._container.close()

    def _begin(self, model: Any) -> None:
        """Its stream is like that of the first piece's file."""
        self._container = self._encoding.open(self._plan["whole"])
        self._container.metadata["title"] = self._plan["title"]
        self._container.set_chapters(_chapters(self._plan["pieces"]))
        self._stream = self._container.add_stream_from_template(model)
        if self._plan["language"]:
            self._stream.metadata["language"] = self._plan["language"]

    def _put(self, packet: Any) -> None:
        packet.stream = self._stream
        packet.time_base = STEP
        packet.pts = packet.dts = self._next
        packet.duration = self._encoding.frame
        self._next += self._encoding.frame
        self._container.mux(packet)


def _chapters(pieces: list[Mapping[str, Any]]) -> list[Any]:
    found, at = [], 0
    for number, piece in enumerate(pieces, 1):
        end = at + piece["length"]
        found.append(
            {"id": number, "start": at, "end": end, "time_base": STEP, "metadata": {"title": piece["title"]}}
        )
        at = end
    return found
