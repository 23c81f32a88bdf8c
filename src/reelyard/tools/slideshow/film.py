"""Making a narrated film, whole: its pictures in pieces that survive an interruption, its sound, and the check."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from reelyard.errors import ToolFailed
from reelyard.kit.processes import Runner
from reelyard.tools.cutting.check import Expected, check_film
from reelyard.tools.rendering.captions import FONTS, check_letters
from reelyard.tools.rendering.picture import Captioned
from reelyard.tools.slideshow.encode import Studio, encode, piece_of
from reelyard.tools.slideshow.join import Ready, join
from reelyard.tools.slideshow.order import RATE, FilmOrder, Made, Part, Tell
from reelyard.tools.slideshow.plan import Batch, batches
from reelyard.tools.slideshow.sound import encode_command, needs_encoding
from reelyard.tools.slideshow.timeline import Timeline, timeline_of

PICTURES, JOINED = 0.9, 0.95  # how far the film is when its pictures are made, and when it is put together
TOLD = 3


def make_film(  # noqa: PLR0913 - an order, a place, and the hands that make it
    order: FilmOrder,
    out: Path,
    *,
    ffmpeg: str,
    run: Runner,
    part: Part,
    tell: Tell,
    cores: int,
    workdir: Path,
) -> Made:
    """Write the film to `out`, an MP4, and check it.

    `cores` children run at once; the bytes are the same with any number. Raises Reject when slides leave gaps
    (`no_pictures`) or a caption's letter cannot be drawn (`no_font`), ToolFailed when the film is not right,
    and what `run` and `part` raise.
    """
    timeline = timeline_of(order)
    encodes = needs_encoding(order.sound)
    studio = Studio(ffmpeg, run, workdir)
    if order.cues:
        check_letters(order.cues, Captioned(workdir / "captions.ass", FONTS), ffmpeg, run=run)
    digests = _Digests()
    sound = _sound(order, digests, studio, part) if encodes else order.sound
    pieces, drawn = _Pictures(order, timeline, studio, digests, part, tell).made(cores)
    join(order, timeline, Ready(pieces, sound), out, run=run, tell=lambda done: tell(PICTURES + 0.05 * done))
    tell(JOINED)
    _check(order, timeline, out, run, cores)
    tell(1.0)
    return Made(timeline.frames / RATE, timeline.frames, drawn / timeline.frames, _warnings(timeline))


def _sound(order: FilmOrder, digests: _Digests, studio: Studio, part: Part) -> Path:
    seconds = order.slides[-1].end_s

    def make(target: Path) -> None:
        studio.run(encode_command(order.sound, seconds, target, studio.ffmpeg))

    return part({"slideshow_sound": digests(order.sound)}, make)


class _Digests:
    """SHA-256 of files, each read once."""

    def __init__(self) -> None:
        self._known: dict[Path, str] = {}

    def __call__(self, path: Path) -> str:
        if path not in self._known:
            with path.open("rb") as file:
                digest = sha256()
                while block := file.read(1 << 20):
                    digest.update(block)
            self._known[path] = digest.hexdigest()
        return self._known[path]


@dataclass(slots=True)
class _Pictures:
    """The batches of a film, made by several hands; what waits is planned when a hand is free."""

    order: FilmOrder
    timeline: Timeline
    studio: Studio
    digests: _Digests
    part: Part
    tell: Tell

    def made(self, cores: int) -> tuple[list[Path], int]:
        """The pieces in the film's order, and how many pictures in them were drawn."""
        waiting = enumerate(batches(self.order, self.timeline))
        lock, ended = threading.Lock(), threading.Event()
        made: dict[int, tuple[Path, int, int]] = {}

        def work() -> None:
            while not ended.is_set():
                with lock:
                    number, batch = next(waiting, (None, None))
                if number is None or batch is None:
                    return
                try:
                    path = self._one(batch, lambda _done: None)
                except BaseException:
                    ended.set()
                    raise
                with lock:
                    made[number] = (path, len(batch.stops), batch.end - batch.begin)
                    self.tell(PICTURES * sum(one[2] for one in made.values()) / self.timeline.frames)

        _at_once(work, max(1, cores))
        return [made[number][0] for number in sorted(made)], sum(one[1] for one in made.values())

    def _one(self, batch: Batch, tell: Callable[[float], None]) -> Path:
        piece = piece_of(self.order, batch, self.digests)
        return self.part(piece.key, lambda target: encode(piece, target, self.studio, tell))


def _at_once(work: Callable[[], None], hands: int) -> None:
    """Run it in so many threads; raises what the first of them raised."""
    with ThreadPoolExecutor(max_workers=hands, thread_name_prefix="slideshow") as pool:
        for future in [pool.submit(work) for _ in range(hands)]:
            future.result()


def _check(order: FilmOrder, timeline: Timeline, out: Path, run: Runner, cores: int) -> None:
    """Raise ToolFailed when the film is not as ordered.

    Pictures to which no other refers are the same few bytes wherever they stand; only the others are decoded.
    """
    expected = Expected(
        timeline.frames, Fraction(RATE), 1, "mp4", size=order.size, copied=((0, timeline.frames),)
    )
    checked = check_film(out, expected, run=run, cores=cores)
    if checked.findings:
        raise ToolFailed(
            f"The film that was made is not right: {' '.join(checked.findings[:TOLD])}",
            hint="It is not handed over. Order it again; the story's sound and pictures are as they were.",
            findings=list(checked.findings),
        )


def _warnings(timeline: Timeline) -> tuple[str, ...]:
    count = len(timeline.left_out)
    if not count:
        return ()
    what = "picture is" if count == 1 else "pictures are"
    return (f"{count} {what} not seen in the film: what is told there is shorter than one of its frames.",)
