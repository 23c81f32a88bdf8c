"""What films are to become: size, codecs, and what of them has to be encoded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.film_orders import SOUND, STREAM, film, whole

from reelyard.errors import Reject
from reelyard.media.info import MediaInfo
from reelyard.tools.ffmpeg.inputs import Source, film_of
from reelyard.tools.rendering.copying import can_be_copied
from reelyard.tools.rendering.order import Order
from reelyard.tools.rendering.target import (
    Wishes,
    channels_of,
    needs_encoding,
    needs_sound_encoding,
    sample_rate_of,
    target_of,
)


def size(info: MediaInfo, quality: str, *, upscale: bool = False) -> tuple[int, int]:
    target = target_of(info, Wishes(quality=quality, upscale=upscale))
    return target.width, target.height


@pytest.mark.parametrize(
    ("stored", "quality", "shown"),
    [
        ((1920, 1080), "720p", (1280, 720)),
        ((1920, 1080), "1080p", (1920, 1080)),
        ((3840, 2160), "1080p", (1920, 1080)),
        ((3840, 1600), "1080p", (2592, 1080)),
        ((1080, 1920), "720p", (720, 1280)),
        ((640, 480), "720p", (640, 480)),
        ((640, 480), "4k", (640, 480)),
        ((7680, 4320), "source", (7680, 4320)),
        ((159, 91), "source", (158, 90)),
        ((8, 6), "source", (16, 16)),
    ],
)
def test_the_shorter_side_is_at_most_what_was_ordered(
    stored: tuple[int, int], quality: str, shown: tuple[int, int]
) -> None:
    assert size(film(width=stored[0], height=stored[1]), quality) == shown


def test_a_small_film_grows_only_when_that_is_ordered() -> None:
    small = film(width=640, height=360)

    assert size(small, "1080p") == (640, 360)
    assert size(small, "1080p", upscale=True) == (1920, 1080)
    assert size(small, "source", upscale=True) == (640, 360)


def test_turned_films_and_pixels_that_are_not_square_are_measured_as_shown() -> None:
    assert size(film(rotation=90), "720p") == (720, 1280)
    assert size(film(width=1440, sample_aspect=(4, 3)), "1080p") == (1920, 1080)
    assert size(film(width=720, height=576, sample_aspect=(16, 15), rotation=270), "source") == (576, 768)


def test_a_recording_with_a_cover_is_no_film() -> None:
    with pytest.raises(Reject, match="no moving picture") as refused:
        target_of(film(is_cover=True), Wishes())

    assert refused.value.code == "no_video"


def test_the_film_is_the_first_picture_that_is_no_cover() -> None:
    info = replace(film(), video=(replace(STREAM, is_cover=True), replace(STREAM, index=2)))

    assert film_of(info).index == 2


def test_a_film_as_ordered_needs_no_encoding() -> None:
    for changes in (
        {},
        {"rotation": 90},
        {"sample_aspect": (2, 3)},
        {"pixel_format": "yuvj420p"},
        {"width": 853},
    ):
        info = film(**changes)

        assert needs_encoding(info, target_of(info, Wishes())) == ()
        assert needs_sound_encoding(info, target_of(info, Wishes())) == ()


@pytest.mark.parametrize(
    ("changes", "wishes", "reason"),
    [
        ({"codec": "hevc"}, Wishes(), "MP4 is to hold H.264, the film is HEVC."),
        ({}, Wishes("webm"), "WEBM is to hold VP9, the film is H.264."),
        ({"codec": "vp9"}, Wishes("webm", webm_codec="av1"), "WEBM is to hold AV1, the film is VP9."),
        ({}, Wishes(quality="720p"), "The size changes from 1920 x 1080 to 1280 x 720."),
        ({"pixel_format": "yuv420p10le"}, Wishes(), "Many players do not show the pixel format yuv420p10le."),
        ({"pixel_format": "yuv422p"}, Wishes("mov"), "Many players do not show the pixel format yuv422p."),
        ({}, Wishes(burnt=True), "Captions are drawn into the picture."),
    ],
)
def test_each_reason_to_encode_the_picture_is_said(
    changes: dict[str, Any], wishes: Wishes, reason: str
) -> None:
    info = film(**changes)

    assert needs_encoding(info, target_of(info, wishes)) == (reason,)


def test_each_reason_to_encode_the_sound_is_said_once() -> None:
    info = film(sounds=(SOUND, replace(SOUND, codec="mp3"), replace(SOUND, codec="mp3")))

    assert needs_sound_encoding(info, target_of(info, Wishes(loudness=-16.0))) == (
        "MP4 is to hold AAC, the sound is MP3.",
        "The sound is brought to -16 LUFS.",
    )
    assert needs_sound_encoding(film(sounds=()), target_of(film(), Wishes("webm", loudness=-16.0))) == ()


def test_only_a_whole_film_can_be_copied() -> None:
    info = film()
    order = Order(Source(Path("film"), info), whole(100), target_of(info, Wishes()))

    assert can_be_copied(order)
    assert not can_be_copied(replace(order, cuts=order.cuts.decided(3, 4, keep=False)))
    assert not can_be_copied(replace(order, target=target_of(info, Wishes("webm"))))


def test_sound_gets_a_rate_and_channels_that_every_player_takes() -> None:
    mp4, webm = (target_of(film(), Wishes(container)) for container in ("mp4", "webm"))

    def rates(*sources: int) -> list[tuple[int, int]]:
        streams = [replace(SOUND, sample_rate=rate) for rate in sources]
        return [(sample_rate_of(stream, mp4), sample_rate_of(stream, webm)) for stream in streams]

    assert rates(44100, 22050, 16000, 96000) == [
        (44100, 48000),
        (44100, 48000),
        (48000, 48000),
        (48000, 48000),
    ]
    assert [channels_of(replace(SOUND, channels=count)) for count in (1, 2, 3, 6, 7, 8)] == [1, 2, 2, 6, 2, 8]
