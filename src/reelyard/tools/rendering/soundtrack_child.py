"""The child that decodes and cuts the sound: `python -m …soundtrack_child PLAN < file`.

Prints how far it is as ffmpeg's `-progress` does, and at last one line of JSON. The time of every sample is that
of ffmpeg's own decoding: sound that begins late or has holes is filled with silence, overlaps are left out.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from reelyard.media.cut_list import CutList
from reelyard.media.sample_ranges import sample_ranges
from reelyard.tools.ffmpeg.inputs import library_options
from reelyard.tools.sound.cutter import Cutter

TOLD_EVERY_S = 5.0  # of sound


def main(plan: Mapping[str, Any], fd: int = 0) -> dict[str, Any]:
    """Cut every track of the plan; returns how many packets were damaged and how much silence was added."""
    import av  # noqa: PLC0415 - 50 ms, and only here

    av.logging.set_level(None)
    cuts, demuxer = CutList.from_json(plan["cuts"]), plan["demuxer"]
    with (
        av.open("fd:", format=demuxer, options=library_options(demuxer, fd)) as container,
        contextlib.ExitStack() as files,
    ):
        tracks = {
            track["stream"]: _Track(
                av, container, track, cuts, files.enter_context(Path(track["path"]).open("wb"))
            )
            for track in plan["tracks"]
        }
        errors = _run_through(av, container, tracks)
        missing = [track.finish() for track in tracks.values()]
    return {"errors": errors, "missing": missing}


def _run_through(av: Any, container: Any, tracks: Mapping[int, _Track]) -> int:
    errors, told = 0, 0.0
    packets = container.demux([container.streams[index] for index in tracks])
    for packet in _readable(av, packets):
        track = tracks[packet.stream.index]
        try:
            track.take(packet)
        except av.error.InvalidDataError:
            errors += 1
        if track.seconds > told + TOLD_EVERY_S:
            told = track.seconds
            print(f"out_time_us={int(told * 1_000_000)}", flush=True)  # noqa: T201 - for the parent
        if all(track.full for track in tracks.values()):
            break
    return errors


def _readable(av: Any, packets: Any) -> Iterator[Any]:
    """Packets as far as the file can be read: a damaged end is silence."""
    try:
        yield from packets
    except av.error.FFmpegError as problem:
        if isinstance(problem, MemoryError):
            raise


class _Track:
    """One track on its way from packets to samples that stay."""

    def __init__(
        self, av: Any, container: Any, plan: Mapping[str, Any], cuts: CutList, out: BinaryIO
    ) -> None:
        import numpy  # noqa: ICN001, PLC0415 - 100 ms, and only here

        self._av = av
        self._plan = plan
        self._cutter = Cutter(tuple(sample_ranges(cuts, plan["rate"])), plan["channels"], "<i2", numpy)
        self._out = out
        self._taken = 0  # samples, from the file's clock 0 on
        self._stream = container.streams[plan["stream"]]
        self._begin = (container.start_time or 0) / av.time_base  # seconds: where the file's clock is 0
        self._form: tuple[Any, ...] | None = None
        self._graph: Any = None

    @property
    def full(self) -> bool:
        return self._cutter.finished

    @property
    def seconds(self) -> float:
        return float(self._taken / self._plan["rate"])

    def take(self, packet: Any) -> None:
        for frame in packet.decode():
            if not self.full:
                self._push(frame)

    def finish(self) -> int:
        """Fill with silence what the sound was too short for; returns how many samples that were."""
        if self._graph is not None:
            self._graph.push(None)
            self._pull()
        return sum(self._write(part) for part in self._cutter.finish())

    def _push(self, frame: Any) -> None:
        if frame.pts is not None and frame.time_base:
            frame.pts -= round(self._begin / frame.time_base)
        form = (frame.format.name, frame.layout.name, frame.sample_rate, frame.time_base)
        if form != self._form:
            if self._graph is not None:
                self._graph.push(None)
                self._pull()
            self._form, self._graph = form, self._new_graph(form)
        self._graph.push(frame)
        self._pull()

    def _pull(self) -> None:
        ended = (self._av.error.BlockingIOError, self._av.error.EOFError)
        with contextlib.suppress(*ended):
            while True:
                block = self._graph.pull().to_ndarray().reshape(-1, self._plan["channels"]).T
                for part in self._cutter.feed(self._taken, block):
                    self._write(part)
                self._taken += block.shape[1]

    def _write(self, part: Any) -> int:
        """Channels interleaved; returns how many samples it has."""
        self._out.write(part.T.tobytes())
        return int(part.shape[1])

    def _new_graph(self, form: tuple[Any, ...]) -> Any:
        sample_format, layout, rate, time_base = form
        graph = self._av.filter.Graph()
        source = graph.add_abuffer(format=sample_format, sample_rate=rate, layout=layout, time_base=time_base)
        first = self._taken  # a track that changes its form goes on where it was
        steps = (
            graph.add("aresample", f"{self._plan['rate']}:async=1:first_pts={first}"),
            graph.add(
                "aformat",
                f"sample_fmts=s16:sample_rates={self._plan['rate']}:channel_layouts={self._plan['layout']}",
            ),
            graph.add("abuffersink"),
        )
        for step in steps:
            source.link_to(step)
            source = step
        graph.configure()
        return graph


if __name__ == "__main__":
    result = main(json.loads(Path(sys.argv[1]).read_text()))
    sys.stdout.write(json.dumps(result))
