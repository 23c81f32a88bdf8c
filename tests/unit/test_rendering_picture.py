"""The filters that a film's picture goes through."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from tests.support.film_orders import STREAM, alternating, film, whole

from reelyard.tools.rendering.looks import Looks
from reelyard.tools.rendering.muxing import time_scale
from reelyard.tools.rendering.picture import escaped, kept_expression, picture_filters
from reelyard.tools.rendering.target import Wishes, target_of

ORDINARY = Looks()


def kept_by(expression: str, frame: int) -> bool:
    """The expression as ffmpeg evaluates it."""
    names = {
        "between": lambda value, low, high: low <= value <= high,
        "lt": lambda value, most: value < most,
        "when": lambda test, then, other: then if test else other,
        "n": frame,
    }
    return bool(eval(expression.replace("if(", "when("), {"__builtins__": {}}, names))


def test_the_tree_keeps_exactly_the_kept_frames_and_is_flat() -> None:
    cuts = alternating(200, 3)
    kept = {frame for kept in cuts.kept for frame in range(kept.start, kept.end)}

    expression = kept_expression(cuts.kept)

    assert {frame for frame in range(210) if kept_by(expression, frame)} == kept
    assert depth(kept_expression(alternating(20_000).kept)) < 20


def depth(expression: str) -> int:
    deepest = level = 0
    for char in expression:
        level += (char == "(") - (char == ")")
        deepest = max(deepest, level)
    return deepest


def test_filters_come_in_the_order_that_keeps_frames_exact() -> None:
    cuts = replace(alternating(100), start=Fraction(7, 500))
    target = target_of(film(), Wishes(quality="720p"))

    chain = picture_filters(cuts, STREAM, target, ORDINARY).split(",\n")

    names = [step.partition("=")[0] for step in chain]
    assert names == [
        *("bwdif", "setpts", "fps", "tpad", "trim", "select", "setpts", "fps", "scale", "setsar", "format"),
    ]
    assert chain[1] == "setpts=PTS-(7/500)/TB"
    assert "trim=end_frame=98" in chain
    assert "scale=w=1280:h=720:flags=lanczos" in chain


def test_a_whole_film_is_not_selected_from_and_hdr_is_mapped() -> None:
    target = target_of(film(), Wishes())

    assert "select" not in picture_filters(whole(50), STREAM, target, ORDINARY)
    assert "tonemap" not in picture_filters(whole(50), STREAM, target, ORDINARY)
    assert "tonemap" in picture_filters(whole(50), STREAM, target, Looks(transfer=16))
    assert "bwdif" not in picture_filters(whole(50), replace(STREAM, codec="vp9"), target, ORDINARY)


def test_paths_are_escaped_for_the_option_and_for_the_graph() -> None:
    assert escaped(Path("/a/b")) == "/a/b"
    assert escaped(Path("/it's:[1],;")) == r"/it\\\'s\\:\[1\]\,\;"


def test_a_frame_is_a_whole_number_of_the_time_scale() -> None:
    mp4 = target_of(film(), Wishes())

    for rate in (Fraction(25), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(60)):
        scale = int(time_scale(mp4, rate)[1])
        assert (scale / rate).denominator == 1
        assert scale >= 10_000
    assert time_scale(target_of(film(), Wishes("webm")), Fraction(25)) == ()
