"""Which encoder makes a film, with which options, at which cost."""

from __future__ import annotations

import pytest
from tests.support.film_orders import film

from reelyard.errors import ToolCrash, ToolFailed
from reelyard.media.info import MediaInfo
from reelyard.tools.rendering.costs import limits_of, memory_of, predicted_cost
from reelyard.tools.rendering.encoders import HARDWARE, picture_options, sound_options, trial_command
from reelyard.tools.rendering.fallback import encoded
from reelyard.tools.rendering.target import Target, Wishes, target_of

MIB = 1024 * 1024


def test_a_card_is_used_for_h264_unless_the_processor_is_wanted() -> None:
    available = ("h264_vaapi",)

    assert target_of(film(), Wishes(), available).encoder == "h264_vaapi"
    assert target_of(film(), Wishes(encoder="software"), available).encoder == "libx264"
    assert target_of(film(), Wishes("webm"), available).encoder == "libvpx-vp9"
    assert target_of(film(), Wishes("webm", webm_codec="av1"), available).encoder == "libsvtav1"


@pytest.mark.parametrize("problem", [ToolFailed("No device."), ToolCrash("It crashed.")])
def test_when_the_card_fails_the_processor_does_it_and_that_is_said(problem: Exception) -> None:
    tried = []

    def encode(target: Target) -> str:
        tried.append(target.encoder)
        if target.encoder == "h264_nvenc":
            raise problem
        return "done"

    encoder, result, warnings = encoded(target_of(film(), Wishes(), ("h264_nvenc",)), encode)

    assert tried == ["h264_nvenc", "libx264"]
    assert (encoder, result) == ("libx264", "done")
    (said,) = warnings
    assert said.startswith(f"The graphics card's encoder h264_nvenc failed ({str(problem).rstrip('.')});")


def test_when_the_processor_fails_there_is_nothing_to_fall_back_to() -> None:
    def encode(_target: Target) -> str:
        raise ToolFailed("Broken.")

    with pytest.raises(ToolFailed):
        encoded(target_of(film(), Wishes()), encode)


def test_every_encoder_has_a_quality_and_a_trial() -> None:
    for container, codec in (("mp4", "vp9"), ("webm", "vp9"), ("webm", "av1")):
        options = picture_options(target_of(film(), Wishes(container, webm_codec=codec)), 4)
        assert "-crf" in options
    for each in HARDWARE:
        target = target_of(film(), Wishes(), (each.name,))
        assert each.name in picture_options(target, 2)
        assert each.name in trial_command(each, "ffmpeg").argv
        assert memory_of(each.name, target.pixels) is None


def test_each_track_of_sound_has_its_bit_rate() -> None:
    mp4, webm = (target_of(film(), Wishes(container)) for container in ("mp4", "webm"))

    assert sound_options(mp4, (2, 1)) == ("-c:a", "aac", "-b:a:0", "192k", "-b:a:1", "128k")
    assert sound_options(webm, (6,)) == ("-c:a", "libopus", "-b:a:0", "256k", "-mapping_family", "1")
    assert sound_options(mp4, ()) == ("-an",)


def test_costs_grow_with_pixels_rate_and_length() -> None:
    def cost(info: MediaInfo, seconds: float = 60.0, quality: str = "source") -> float:
        return predicted_cost(target_of(info, Wishes(quality=quality)), seconds, info)

    full = cost(film())

    assert 0.5 < full / 60 < 1.5
    assert cost(film(width=3840, height=2160)) > 3 * full
    assert cost(film(frame_rate=60.0)) > 1.8 * full
    assert cost(film(), quality="720p") < full
    assert 0.2 * full < cost(film(), 10.0) < 0.5 * full


def test_limits_follow_the_film() -> None:
    info, large = film(), film(width=3840, height=2160)
    target, large_target = target_of(info, Wishes()), target_of(large, Wishes(quality="4k"))

    limits, larger = limits_of(target, 60, info), limits_of(large_target, 60, large)

    assert (limits.memory_bytes, larger.memory_bytes) == (2048 * MIB, 3072 * MIB)
    assert limits_of(target, 60, info, cores=16).memory_bytes == memory_of("libx264", 1920 * 1080, 16)
    assert larger.wall_s > limits.wall_s > 300
    assert limits_of(target, 60, info, hdr=True).wall_s > limits.wall_s
    assert memory_of("libx264", 7680 * 4320) == 3072 * MIB * 7680 * 4320 // (4096 * 2176)
    assert limits_of(target_of(large, Wishes()), 60, large).memory_bytes == 3072 * MIB
