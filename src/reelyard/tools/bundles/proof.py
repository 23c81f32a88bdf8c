"""Proving that a merged file holds all that belongs in it, by counting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from reelyard.errors import ToolFailed
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.tools.bundles.bench import DEMUXERS
from reelyard.tools.bundles.join import Reel

MIB = 1024 * 1024
LEAST = Fraction(1, 20)  # seconds that sound may end early or late: packets are whole


def proved(reels: Sequence[Reel], target: Path, *, run: Runner) -> Fraction:
    """The length of what was written; raises ToolFailed when a picture or a stretch of sound is missing."""
    found = json.loads(run(_command(target)).stdout)
    films = [reel.film[1] for reel in reels if reel.film is not None]
    pictures = sum(film.frames for film in films)
    if found["pictures"] != pictures:
        raise ToolFailed(f"The merged film has {found['pictures']} pictures; {pictures} belong in it.")
    planned = sum((reel.duration for reel in reels), Fraction(0))
    # A frame for each part; a clip of variable rate does not say how long its last picture is shown.
    shown = sum((1 / film.rate for film in films), Fraction(0)) or LEAST
    film = _checked("picture", found["film"], planned, shown) if films else None
    has_sound = any(reel.sound is not None for reel in reels)
    sound = _checked("sound", found["sound"], planned, max(shown, LEAST)) if has_sound else planned
    return sound if film is None else film


def _checked(what: str, told: str | None, planned: Fraction, tolerance: Fraction) -> Fraction:
    end = Fraction(told) if told is not None else Fraction(0)
    if abs(end - planned) > tolerance:
        raise ToolFailed(
            f"The merged file has {float(end):.3f} s of {what}, and its parts {float(planned):.3f} s together."
        )
    return end


def _command(target: Path) -> Command:
    argv, env = python_child("reelyard.tools.bundles.count_child", DEMUXERS[target.suffix], str(target))
    seconds = 60 + target.stat().st_size / (10 * MIB)  # of a slow disk
    return Command(argv, reads=(target,), env=env, limits=Limits(seconds, int(seconds), 2048 * MIB, MIB))
