"""What the check after a rendering says of what was seen of a film."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from reelyard.errors import FilmNotRight, Reject
from reelyard.tools.captions.cues import Cue
from reelyard.tools.cutting.check import Checked, Expected, captions_inside, demand, judged

EXPECTED = Expected(frames=50, rate=Fraction(25), sound_tracks=1, container="mp4", size=(160, 90))
PICTURE: Mapping[str, Any] = {
    "frames": 50,
    "unstamped": 0,
    "in_full": 50,
    "decoded": 50,
    "damaged": 0,
    "size": [160, 90],
    "begin": 0.0,
    "end": 2.0,
    "off_grid": [],
    "off_grid_count": 0,
    "twice": 0,
}
SOUND: Mapping[str, Any] = {"begin": 0.0, "end": 2.02, "frame_s": 0.023, "holes": [], "holes_count": 0}
SEEN: Mapping[str, Any] = {
    "broken": [],
    "broken_count": 0,
    "duration": 2.0,
    "films": 1,
    "picture": PICTURE,
    "sounds": [SOUND],
}


def of_picture(**other: Any) -> tuple[str, ...]:
    return judged({**SEEN, "picture": {**PICTURE, **other}}, [], EXPECTED).findings


def of_sound(**other: Any) -> tuple[str, ...]:
    return judged({**SEEN, "sounds": [{**SOUND, **other}]}, [], EXPECTED).findings


def test_a_film_as_planned_has_no_findings() -> None:
    checked = judged(SEEN, [], EXPECTED)

    assert checked.is_right
    assert checked.to_json() == {
        "right": True,
        "frames": 50,
        "begin_s": 0.0,
        "end_s": 2.0,
        "sounds": [[0.0, 2.02]],
        "findings": [],
    }
    demand(checked)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"frames": 49}, "It has 49 pictures instead of 50."),
        ({"unstamped": 2}, "2 of its pictures have no time."),
        ({"twice": 1}, "1 of its pictures have the time of another."),
        ({"damaged": 3}, "3 of its pictures are damaged."),
        ({"decoded": 48}, "Of 50 pictures only 48 can be decoded."),
        ({"size": [320, 180]}, "It is 320 x 180 pixels instead of 160 x 90."),
        (
            {"off_grid": [[7, 0.3]], "off_grid_count": 43},
            "43 of its pictures are not where they belong: picture 7 is shown at 0.3000 s instead of 0.2800 s.",
        ),
    ],
)
def test_each_fault_of_the_picture_is_said(other: dict[str, Any], said: str) -> None:
    assert of_picture(**other) == (said,)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"end": 1.9}, "Sound track 1 ends at 1.900 s, the picture at 2.000 s."),
        ({"begin": 0.1}, "Sound track 1 begins at 0.100 s, the picture at 0.000 s."),
        ({"begin": None}, "Nothing is heard of sound track 1."),
        ({"holes": [(1.0, 0.05)], "holes_count": 1}, "Sound track 1 has a hole of 0.050 s at 1.000 s."),
        (
            {"holes": [(1.0, -0.05), (2.0, 0.1)], "holes_count": 2},
            "Sound track 1 has an overlap of 0.050 s at 1.000 s, and 1 more.",
        ),
    ],
)
def test_each_fault_of_the_sound_is_said(other: dict[str, Any], said: str) -> None:
    assert of_sound(**other) == (said,)


def test_a_coders_last_packet_may_run_over_a_short_picture() -> None:
    fast = Expected(frames=120, rate=Fraction(60), sound_tracks=1, container="mp4")
    picture = {**PICTURE, "frames": 120, "in_full": 120, "decoded": 120}

    seen = {**SEEN, "picture": picture, "sounds": [{**SOUND, "end": 2.021}]}

    assert judged(seen, [], fast).findings == ()


def test_a_length_that_is_not_planned_is_said_of_pictures_and_of_the_header() -> None:
    seen = {**SEEN, "duration": 5.0, "picture": {**PICTURE, "end": 1.9}}

    assert judged(seen, [], EXPECTED).findings == (
        "Its pictures last 1.900 s instead of 2.000 s.",
        "It says that it lasts 5.000 s instead of 2.000 s.",
        "Sound track 1 ends at 2.020 s, the picture at 1.900 s.",
    )


def test_missing_and_surplus_streams_are_said() -> None:
    assert judged({**SEEN, "sounds": [], "films": 2}, [], EXPECTED).findings == (
        "It has 2 films in it instead of one.",
        "It has 0 sound tracks instead of 1.",
    )


def test_what_decoders_complain_of_is_said_once_without_addresses() -> None:
    lines = ["[h264 @ 0x55d0] error while decoding MB 3 4", "[h264 @ 0x55d1] error while decoding MB 3 4"]
    lines += ["    Last message repeated 3 times", ""]

    assert judged(SEEN, lines, EXPECTED).findings == (
        "It does not decode without error: error while decoding MB 3 4.",
    )


def test_a_film_that_cannot_be_opened_is_said() -> None:
    assert judged({"error": "no moov"}, [], EXPECTED).findings == ("It cannot be opened: no moov.",)


def test_a_film_that_is_not_right_fails_for_good_and_says_why() -> None:
    checked = Checked(49, 0.0, 1.96, (), ("One.", "Two.", "Three.", "Four."))

    with pytest.raises(FilmNotRight) as raised:
        demand(checked, ["Five."])

    assert raised.value.message == "The film that was made is not right: One. Two. Three. (2 more.)"
    assert raised.value.details["findings"] == ["One.", "Two.", "Three.", "Four.", "Five."]
    assert "your own file is as it was" in str(raised.value.hint)
    assert not isinstance(raised.value, Reject)


def test_captions_inside_the_film_have_no_findings() -> None:
    cues = [Cue(0.0, 1.0, ("a",)), Cue(1.0, 2.0, ("b",))]

    assert captions_inside(cues, Fraction(2)) == ()


def test_captions_outside_overlapping_or_backwards_are_said() -> None:
    cues = [Cue(0.0, 1.2, ("a",)), Cue(1.0, 1.5, ("b",)), Cue(1.8, 1.8, ("c",)), Cue(1.9, 2.5, ("d",))]

    assert captions_inside(cues, 2.0) == (
        "Caption 2 begins at 1.000 s, before the one before it ends.",
        "Caption 3 ends at 1.800 s, when it has not begun.",
        "Caption 4 is shown from 1.900 to 2.500 s, the film lasts 2.000 s.",
    )
