"""Whether a film is cut by copying or encoded anew, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.cut_lists import CODING, cut_list, index_of

from reelyard.media.info import AudioStream, Kind, MediaInfo, VideoStream
from reelyard.tools.cutting.cost import choose, decide, predicted_cost
from reelyard.tools.cutting.film_index import FilmIndex
from reelyard.tools.cutting.heads import most_kbits
from reelyard.tools.cutting.plan import plan, refusal
from reelyard.tools.cutting.snapping import snapped
from reelyard.tools.ffmpeg.inputs import Source


@pytest.mark.parametrize(
    ("index", "word"),
    [
        (replace(index_of([25]), coding=replace(CODING, codec="hevc")), "HEVC"),
        (replace(index_of([25]), constant=False), "varies"),
        (replace(index_of([25]), coding=replace(CODING, interlaced=True)), "interlaced"),
        (
            replace(index_of([25]), coding=replace(CODING, depth=10, pixel_format="yuv420p10le")),
            "yuv420p10le",
        ),
        (replace(index_of([25]), coding=replace(CODING, length_size=0)), "container"),
        (replace(index_of([25]), coding=replace(CODING, damaged=True)), "damaged"),
        (replace(index_of([25]), coding=replace(CODING, numbers=tuple(range(32)))), "parameter sets"),
        (replace(index_of([25]), points=()), "begin"),
    ],
)
def test_what_cannot_be_copied_is_refused_with_its_reason(index: FilmIndex, word: str) -> None:
    reason = refusal(index)

    assert reason is not None
    assert word in reason
    assert choose(None, index, film_info()).reason == reason


def film_info() -> MediaInfo:
    film = VideoStream(0, "h264", 1920, 1080)
    return MediaInfo(
        Kind.VIDEO,
        "mp4",
        "video/mp4",
        40_000_000,
        160.0,
        audio=(AudioStream(1, "aac", 48000, 2),),
        video=(film,),
    )


def test_copying_is_chosen_where_it_saves_and_not_where_little_can_be_copied() -> None:
    dense, sparse = index_of([25] * 160), index_of([4000])
    cuts = [(start, start + 60) for start in range(40, 3900, 150)]

    copied, encoded = (plan(cut_list(index, *cuts), index) for index in (dense, sparse))

    assert choose(copied, dense, film_info()).smart
    assert "encoded anew" in choose(copied, dense, film_info()).reason
    assert predicted_cost(copied, film_info()).smart_s < predicted_cost(copied, film_info()).full_s / 2
    assert not choose(encoded, sparse, film_info()).smart
    assert "keyframes are far apart" in choose(encoded, sparse, film_info()).reason


def test_cuts_are_moved_only_where_the_film_is_copied() -> None:
    dense, sparse = index_of([25] * 160, between=3), index_of([4000], between=3)
    cuts = [(start, start + 62) for start in range(41, 3900, 150)]

    copied, encoded = (decide(cut_list(index, *cuts), index, film_info()) for index in (dense, sparse))

    assert copied.choice.smart
    assert copied.cuts == snapped(cut_list(dense, *cuts), dense)
    assert copied.plan == plan(copied.cuts, dense)
    assert not encoded.choice.smart
    assert (encoded.cuts, encoded.plan) == (cut_list(sparse, *cuts), None)


def test_heads_take_no_more_bits_than_twice_the_film_or_what_a_picture_needs() -> None:
    index = index_of([4000])

    assert most_kbits(Source(Path("film"), film_info()), index) == 5184
    assert most_kbits(Source(Path("film"), replace(film_info(), size=400_000_000)), index) == 40_000
