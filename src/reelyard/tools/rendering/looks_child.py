"""The child that looks at a film's first picture: `python -m …looks_child DEMUXER STREAM < file`."""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
from typing import Any

from reelyard.tools.ffmpeg.inputs import library_options

PACKETS_TRIED = 100


def main(demuxer: str, index: int, fd: int = 0) -> dict[str, Any]:
    """The transfer characteristic of the first picture that can be decoded; nothing when there is none."""
    import av  # noqa: PLC0415 - 50 ms, and only here

    av.logging.set_level(None)
    with av.open("fd:", format=demuxer, options=library_options(demuxer, fd)) as container:
        stream = container.streams[index]
        stream.codec_context.thread_count = 1
        for packet in itertools.islice(container.demux(stream), PACKETS_TRIED):
            with contextlib.suppress(av.error.InvalidDataError):
                for frame in packet.decode():
                    return {"transfer": int(frame.color_trc)}
    return {}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
