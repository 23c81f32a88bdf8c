"""Films as one film: packets are copied where all clips agree, and only those that differ are encoded anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from reelyard.errors import InvalidInput, Reject, ToolFailed
from reelyard.tools.bundles.bench import Bench, Notes, Taken, Tools
from reelyard.tools.bundles.clips import Clip, Merged, Tell
from reelyard.tools.bundles.join import Models, Reel, join
from reelyard.tools.bundles.look import check_known, look, wanted_of
from reelyard.tools.bundles.proof import proved
from reelyard.tools.bundles.shapes import film_extension, film_shape, sound_shape
from reelyard.tools.bundles.texts import merge_texts, merge_transcripts
from reelyard.tools.bundles.traits import COPIED_FILMS, Traits

__all__ = [
    "Clip",
    "Merged",
    "Tools",
    "film_extension",
    "merge_films",
    "merge_sounds",
    "merge_texts",
    "merge_transcripts",
]

ENCODING = 0.9  # of the progress, when something has to be encoded


def merge_films(clips: Sequence[Clip], target: Path, tools: Tools) -> Merged:
    """Write the clips as one film with a chapter for each; its format is that of `target`'s ending (`film_extension`).

    Pictures are copied exactly; sound is copied and placed anew at each join, at most half a packet (11 ms) off.
    A clip without sound is silent; one that cannot be read, or has no picture, is left out with a warning.
    Raises InvalidInput (an ending other than .mp4, .mov, .webm), Reject (nothing is left to merge), ToolFailed
    (the whole is not as long as its parts, or lost pictures), and what `tools.run` raises.
    """
    if target.suffix not in COPIED_FILMS:
        raise InvalidInput(
            f"Films cannot be merged into “{target.name}”.", hint="Choose .mp4, .mov or .webm."
        )
    return _merge(clips, target.absolute(), tools, films=True)


def merge_sounds(clips: Sequence[Clip], target: Path, tools: Tools) -> Merged:
    """Write the sounds one after the other as an M4A with a chapter for each: an audio book; as `merge_films`."""
    if target.suffix != ".m4a":
        raise InvalidInput(f"Sounds cannot be merged into “{target.name}”.", hint="Choose .m4a.")
    return _merge(clips, target.absolute(), tools, films=False)


def _merge(clips: Sequence[Clip], target: Path, tools: Tools, *, films: bool) -> Merged:
    tools = replace(tools, tell=_rising(tools.tell))
    notes = Notes()
    taken = _taken(clips, tools, notes, films=films)
    traits = [one.traits for one in taken]
    film = film_shape(traits, target.suffix) if films else None
    bench = Bench(tools, target.suffix, film, sound_shape(traits, target.suffix), notes)
    reels = bench.reels(taken, lambda done: tools.tell(done * ENCODING))
    if not reels:
        raise _nothing(notes)
    encoded = ENCODING if notes.conformed else 0.0

    def tell(done: float) -> None:
        tools.tell(encoded + done * (0.99 - encoded))

    join(reels, _models(reels, bench), target, run=tools.run, workdir=tools.workdir, tell=tell)
    duration = proved(reels, target, run=tools.run)
    tools.tell(1.0)
    return Merged(float(duration), tuple(notes.warnings), tuple(notes.conformed))


def _rising(tell: Tell) -> Tell:
    """`tell`, which hears only what is more than before: a clip's picture and sound are told of one after the other."""
    reached = 0.0

    def hear(done: float) -> None:
        nonlocal reached
        if done > reached:
            reached = done
            tell(done)

    return hear


def _taken(clips: Sequence[Clip], tools: Tools, notes: Notes, *, films: bool) -> list[Taken]:
    """The clips that can be used; raises Reject when there is none."""
    known = [
        (number, clip) for number, clip in enumerate(clips) if not _noted(notes, clip, check_known(clip))
    ]
    wanted = [wanted_of(clip) for _, clip in known]
    found = look(wanted, run=tools.run, workdir=tools.workdir) if wanted else []
    taken = [
        Taken(number, clip, traits)
        for (number, clip), traits in zip(known, found, strict=True)
        if not _noted(notes, clip, _unusable(traits, films=films))
    ]
    notes.warnings += [
        f"“{one.clip.title}” is damaged: what could be read of it is in."
        for one in taken
        if one.traits.is_broken
    ]
    if not taken:
        raise _nothing(notes)
    return taken


def _noted(notes: Notes, clip: Clip, why: str) -> bool:
    if why:
        notes.left_out(clip, why)
    return bool(why)


def _unusable(traits: Traits, *, films: bool) -> str:
    if traits.problem:
        return "it cannot be read."
    if films and traits.film is None:
        return "it has no picture."
    return "" if films or traits.sound is not None else "it has no sound."


def _nothing(notes: Notes) -> Reject:
    return Reject(
        " ".join(["There is nothing to merge.", *notes.warnings[:3]]),
        code="nothing_to_merge",
        hint="Export the batch as a ZIP, which takes every kind of file.",
    )


def _models(reels: Sequence[Reel], bench: Bench) -> Models:
    """Whose headers the whole takes: those of a clip that is copied, so that most need nothing of their own."""
    film = sound = None
    for number, reel in enumerate(reels):
        is_copied = reel.film is not None and bench.film is not None and reel.film[1].key == bench.film.key
        if reel.film is not None and (film is None or (is_copied and not film[1])):
            film = (number, is_copied)
        agrees = reel.sound is not None and bench.sound is not None and reel.sound[1].key == bench.sound.key
        if reel.sound is not None and (sound is None or (agrees and not sound[1])):
            sound = (number, agrees)
    if sound is None:
        return Models(film[0] if film else None, None, None)
    told = reels[sound[0]].sound
    if told is None or told[1].step is None:
        raise ToolFailed("The sound has packets of different lengths, which cannot be placed.")
    step = Fraction(told[1].step, told[1].sample_rate)
    return Models(film[0] if film else None, sound[0], bench.silence(), step)
