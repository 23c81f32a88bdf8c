"""The child that draws and encodes a batch of pictures: `python -m …encode_child ORDER-FILE TARGET`, by `encode.py`."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reelyard.tools.cutting.opening import Told
from reelyard.tools.cutting.records import Records
from reelyard.tools.slideshow.coding import encoder_of, frame_of, picture_of, sets_of, templates
from reelyard.tools.slideshow.painting import Canvas, Painter
from reelyard.tools.slideshow.weaving import Weaver


def main(order: dict[str, Any], target: Path) -> None:
    import av  # noqa: PLC0415 - 50 ms, and only here
    import numpy as np  # noqa: PLC0415 - the same

    av.logging.set_level(None)
    width, height = order["size"]
    canvas = Canvas(width, height, order["moving"])
    lettering = None if order["lettering"] is None else Path(order["lettering"])
    painter = Painter(canvas, [Path(path) for path in order["pictures"]], lettering, av, np)
    encoder = encoder_of(width, height, moving=order["moving"], av=av)
    weaver = Weaver(*templates(width, height, moving=order["moving"], av=av, np=np))
    told = Told(order["frames"])
    header = {"frames": order["frames"], "sets": [unit.hex() for unit in sets_of(encoder)]}
    with Records(target, header) as records:
        for stop, slice_ in _slices(order["stops"], encoder, painter, av):
            for record in weaver.stop(stop, slice_):
                records.write(record)
            told.at(stop["place"] + 1)


def _slices(
    stops: list[dict[str, Any]], encoder: Any, painter: Painter, av: Any
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Each stop with its picture, in order; a keyframe that would be the one before once more is not encoded again."""
    waiting: deque[tuple[dict[str, Any], bool]] = deque()
    slices: deque[bytes] = deque()
    last = b""
    shown: dict[str, Any] | None = (
        None  # by the last picture that was given to the encoder, if that is a keyframe
    )
    for number, stop in enumerate(stops):
        again = stop["key"] and stop["look"] == shown
        waiting.append((stop, again))
        if not again:
            frame = frame_of(painter.paint(stop["look"]), number, "I" if stop["key"] else "P", av)
            slices.extend(picture_of(packet) for packet in encoder.encode(frame))
            shown = stop["look"] if stop["key"] else None
        while waiting and (waiting[0][1] or slices):
            first, repeated = waiting.popleft()
            last = last if repeated else slices.popleft()
            yield first, last
    slices.extend(picture_of(packet) for packet in encoder.encode(None))
    for first, repeated in waiting:
        last = last if repeated else slices.popleft()
        yield first, last
    if slices:
        sys.exit("more pictures were encoded than ordered")


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]))
