"""What narrated films show, frame by frame, decoded anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support.slides import (
    BLACK,
    BLUE,
    GREEN,
    RED,
    SIZE,
    WHITE,
    Yard,
    complaints,
    frames,
    jpeg,
    middle,
    named,
)  # fmt: skip

from reelyard.tools.captions import Cue
from reelyard.tools.slideshow import Movement

THREE = (RED, GREEN, BLUE)


def test_each_picture_is_shown_from_its_frame_on(yard: Yard) -> None:
    slides = yard.slides((0, 1.31, 1.37, 4.0), THREE)

    film, made = yard.make(yard.order(slides))

    assert made.frames == 100
    shown = [named(frame, THREE) for frame in frames(film)]
    assert shown == [0] * 33 + [1] + [2] * 66
    assert complaints(film) == ""


def test_a_cross_fade_is_even_and_its_middle_is_the_change(yard: Yard) -> None:
    slides = yard.slides((0, 2, 4), (BLACK, WHITE))

    film, _ = yard.make(yard.order(slides, crossfade_s=0.6))

    light = [middle(frame)[1] for frame in frames(film)]
    share = [(value - light[0]) / (light[-1] - light[0]) for value in light]
    assert len(share) == 100
    assert share[:43] == [0] * 43
    assert share[58:] == pytest.approx([1] * 42, abs=0.02)
    assert share[43:58] == pytest.approx([number / 16 for number in range(1, 16)], abs=0.03)
    assert complaints(film) == ""


def test_a_long_cross_fade_is_shortened_to_half_of_the_shorter_slide(yard: Yard) -> None:
    slides = yard.slides((0, 1, 5), (BLACK, WHITE))

    film, _ = yard.make(yard.order(slides, crossfade_s=3))

    light = [middle(frame)[1] for frame in frames(film)]
    steps = np.diff(light)
    assert np.flatnonzero(np.abs(steps) > 2).tolist() == list(range(18, 31))


def test_slides_of_one_frame_follow_each_other_even_with_a_cross_fade(yard: Yard) -> None:
    colours = (RED, GREEN, BLUE, WHITE, BLACK)
    slides = yard.slides((0, 0.04, 0.08, 0.12, 0.16, 0.2), colours)

    film, made = yard.make(yard.order(slides, crossfade_s=0.6))

    assert [named(frame, colours) for frame in frames(film)] == [0, 1, 2, 3, 4]
    assert made.warnings == ()
    assert complaints(film) == ""


def test_a_picture_shorter_than_a_frame_is_left_out_and_said_so(yard: Yard) -> None:
    slides = yard.slides((0, 1, 1.01, 2), THREE)

    film, made = yard.make(yard.order(slides))

    assert [named(frame, THREE) for frame in frames(film)] == [0] * 25 + [2] * 25
    assert "1 picture is not seen" in made.warnings[0]


@pytest.mark.parametrize("size", [(180, 320), (180, 180)])
def test_upright_and_square_films_have_that_shape(yard: Yard, size: tuple[int, int]) -> None:
    slides = yard.slides((0, 0.5, 1.1), (RED, BLUE), size)

    film, _ = yard.make(yard.order(slides, size=size, movement=Movement.GENTLE))

    shown = frames(film)
    assert shown[0].shape == (size[1], size[0], 3)
    assert [named(frame, (RED, BLUE)) for frame in shown] == [0] * 13 + [1] * 15


def test_one_picture_alone_makes_a_film_longer_than_a_group_of_pictures(yard: Yard) -> None:
    film, made = yard.make(yard.order(yard.slides((0, 21.3), (GREEN,))))

    assert made.frames == 533
    assert made.encoded_share < 0.01
    assert [named(frame, (GREEN,)) for frame in frames(film)] == [0] * 533
    assert complaints(film) == ""


def test_gentle_movement_goes_on_evenly_by_parts_of_pixels_and_rests_at_its_ends(yard: Yard) -> None:
    y, x = np.mgrid[0:180, 0:320]
    disc = np.clip(20 - np.hypot(x - 40, y - 40) + 0.5, 0, 1)[..., None] * 200 + 20
    slide = replace(
        yard.slides((0, 8), (RED,))[0],
        picture=jpeg(yard.folder / "disc.jpg", disc.repeat(3, axis=2)),
        seed=3,
    )

    film, made = yard.make(yard.order((slide,), movement=Movement.GENTLE))

    places = np.array([_centre(frame) for frame in frames(film)])
    speeds = np.hypot(*np.diff(places, axis=0).T)
    assert made.frames == len(places) == 200
    assert np.hypot(*(places[-1] - places[0])) > 1
    assert np.abs(np.diff(speeds)).max() < 0.06
    assert speeds[:5].max() < 0.03
    assert speeds[-5:].max() < 0.03
    assert complaints(film) == ""


@pytest.mark.parametrize("movement", [Movement.STILL, Movement.GENTLE])
def test_captions_stand_there_from_their_frame_to_their_end(yard: Yard, movement: Movement) -> None:
    slides = yard.slides((0, 2, 4), (BLUE, BLUE))
    cues = (Cue(0.5, 1.1, ("first",)), Cue(1.1, 1.9, ("and another",)), Cue(1.94, 3.0, ("over a fade",)))
    bare, _ = yard.make(yard.order(slides, crossfade_s=0.6, movement=movement), "bare.mp4")

    film, _ = yard.make(yard.order(slides, crossfade_s=0.6, movement=movement, cues=cues))

    foot = [
        np.abs(with_.astype(int)[120:] - without.astype(int)[120:]).max() > 90
        for with_, without in zip(frames(film), frames(bare), strict=True)
    ]
    assert [int(seen) for seen in foot] == [0] * 13 + [1] * 35 + [0] * 1 + [1] * 26 + [0] * 25
    shown = frames(film)
    assert _changed(shown[26], shown[27]) == 0
    assert _changed(shown[27], shown[28]) > 20
    assert complaints(film) == ""


def _changed(before: object, after: object) -> int:
    """How many pixels of the captions differ plainly."""
    foot, following = (np.asarray(frame)[120:].astype(int) for frame in (before, after))
    return int((np.abs(foot - following).max(axis=2) > 90).sum())


def _centre(frame: object) -> tuple[float, float]:
    """Where the light in a picture is, to parts of a pixel."""
    light = np.clip(np.asarray(frame).mean(axis=2) - 40, 0, None)[:100, : SIZE[0] // 2]
    y, x = np.mgrid[0 : light.shape[0], 0 : light.shape[1]]
    return float((light * x).sum() / light.sum()), float((light * y).sum() / light.sum())
