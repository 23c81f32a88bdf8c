"""Making a narrated film, whole: its pictures in pieces that survive an interruption, its sound, and the check."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from reelyard.errors import ToolFailed
from reelyard.kit.processes import Runner
from reelyard.tools.cutting.check import Expected, check_film
from reelyard.tools.rendering.captions import FONTS, check_letters
from reelyard.tools.rendering.picture import Captioned
from reelyard.tools.slideshow.encode import Piece, Studio, encode, piece_of
from reelyard.tools.slideshow.join import Ready, join
from reelyard.tools.slideshow.order import RATE, FilmOrder, Made, Part, Tell
from reelyard.tools.slideshow.plan import Batch, batches
from reelyard.tools.slideshow.sound import COPIED, encode_command, format_of
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
    copies_sound = format_of(order.sound) in COPIED
    studio = Studio(ffmpeg, run, workdir)
    if order.cues:
        check_letters(order.cues, Captioned(workdir / "captions.ass", FONTS), ffmpeg, run=run)
    digests = _Digests()
    sound = order.sound if copies_sound else _sound(order, digests, studio, part)
    pieces, drawn = _Pictures(order, timeline, studio, part, tell).made(cores, digests)
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


class _Pictures:
    """The batches of a film, made by several hands; what waits is planned when a hand is free."""

    def __init__(self, order: FilmOrder, timeline: Timeline, studio: Studio, part: Part, tell: Tell) -> None:
        self._order, self._studio, self._part, self._tell = order, studio, part, tell
        self._frames = timeline.frames
        self._waiting = enumerate(batches(order, timeline))
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._made: dict[int, Path] = {}
        self._done: dict[int, float] = {}  # frames of a batch
        self._drawn = 0

    def made(self, cores: int, digests: _Digests) -> tuple[list[Path], int]:
        """The pieces in the film's order, and how many pictures in them were drawn."""
        hands = max(1, cores)
        with ThreadPoolExecutor(max_workers=hands, thread_name_prefix="slideshow") as pool:
            for future in [pool.submit(self._work, digests) for _ in range(hands)]:
                future.result()
        return [self._made[number] for number in sorted(self._made)], self._drawn

    def _work(self, digests: _Digests) -> None:
        while not self._ended.is_set():
            with self._lock:
                number, batch = next(self._waiting, (0, None))
                piece = None if batch is None else piece_of(self._order, batch, digests)
            if batch is None or piece is None:
                return
            try:
                path = self._one(number, batch, piece)
            except BaseException:
                self._ended.set()  # the others finish what they have begun
                raise
            with self._lock:
                self._made[number] = path
                self._drawn += len(batch.stops)

    def _one(self, number: int, batch: Batch, piece: Piece) -> Path:
        def reached(done: float) -> None:
            with self._lock:
                self._done[number] = done * (batch.end - batch.begin)
                self._tell(PICTURES * sum(self._done.values()) / self._frames)

        path = self._part(piece.key, lambda target: encode(piece, target, self._studio, reached))
        reached(1.0)
        return path


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
