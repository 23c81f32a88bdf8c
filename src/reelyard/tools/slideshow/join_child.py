"""The child that puts a narrated film together: `python -m …join_child ORDER-FILE TARGET`, the order by `join.py`.

Nothing is held but the packets at hand: pieces and sound are read in step, each once.
"""

from __future__ import annotations

import heapq
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from reelyard.tools.cutting.opening import Told
from reelyard.tools.cutting.records import read_header, read_records
from reelyard.tools.slideshow.coding import set_up, sets_of
from reelyard.tools.slideshow.order import RATE

TICK = Fraction(1, RATE)
DELAY = 1  # pictures that decoding is ahead of showing: blends come after what they lead to


def main(order: dict[str, Any], target: Path) -> None:
    import av  # noqa: PLC0415 - 50 ms, and only here

    av.logging.set_level(None)
    told = Told(order["frames"])
    options = {"protocol_whitelist": "file", "format_whitelist": "mov", "codec_whitelist": "aac"}
    with (
        av.open(f"file:{order['sound']}", format="mov", options=options) as heard,
        av.open(
            f"file:{target}", "w", format="mp4", container_options={"movflags": "+faststart"}
        ) as out,
    ):  # fmt: skip
        picture = _picture_stream(out, order)
        sound = _sound_stream(out, heard, order["language"])
        _describe(out, order)
        pictures = _pictures(picture, order, av)
        sounds = _sounds(sound, heard)
        for place, packet in heapq.merge(pictures, sounds, key=lambda one: one[0]):
            told.at(int(place * RATE))
            out.mux_one(packet)


def _picture_stream(out: Any, order: dict[str, Any]) -> Any:
    stream = out.add_stream("libx264", rate=RATE)
    set_up(stream.codec_context, *order["size"], moving=order["moving"])
    stream.time_base = TICK
    stream.codec_context.open()
    sets = [unit.hex() for unit in sets_of(stream.codec_context)]
    if any(read_header(Path(path))["sets"] != sets for path in order["pieces"]):
        sys.exit("the pieces of the film were encoded in different ways")
    return stream


def _sound_stream(out: Any, heard: Any, language: str | None) -> Any:
    tracks = [stream for stream in heard.streams.audio if stream.codec_context.name == "aac"]
    if not tracks:
        sys.exit("the narration holds no AAC")
    stream = out.add_stream_from_template(tracks[0])
    stream.time_base = tracks[0].time_base
    if language:
        stream.metadata["language"] = language
    return stream


def _describe(out: Any, order: dict[str, Any]) -> None:
    if order["title"]:
        out.metadata["title"] = order["title"]
    if order["chapters"]:
        out.set_chapters(
            [
                {
                    "id": number,
                    "start": chapter["start"],
                    "end": chapter["end"],
                    "time_base": TICK,
                    "metadata": {"title": chapter["title"]},
                }
                for number, chapter in enumerate(order["chapters"], 1)
            ]
        )


def _pictures(stream: Any, order: dict[str, Any], av: Any) -> Iterator[tuple[float, Any]]:
    """All pictures in decode order; dts counts packets, pts the pictures shown."""
    begin = 0
    for path in map(Path, order["pieces"]):
        count = read_header(path)["frames"]
        number = -1
        for number, record in enumerate(read_records(path)):
            packet = av.Packet(record.data)
            packet.stream, packet.time_base = stream, TICK
            packet.pts, packet.dts, packet.duration = begin + record.stamp, begin + number - DELAY, 1
            packet.is_keyframe = record.key
            yield float(packet.dts * TICK), packet
        if number + 1 != count:
            sys.exit("a piece of the film does not hold all of its pictures")
        begin += count
    if begin != order["frames"]:
        sys.exit(f"the pieces of the film hold {begin} pictures instead of {order['frames']}")


def _sounds(stream: Any, heard: Any) -> Iterator[tuple[float, Any]]:
    tracks = [one for one in heard.streams.audio if one.codec_context.name == "aac"]
    for packet in heard.demux(tracks[0]):
        if packet.size and packet.dts is not None:
            place = float(packet.dts * packet.time_base)
            packet.stream = stream
            yield place, packet


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]))
