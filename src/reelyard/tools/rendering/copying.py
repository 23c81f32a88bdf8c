"""The plain copy: a film from which nothing is cut and whose picture can stay, in the container ordered."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from reelyard.kit.processes import Command, Limits
from reelyard.tools.ffmpeg.inputs import QUIET, film_of, input_options
from reelyard.tools.ffmpeg.progress import TO_STDOUT
from reelyard.tools.rendering.encoders import container_options
from reelyard.tools.rendering.muxing import Parts, further_inputs, languages, sound_arguments, texts
from reelyard.tools.rendering.order import Bench, Order, Rendered
from reelyard.tools.rendering.render import levels_of, sound_of, written_chapters
from reelyard.tools.rendering.target import needs_encoding, needs_sound_encoding
from reelyard.tools.rendering.telling import Tell, part_of, steadily

MIB = 1024 * 1024
SOUND_SHARE, LEVELS_SHARE = 0.3, 0.3  # of the progress


def can_be_copied(order: Order) -> bool:
    """Whether `copy` may make this film: nothing is cut, and the picture is as ordered."""
    return order.cuts.cuts_nothing and not needs_encoding(order.source.info, order.target)


def copy(order: Order, film: Path, bench: Bench, *, tell: Tell | None = None) -> Rendered:
    """Write the film with its picture as it is, and its sound too unless that has to be encoded.

    Covers, subtitles and data are left out. Raises what `run` raises: ToolFailed means that the container does
    not take these streams as they are, and that `render` will do.
    """
    if not needs_sound_encoding(order.source.info, order.target) and not _begins_late(order):
        parts = Parts(chapters=written_chapters(order.chapters, bench.folder))
        command = copy_command(order, parts, film, bench.ffmpeg)
        bench.run(command, on_line=steadily(order.source.info.duration_s, part_of(tell, 0, 1)))
        return Rendered(film, "copy")
    sound = sound_of(order, bench, part_of(tell, 0, SOUND_SHARE))
    levels = levels_of(order, sound.tracks, bench, part_of(tell, SOUND_SHARE, LEVELS_SHARE))
    parts = Parts(sound.tracks, levels, written_chapters(order.chapters, bench.folder))
    before = SOUND_SHARE + LEVELS_SHARE
    listen = steadily(float(order.cuts.duration), part_of(tell, before, 1 - before))
    bench.run(copy_command(order, parts, film, bench.ffmpeg), on_line=listen)
    return Rendered(film, "copy", sound.warnings)


def copy_command(order: Order, parts: Parts, film: Path, ffmpeg: str) -> Command:
    """The command of `copy`: with `parts.tracks` as the sound, or the source's own when there are none."""
    info = order.source.info
    seconds = info.duration_s or 0.0
    argv = (
        *(ffmpeg, *QUIET, *TO_STDOUT, *(_from_the_start(order) if parts.tracks else ())),
        *(*input_options(order.source.demuxer), *further_inputs(parts)),
        *("-map", f"0:{film_of(info).index}", "-c:v", "copy"),
        *(sound_arguments(order.target, parts) if parts.tracks else _same_sound(order)),
        *texts(parts, whole=True),
        *container_options(order.target, film),
    )
    may_take = Limits(300 + seconds, int(300 + seconds), 2048 * MIB, 2 * info.size + int(seconds * MIB) + MIB)
    return Command(argv, stdin=order.source.path, reads=parts.paths, writes=(film,), limits=may_take)


def _begins_late(order: Order) -> bool:
    """Whether the file's clock runs before the first picture: the sound of that time is not of the film."""
    return bool(order.source.info.audio) and abs(order.cuts.start) * order.cuts.rate > Fraction(1, 2)


def _from_the_start(order: Order) -> tuple[str, ...]:
    """The first picture at 0, where the cut sound begins."""
    return ("-itsoffset", f"{-float(order.cuts.start):.6f}") if order.cuts.start else ()


def _same_sound(order: Order) -> tuple[str, ...]:
    streams = order.source.info.audio
    if not streams:
        return ("-an",)
    maps = [argument for stream in streams for argument in ("-map", f"0:{stream.index}")]
    return (*maps, "-c:a", "copy", *languages(tuple(stream.language for stream in streams), order.target))
