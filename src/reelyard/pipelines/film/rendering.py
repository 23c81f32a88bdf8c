"""Making the film that a cut list asks for, by the cheapest way that is exact, and checking it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from reelyard.errors import FilmNotRight, Skip, ToolFailed
from reelyard.kit.json import Json
from reelyard.media.cut_list import CutList
from reelyard.media.film_texts import FilmTexts
from reelyard.media.info import MediaInfo
from reelyard.media.ranges import FrameRange
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts, Inventory
from reelyard.pipelines.film.analysis import read_cuts, read_index
from reelyard.pipelines.film.texts import EMBEDDED, film_cues, film_highlights
from reelyard.pipelines.film.ways import Method, Way, ways
from reelyard.tools.cutting.check import Checked, Expected, check_film, demand
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.plan import SmartPlan
from reelyard.tools.cutting.smart_cut import Hands, smart_cut
from reelyard.tools.cutting.smart_cut import Order as SmartOrder
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.rendering.captions import FONTS, Lettering, captions_file, check_letters
from reelyard.tools.rendering.clips import clip
from reelyard.tools.rendering.copying import copy
from reelyard.tools.rendering.embedding import embed_captions
from reelyard.tools.rendering.order import Bench, Order
from reelyard.tools.rendering.picture import Captioned
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.target import Container, Target, Wishes, target_of

log = structlog.get_logger(__name__)

MOST_CLIPS = 20
CHECKING = 0.1  # of the progress: the check after the making


@dataclass(frozen=True, slots=True)
class Made:
    """A film that was made, and what to say of it."""

    encoder: str
    warnings: tuple[str, ...] = ()
    plan: SmartPlan | None = None  # of a smart cut


def render_film(context: Context) -> Facts:
    """The film, as ordered, checked to its last picture. Raises FilmNotRight when no way gives it."""
    index, cuts = read_index(context), read_cuts(context)
    source = Source(context.input, context.media)
    chapters = FilmTexts(cuts).chapters(index.chapters)
    order = Order(source, cuts, film_target(context), chapters)
    film = context.out(f"film{order.target.suffix}")
    work = _Work(context, index, order, film)
    if not index.constant:
        context.warn(
            f"the frame rate varies: the film was made {float(index.rate):g} pictures a second throughout"
        )
    possible = ways(order, index)
    facts: Facts = {}
    for way in possible:
        try:
            facts = work.by(way)
            break
        except (FilmNotRight, ToolFailed) as problem:
            film.unlink(missing_ok=True)
            if way is possible[-1]:
                raise
            log.info("film.way_failed", way=way.method, problem=problem.message)
            if possible.index(way) == len(possible) - 2:
                context.warn(
                    "the film was encoded anew: it is made in a way that cannot be copied, or is damaged"
                )
    return {**facts, "source_s": round(float(index.frames / index.rate), 3)}


def film_target(context: Context) -> Target:
    """What the film becomes."""
    settings = context.settings
    wishes = Wishes(
        settings.export_format,
        settings.export_quality,
        settings.upscale,
        settings.webm_codec,
        settings.encoder,
        settings.loudness,
        burnt=settings.burns_captions,
    )
    card: Any = context.tools.get("card")
    return target_of(context.media, wishes, (card,) if card else ())


def encoder_of(settings: Any, inventory: Inventory) -> Mapping[str, Json]:
    """Which of the graphics card's encoders `auto` takes; nothing where there is none, or none is wanted."""
    there: Any = inventory.get("h264_encoders") or []
    wanted = settings.encoder == "auto" and settings.export_format != Container.WEBM
    return {"card": there[0]} if wanted and there else {}


def embed(context: Context) -> Facts:
    """The film with its captions as a track that a player can switch on."""
    if not context.has(EMBEDDED):
        raise Skip("it is not known what is said")
    target = _target_of_made(context, context.media)
    film = context.artifact(f"film{target.suffix}")
    captioned = context.out(f"film-captioned{target.suffix}")
    facts = context.facts("transcribe")
    language: Any = facts.get("language")
    embed_captions(film, context.artifact(EMBEDDED), target, captioned, _bench(context), language=language)
    cuts = read_cuts(context)
    as_it_was = ((0, cuts.kept_frames),)
    _demand(context, captioned, FrameRange(0, cuts.kept_frames, cuts.rate), as_it_was)
    return {"embedded": True}


def cut_clips(context: Context) -> Facts:
    """Each highlight as a film of its own, the strongest first where there are too many."""
    cuts = read_cuts(context)
    found = film_highlights(context, cuts)
    shown = [one for one in (found.found if found else ()) if one.film_start is not None]
    best = sorted(sorted(shown, key=lambda one: -one.score)[:MOST_CLIPS], key=lambda one: one.id)
    if len(shown) > len(best):
        context.warn(f"only the {MOST_CLIPS} strongest of {len(shown)} highlights were made clips")
    film = context.artifact(f"film.{context.settings.export_format}")
    info = inspect(film, run=context.run, name=film.name)
    target = _target_of_made(context, info)
    told: list[Json] = []
    for number, one in enumerate(best, 1):
        role = f"clip-{number:02}{target.suffix}"
        frames = _frames(float(one.film_start or 0), float(one.film_end or 0), cuts)
        clip(Source(film, info), frames, target, context.out(role), _bench(context))
        _demand(context, context.out(role), frames)
        told.append({"role": role, "start": one.film_start, "end": one.film_end, "title": one.title})
        context.progress(number / len(best), f"clip {number} of {len(best)}")
    return {"clips": told}


class _Work:
    """One film, by whichever way."""

    def __init__(self, context: Context, index: FilmIndex, order: Order, film: Path) -> None:
        self._context = context
        self._index = index
        self._order = order
        self._film = film
        self._furthest = 0.0  # progress never goes back, also when another way is tried

    def by(self, way: Way) -> Facts:
        """Make it by this way and check it. Raises FilmNotRight, and what the tools raise."""
        making: dict[Method, Callable[[], Made]] = {
            Method.COPY: self._copy,
            Method.CUT: self._cut,
            Method.ENCODE: self._encode,
        }
        made = making[way.method]()
        checked = self._check(made, way)
        demand(checked)
        for warning in made.warnings:
            self._context.warn(warning)
        share = made.plan.share if made.plan is not None else float(way.method is Method.ENCODE)
        return {
            "way": way.told,
            "reason": way.reason,
            "encoder": made.encoder,
            "encoded_share": round(share, 4),
            "frames": checked.frames,
            "check": checked.to_json(),
        }

    def _copy(self) -> Made:
        done = copy(self._order, self._film, _bench(self._context), tell=self._tell)
        return Made(done.encoder, done.warnings)

    def _cut(self) -> Made:
        order, context = self._order, self._context
        hands = Hands(context.run, context.part, self._tell, context.cores)
        smart = SmartOrder(order.source, self._index, order.cuts, order.chapters)
        if order.target.loudness is None:
            return _cut_made(smart_cut(smart, self._film, hands))
        quiet = context.workdir / f"quiet{order.target.suffix}"
        planned = smart_cut(smart, quiet, hands)
        again = replace(
            order,
            source=Source(quiet, inspect(quiet, run=context.run, name=quiet.name)),
            cuts=CutList.whole(order.cuts.rate, order.cuts.start * 0, order.cuts.kept_frames),
        )
        done = copy(again, self._film, _bench(context))
        return _cut_made(planned, done.warnings)

    def _encode(self) -> Made:
        order = replace(self._order, captions=self._captions())
        done = render(order, self._film, _bench(self._context), tell=self._tell)
        return Made(done.encoder, done.warnings)

    def _captions(self) -> Captioned | None:
        if not self._context.settings.burns_captions:
            return None
        cues = film_cues(self._context, self._order.cuts)
        if not cues:
            self._context.warn("no captions were drawn: it is not known what is said, or nothing is")
            return None
        drawn = Captioned(self._context.workdir / "captions.ass", FONTS)
        drawn.file.write_text(
            captions_file(cues, self._order.target, Lettering(self._context.settings.caption_size)), "utf-8"
        )
        check_letters(cues, drawn, ffmpeg(), run=self._context.run)
        return drawn

    def _check(self, made: Made, way: Way) -> Checked:
        context, cuts, info = self._context, self._order.cuts, self._order.source.info
        context.progress(self._furthest, "checking the film")
        expected = Expected(
            cuts.kept_frames,
            cuts.rate,
            len(info.audio),
            self._order.target.container.value,
            size=(self._order.target.width, self._order.target.height)
            if way.method is Method.ENCODE
            else None,
            copied=made.plan.copied if made.plan is not None else (),
        )
        return check_film(self._film, expected, run=context.run, cores=context.cores)

    def _tell(self, fraction: float) -> None:
        self._furthest = max(self._furthest, fraction * (1 - CHECKING))
        self._context.progress(self._furthest)


def _cut_made(planned: SmartPlan, warnings: tuple[str, ...] = ()) -> Made:
    return Made("libx264" if planned.heads else "copy", warnings, planned)


def _bench(context: Context) -> Bench:
    return Bench(ffmpeg(), context.run, context.workdir, context.cores)


def _target_of_made(context: Context, info: MediaInfo) -> Target:
    """What is made of a finished film becomes: nothing of its size or loudness changes any more."""
    settings = context.settings
    card: Any = context.tools.get("card")
    wishes = Wishes(
        settings.export_format, "source", webm_codec=settings.webm_codec, encoder=settings.encoder
    )
    return target_of(info, wishes, (card,) if card else ())


def _demand(
    context: Context, film: Path, frames: FrameRange, copied: tuple[tuple[int, int], ...] = ()
) -> None:
    """Check what was made of a finished film. Raises FilmNotRight."""
    container, tracks = context.settings.export_format, len(context.media.audio)
    expected = Expected(len(frames), frames.rate, tracks, container, copied=copied)
    demand(check_film(film, expected, run=context.run, cores=context.cores))


def _frames(start_s: float, end_s: float, cuts: CutList) -> FrameRange:
    first, last = round(start_s * cuts.rate), round(end_s * cuts.rate)
    return FrameRange(first, min(max(first + 1, last), cuts.kept_frames), cuts.rate)
