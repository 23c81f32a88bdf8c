"""The child that counts what a merged file holds: `python -m …count_child DEMUXER PATH`; prints one JSON object.

MP4 and MOV have a table of every packet, which is what players read by; in WebM the packets are counted themselves.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

from reelyard.tools.bundles.look_child import opened, streams_of


def main(demuxer: str, path: str) -> dict[str, Any]:
    """Pictures, and when picture and sound end, in seconds as text; None for what is not there."""
    import av  # noqa: PLC0415 - 50 ms, and only here

    av.logging.set_level(None)
    with opened(av, path, demuxer) as container:
        film, sound = streams_of(container)
        start = Fraction(container.start_time or 0, av.time_base)
        found = _by_table(film, sound) if demuxer == "mov" else _by_packets(container, film, sound)
    ends = {name: None if end is None else str(end - start) for name, end in found[1].items()}
    return {"pictures": found[0], **ends}


def _by_table(film: Any, sound: Any) -> tuple[int, dict[str, Fraction | None]]:
    pictures = len(film.index_entries) if film is not None else 0
    ends = {"film": film, "sound": sound}
    return pictures, {
        name: None
        if stream is None
        else ((stream.start_time or 0) + (stream.duration or 0)) * stream.time_base
        for name, stream in ends.items()
    }


def _by_packets(container: Any, film: Any, sound: Any) -> tuple[int, dict[str, Fraction | None]]:
    pictures, last = 0, {"film": None, "sound": None}
    names = {stream.index: name for name, stream in (("film", film), ("sound", sound)) if stream is not None}
    ends: dict[str, int] = dict.fromkeys(names.values(), 0)
    for packet in container.demux([container.streams[index] for index in names]):
        if not packet.size:
            continue
        name = names[packet.stream_index]
        pictures += name == "film"
        ends[name] = max(ends[name], packet.pts + (packet.duration or 0))
    bases = {"film": film, "sound": sound}
    return pictures, {**last, **{name: end * bases[name].time_base for name, end in ends.items()}}


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:3]), sys.stdout)
