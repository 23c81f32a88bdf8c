"""The whole smart cut: heads, sound and copied packets, with pieces that survive an interruption."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Runner
from reelyard.media.chapters import Chapter
from reelyard.media.cut_list import CutList
from reelyard.media.info import AudioStream
from reelyard.tools.cutting.assemble import Pieces, Track, assemble
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.heads import Encoding, batches, encode_heads
from reelyard.tools.cutting.plan import Head, SmartPlan, plan
from reelyard.tools.cutting.sound import encode_sound
from reelyard.tools.ffmpeg.inputs import Source

PartMaker = Callable[[JsonObject, Callable[[Path], None]], Path]
SOUND_WORK = 0.15  # of encoding: how much of the work a picture of sound is
JOINING_WORK = 0.05


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be made."""

    source: Source
    index: FilmIndex
    cuts: CutList
    chapters: Sequence[Chapter] = ()
    title: str | None = None
    encoding: Encoding = field(default_factory=Encoding)


@dataclass(frozen=True, slots=True)
class Hands:
    """What may be used for it: a stage's context, or stand-ins."""

    run: Runner
    part: PartMaker
    tell: Callable[[float], None] = lambda _fraction: None
    cores: int = 1


def smart_cut(order: Order, target: Path, hands: Hands) -> SmartPlan:
    """Write exactly what `order.cuts` keeps to `target` (.mp4, .mov); gives how it was done.

    Only for a film that `refusal` lets pass. Raises ToolFailed when the film is more damaged than its packets
    show (the way out is to encode all of it), and what `hands` raise.
    """
    planned = plan(order.cuts, order.index)
    groups = list(batches(planned.heads, order.index))
    streams = order.source.info.audio
    told = _Meter(hands.tell)
    threads = max(1, hands.cores // max(1, len(groups)))  # of one decoder, when there are few to keep busy
    sound_work = SOUND_WORK * planned.frames
    jobs: list[Callable[[], Path]] = [
        *(_sound_job(order, stream, hands, told.job(sound_work)) for stream in streams),
        *(
            _head_job(order, group, replace(hands, cores=threads), told.job(sum(map(len, group))))
            for group in groups
        ),
    ]
    joining = told.job(JOINING_WORK * planned.frames)
    made = _all(jobs, hands.cores)
    tracks = [Track(path, stream.language) for path, stream in zip(made, streams, strict=False)]
    pieces = Pieces(planned, made[len(streams) :], tracks, order.chapters, order.title)
    assemble(order.source, order.index, pieces, target, run=hands.run, tell=joining)
    joining(1.0)
    return planned


def _sound_job(
    order: Order, stream: AudioStream, hands: Hands, tell: Callable[[float], None]
) -> Callable[[], Path]:
    def make(target: Path) -> None:
        encode_sound(order.source, order.cuts, stream, target, run=hands.run, tell=tell)

    kept = [[kept.start, kept.end] for kept in order.cuts.kept]
    frames = order.cuts.frames
    key: JsonObject = {"sound": stream.index, "kept": kept, "frames": frames, "rate": str(order.cuts.rate)}
    return lambda: _told(hands.part(key, make), tell)


def _head_job(
    order: Order, heads: tuple[Head, ...], hands: Hands, tell: Callable[[float], None]
) -> Callable[[], Path]:
    def make(target: Path) -> None:
        encode_heads(
            order.source,
            order.index,
            heads,
            target,
            run=hands.run,
            threads=hands.cores,
            encoding=order.encoding,
            tell=tell,
        )

    ranges = [[head.start, head.end] for head in heads]
    key: JsonObject = {"heads": ranges, "encoding": order.encoding.to_json()}
    return lambda: _told(hands.part(key, make), tell)


def _told(path: Path, tell: Callable[[float], None]) -> Path:
    """A part that was kept from before is done as well."""
    tell(1.0)
    return path


def _all(jobs: Sequence[Callable[[], Path]], cores: int) -> list[Path]:
    """What the jobs made, in their order. The first that raises ends the waiting; those not begun are left."""
    with _pool(cores) as pool:
        futures: list[Future[Path]] = [pool.submit(job) for job in jobs]
        wait(futures, return_when=FIRST_EXCEPTION)
        for future in futures:
            if future.done() and not future.cancelled():
                future.result()  # raises what the job did
        return [future.result() for future in futures]


@contextmanager
def _pool(cores: int) -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(max_workers=max(1, cores), thread_name_prefix="cutting")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


class _Meter:
    """Adds up how far jobs of different weight are, from whichever thread."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._weights: list[float] = []
        self._done: list[float] = []

    def job(self, weight: float) -> Callable[[float], None]:
        place = len(self._weights)
        self._weights.append(weight)
        self._done.append(0.0)

        def tell(fraction: float) -> None:
            with self._lock:
                self._done[place] = max(self._done[place], fraction)
                done = sum(weight * part for weight, part in zip(self._weights, self._done, strict=True))
                self._tell(min(1.0, done / (sum(self._weights) or 1.0)))

        return tell
