"""Whether a film made from a known one is what its cut list says: every picture, every join, every track."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reelyard.media.cut_list import CutList
from reelyard.media.ranges import FrameRange
from reelyard.testing.film_reading import Pictures, read_pictures, read_sound, sound_tracks
from reelyard.testing.film_sound import LIKE, QUIET, Sampled, place_of
from reelyard.testing.films import KnownFilm

WINDOW_S = 0.4  # of sound that is compared at once
SEARCHED_S = 0.25  # to each side of where it should be
FADE_S = 0.012  # at a join: sound fades out and in
EDGE_S = 0.04  # of sound beside the fade that has to be there
SHORTEST_S = 0.06  # of sound that can be told from any other
GRID_S = Fraction(11, 10000)  # by which time stamps may miss: Matroska's are whole milliseconds


@dataclass(frozen=True, slots=True)
class Heard:
    """What was found of one track in one kept range; offsets in seconds, positive: the sound comes late.

    None: the original is silent there.
    """

    track: int
    kept: FrameRange
    begin_s: float | None  # by its first sound
    end_s: float | None  # by its last sound
    edges: tuple[bool, bool] = (True, True)  # whether sound is there up to both ends, but for the fades


@dataclass(frozen=True, slots=True)
class Wanted:
    """How strict to be, and what was ordered besides the cuts."""

    tolerance_s: float = 0.001  # between sound and picture
    tracks: tuple[int, ...] | None = None  # the original's that each of the film's holds; None: as it was
    size: tuple[int, int] | None = None  # pixels as stored
    edges: bool = True  # whether sound has to reach the joins, where the original has sound there


def assert_film_is(path: Path, cuts: CutList, original: KnownFilm, wanted: Wanted = Wanted()) -> None:
    """Raise AssertionError with all that is wrong with the film at `path`, made of `original` by `cuts`."""
    problems = problems_of(path, cuts, original, wanted)
    if problems:
        raise AssertionError(f"{path.name} is not what was ordered:\n- " + "\n- ".join(problems))


def problems_of(path: Path, cuts: CutList, original: KnownFilm, wanted: Wanted = Wanted()) -> list[str]:
    """What is wrong with a film, as sentences: pictures, times, size and turn, sound at each join, length."""
    pictures = read_pictures(path)
    found = [*_picture_problems(pictures, cuts, original), *_time_problems(pictures, cuts)]
    if pictures.turned:
        found.append(f"The picture is shown turned: it would have to be turned by {pictures.turned}°.")
    if wanted.size is not None and pictures.size != wanted.size:
        found.append(f"The picture is stored as {pictures.size}, not {wanted.size}.")
    tracks = wanted.tracks if wanted.tracks is not None else tuple(range(len(original.signals)))
    if sound_tracks(path) != len(tracks):
        return [*found, f"There are {sound_tracks(path)} sound tracks, not {len(tracks)}."]
    begin = float(pictures.shown[0].time)
    for index, track in enumerate(tracks):
        sound = read_sound(path, index)
        heard = _offsets(sound, original.signals[track].at(sound.rate), cuts, begin, index)
        found += _sound_problems(heard, wanted)
        found += _length_problems(sound, begin, cuts, original, index)
    return found


def sound_offsets(path: Path, original: KnownFilm, cuts: CutList, track: int = 0) -> list[Heard]:
    """How far the sound of each kept range is from its pictures, at its begin and at its end."""
    sound = read_sound(path, track)
    begin = float(read_pictures(path).shown[0].time)
    return _offsets(sound, original.signals[track].at(sound.rate), cuts, begin, track)


def heard_at(sound: Sampled, original: Sampled, time: float, width_s: float = WINDOW_S) -> float | None:
    """The moment of `original` that is heard at `time` of `sound`; None when it is silent or unlike any moment."""
    place = place_of(original.samples, sound.between(time, time + width_s))
    return None if place is None else original.origin + place / original.rate


def _offsets(sound: Sampled, original: Sampled, cuts: CutList, begin: float, track: int) -> list[Heard]:
    at, heard = Fraction(0), []
    for kept in cuts.kept:
        shift = begin + float(at) - float(kept.time.start)  # from the original's time to the film's
        heard.append(_heard(sound, original, kept, shift, track))
        at += kept.time.length
    return heard


def _heard(sound: Sampled, original: Sampled, kept: FrameRange, shift: float, track: int) -> Heard:
    start, end = float(kept.time.start), float(kept.time.end)
    stretch = _sounding(original, start, end)
    if stretch is None:
        return Heard(track, kept, None, None)
    first = (stretch[0], min(stretch[0] + WINDOW_S, stretch[1]))
    last = (max(stretch[1] - WINDOW_S, stretch[0]), stretch[1])
    begin_s, end_s = (_offset(sound, original, one, shift) for one in (first, last))
    if end - start < 2 * (FADE_S + EDGE_S):
        return Heard(track, kept, begin_s, end_s)
    # A sound that comes late is there all the same: each end is looked for where its sound was found.
    opening = _is_there(sound, original, start + FADE_S, shift + _or_zero(begin_s))
    closing = _is_there(sound, original, end - FADE_S - EDGE_S, shift + _or_zero(end_s))
    return Heard(track, kept, begin_s, end_s, (opening, closing))


def _or_zero(offset: float) -> float:
    return 0.0 if math.isnan(offset) else offset


def _sounding(original: Sampled, start: float, end: float) -> tuple[float, float] | None:
    """From the first to the last sound within a range; None when there is less than can be compared."""
    import numpy as np  # noqa: PLC0415 - only where films are compared

    loud = np.flatnonzero(np.abs(original.between(start, end)) > 0.01)
    if len(loud) < SHORTEST_S * original.rate:
        return None
    return start + loud[0] / original.rate, start + (loud[-1] + 1) / original.rate


def _offset(sound: Sampled, original: Sampled, window: tuple[float, float], shift: float) -> float:
    """Seconds by which the window of the original is heard later than it should be; nan when it is not heard."""
    looked = sound.between(window[0] + shift - SEARCHED_S, window[1] + shift + SEARCHED_S)
    place = place_of(looked, original.between(*window))
    return float("nan") if place is None else place / sound.rate - SEARCHED_S


def _is_there(sound: Sampled, original: Sampled, start: float, shift: float) -> bool:
    """Whether the short piece from `start` on is heard where it should be; a silent one always is."""
    import numpy as np  # noqa: PLC0415

    piece = original.between(start, start + EDGE_S)
    if not len(piece) or np.square(piece).mean() < 100 * QUIET:
        return True
    there = sound.between(start + shift, start + shift + EDGE_S)[: len(piece)]
    piece = piece[: len(there)]
    norm = float(np.linalg.norm(piece) * np.linalg.norm(there))
    return norm > 0 and float(np.dot(piece, there)) / norm > LIKE


# --- what is said of it ---------------------------------------------------------------------------------


def _picture_problems(pictures: Pictures, cuts: CutList, original: KnownFilm) -> list[str]:
    due = [original.shown(frame) for kept in cuts.kept for frame in range(kept.start, kept.end)]
    seen = pictures.numbers
    found = []
    if len(seen) != len(due):
        found.append(f"It has {len(seen)} pictures, not {len(due)}.")
    wrong = [
        (place, want, got) for place, (want, got) in enumerate(zip(due, seen, strict=False)) if want != got
    ]
    if wrong:
        place, want, got = wrong[0]
        shows = "one that cannot be read" if got is None else f"picture {got}"
        found.append(
            f"{len(wrong)} pictures are wrong; the first is number {place}, which shows {shows} instead of {want}."
        )
    if lost := sorted(set(due) - set(seen)):
        found.append(f"{len(lost)} pictures are lost: {_some(lost)}.")
    if surplus := sorted({one for one in seen if one is not None} - set(due)):
        found.append(f"{len(surplus)} pictures should have been cut: {_some(surplus)}.")
    return found


def _time_problems(pictures: Pictures, cuts: CutList) -> list[str]:
    begin = pictures.shown[0].time
    for place, one in enumerate(pictures.shown):
        due = begin + place / cuts.rate
        if abs(one.time - due) > GRID_S:
            return [f"Picture {place} is shown at {float(one.time):.4f} s, not at {float(due):.4f} s."]
    if begin * cuts.rate > 1 + GRID_S:
        return [f"The first picture is shown at {float(begin):.4f} s only."]
    return []


def _sound_problems(heard: list[Heard], wanted: Wanted) -> list[str]:
    found = []
    for one in heard:
        name = f"track {one.track}, frames {one.kept.start} to {one.kept.end}"
        for place, offset in (("first", one.begin_s), ("last", one.end_s)):
            if offset is None:
                continue
            if math.isnan(offset):
                found.append(f"In {name}, the {place} sound is not heard where it should be.")
            elif abs(offset) > wanted.tolerance_s:
                found.append(f"In {name}, the {place} sound is {offset * 1000:+.2f} ms from its picture.")
        for place, there in zip(("start", "end"), one.edges, strict=True):
            if wanted.edges and not there:
                found.append(f"In {name}, the sound at the {place} is missing.")
    return found


def _length_problems(
    sound: Sampled, begin: float, cuts: CutList, original: KnownFilm, track: int
) -> list[str]:
    """The sound ends with the pictures, to a picture; it begins with them unless the original's was late."""
    one = float(1 / cuts.rate)
    end = sound.origin + len(sound.samples) / sound.rate
    due = begin + float(cuts.duration)
    found = []
    if abs(end - due) > one:
        found.append(f"Track {track} ends at {end:.4f} s, the pictures at {due:.4f} s.")
    if sound.origin - begin > one and original.recipe.sound_late <= 0:
        found.append(f"Track {track} begins at {sound.origin:.4f} s, the pictures at {begin:.4f} s.")
    return found


def _some(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:8]))
    return shown if len(numbers) <= 8 else f"{shown} …"
