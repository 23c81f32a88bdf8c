"""The full rendering: the picture decoded once, cut by frames and encoded; the sound cut to the sample.

Exact for every source and every container: `cuts.kept_frames` pictures, and sound of the same length.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Finished
from reelyard.media.chapters import Chapter
from reelyard.tools.ffmpeg.decode import DAMAGE
from reelyard.tools.ffmpeg.inputs import QUIET, film_of, input_options
from reelyard.tools.ffmpeg.progress import TO_STDOUT
from reelyard.tools.rendering.chapters import chapters_file
from reelyard.tools.rendering.costs import limits_of
from reelyard.tools.rendering.encoders import (
    card_facts,
    container_options,
    graphics_devices,
    hardware,
    picture_options,
)
from reelyard.tools.rendering.fallback import encoded
from reelyard.tools.rendering.looks import HDR_WARNING, Looks, look
from reelyard.tools.rendering.loudness import loudness_filter, measure
from reelyard.tools.rendering.muxing import Parts, further_inputs, sound_arguments, texts, time_scale
from reelyard.tools.rendering.order import Bench, Order, Rendered
from reelyard.tools.rendering.picture import picture_filters
from reelyard.tools.rendering.soundtrack import CutSound, Track, cut_sound, tracks_of
from reelyard.tools.rendering.target import Target
from reelyard.tools.rendering.telling import Tell, part_of, steadily

DAMAGED = "Parts of the picture are damaged."
SOUND_SHARE, LEVELS_SHARE = 0.04, 0.04  # of the progress


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What a film is encoded from besides the source."""

    script: Path  # the picture's filters
    parts: Parts
    hdr: bool = False  # its colours have to be mapped


def render(order: Order, film: Path, bench: Bench, *, tell: Tell | None = None) -> Rendered:
    """Write `order` as `film`; `tell` hears the fraction done.

    A hardware encoder that fails is stood in for by the processor, which a warning says. Raises Reject when
    nothing is left of the film or it cannot be read, and what `run` raises.
    """
    if order.cuts.kept_frames == 0:
        raise Reject(
            "Nothing is left of the film: every picture is cut.",
            code="nothing_left",
            hint="Lower the threshold, or keep some spans by hand.",
        )
    looks = look(order.source, run=bench.run)
    sound = sound_of(order, bench, part_of(tell, 0, SOUND_SHARE))
    levels = levels_of(order, sound.tracks, bench, part_of(tell, SOUND_SHARE, LEVELS_SHARE))
    parts = Parts(sound.tracks, levels, written_chapters(order.chapters, bench.folder))
    before = SOUND_SHARE + LEVELS_SHARE
    listen = steadily(float(order.cuts.duration), part_of(tell, before, 1 - before))

    def encode(target: Target) -> Finished:
        attempt = replace(order, target=target)
        made = Ingredients(_script(attempt, looks, bench.folder), parts, looks.hdr)
        return bench.run(render_command(attempt, made, film, bench), on_line=listen)

    encoder, finished, fallen_back = encoded(order.target, encode)
    seen = (*((HDR_WARNING,) if looks.hdr else ()), *((DAMAGED,) if is_damaged(finished.stderr) else ()))
    return Rendered(film, encoder, (*sound.warnings, *seen, *fallen_back))


def is_damaged(said: str) -> bool:
    """Whether ffmpeg spoke of pictures that it could not read."""
    return DAMAGE.search(said.lower()) is not None


def sound_of(order: Order, bench: Bench, tell: Tell) -> CutSound:
    """The cut sound of every track, raw."""
    tracks = tracks_of(order.source, order.target, bench.folder)
    return cut_sound(order.source, order.cuts, tracks, run=bench.run, tell=tell)


def levels_of(order: Order, tracks: tuple[Track, ...], bench: Bench, tell: Tell) -> tuple[str | None, ...]:
    """The filter that brings each track to the loudness ordered; measured after cutting, as it will be heard."""
    wanted = order.target.loudness
    if wanted is None:
        return tuple(None for _ in tracks)
    seconds, levels = float(order.cuts.duration), []
    for number, track in enumerate(tracks):
        done = part_of(tell, number / len(tracks), 1 / len(tracks))
        found = measure(track, seconds, bench.ffmpeg, run=bench.run, tell=done)
        levels.append(loudness_filter(found, wanted))
    return tuple(levels)


def render_command(order: Order, made: Ingredients, film: Path, bench: Bench) -> Command:
    """The command that encodes `film`; pure but for looking which graphics card's files there are."""
    target, card = order.target, hardware(order.target.encoder)
    picture = film_of(order.source.info)
    argv = (
        *(bench.ffmpeg, *QUIET, *TO_STDOUT, *(card.device if card else ())),
        *input_options(order.source.demuxer),
        *further_inputs(made.parts),
        *("-map", f"0:{picture.index}", "-/filter:v", str(made.script)),
        *("-filter_threads", str(bench.cores), "-fps_mode", "passthrough"),
        *picture_options(target, bench.cores),
        *time_scale(target, order.cuts.rate),
        *sound_arguments(target, made.parts),
        *texts(made.parts),
        *container_options(target, film),
    )
    return Command(
        argv,
        stdin=order.source.path,
        reads=(made.script, *made.parts.paths, *_captions_read(order), *(card_facts() if card else ())),
        writes=(film, *(graphics_devices() if card else ())),
        limits=limits_of(target, float(order.cuts.duration), order.source.info, bench.cores, hdr=made.hdr),
    )


def _captions_read(order: Order) -> tuple[Path, ...]:
    return (order.captions.file, order.captions.fonts) if order.captions else ()


def _script(order: Order, looks: Looks, folder: Path) -> Path:
    """The file of the picture's filters."""
    card = hardware(order.target.encoder)
    stream = film_of(order.source.info)
    chain = picture_filters(order.cuts, stream, order.target, looks, order.captions)
    script = folder / "picture.filters"
    script.write_text(f"{chain.rstrip()},{card.upload}\n" if card and card.upload else chain, "utf-8")
    return script


def written_chapters(chapters: tuple[Chapter, ...], folder: Path) -> Path | None:
    """The file that tells ffmpeg the chapters; None when there are none."""
    if not chapters:
        return None
    path = folder / "chapters.ffmetadata"
    path.write_text(chapters_file(chapters), "utf-8")
    return path
