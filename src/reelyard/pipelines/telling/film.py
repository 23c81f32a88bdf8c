"""The narrated film of a story: its pictures in the time of its narration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reelyard.errors import Skip
from reelyard.kit.json import digest
from reelyard.media.story import Story
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts
from reelyard.pipelines.caption_settings import caption_style
from reelyard.pipelines.telling.pictures import PICTURES
from reelyard.pipelines.telling.text import read_story
from reelyard.pipelines.telling.voice import WHOLE, read_times, read_timing
from reelyard.tools.captions import Cue, cues
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.rendering.captions import Lettering
from reelyard.tools.slideshow import FilmOrder, Movement, Slide, film_size, make_film

FILM = "story.mp4"


def film(context: Context) -> Facts:
    """Picture after picture while their chunks are told, with chapters, and captions drawn where that was ordered."""
    story, settings = read_story(context), context.settings
    slides = tuple(_slides(context, story))
    if not slides:
        raise Skip("there are no pictures")
    order = FilmOrder(
        slides=slides,
        sound=context.artifact(next(role for role in WHOLE if context.has(role))),
        size=film_size(settings.image_shape, settings.film_quality),
        movement=Movement(settings.movement),
        crossfade_s=settings.crossfade,
        cues=_drawn_cues(context),
        lettering=Lettering(settings.caption_size),
        title=story.title,
        language=story.language,
    )
    made = make_film(
        order, context.out(FILM), ffmpeg=ffmpeg(), run=context.run, part=context.part,
        tell=context.progress, cores=context.cores, workdir=context.workdir,
    )  # fmt: skip
    for warning in made.warnings:
        context.warn(warning)
    return {
        "duration_s": made.duration_s,
        "frames": made.frames,
        "encoded_share": round(made.encoded_share, 4),
    }


def _slides(context: Context, story: Story) -> Iterator[Slide]:
    """A chunk without a picture is told over the one before it, the first ones over the first that there is."""
    there = [number for number, role in enumerate(PICTURES[: len(story.chunks)]) if context.has(role)]
    if not there:
        return
    shown = there[0]
    slide: Slide | None = None
    for number, (chunk, (start, end)) in enumerate(zip(story.chunks, read_timing(context), strict=True)):
        title = chunk.heading or (story.title if number == 0 else None)
        if slide is not None and number not in there and title is None:
            slide = replace(slide, end_s=end)
            continue
        if slide is not None:
            yield slide
        shown = number if number in there else shown
        seed = int(digest({"story": story.title, "slide": number})[:8], 16)
        slide = Slide(context.artifact(PICTURES[shown]), start, end, title, seed)
    if slide is not None:
        yield slide


def _drawn_cues(context: Context) -> tuple[Cue, ...]:
    return cues(read_times(context), caption_style(context)) if context.settings.burns_captions else ()
