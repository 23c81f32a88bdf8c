"""What films are to become, and the commands that make them: without running any."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelyard.errors import InvalidInput, Reject, ToolCrash, ToolFailed
from reelyard.kit.processes import Command, Finished
from reelyard.media.chapters import Chapter
from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.media.info import AudioStream, Kind, MediaInfo, VideoStream
from reelyard.media.ranges import FrameRange
from reelyard.media.sample_ranges import SampleRange, sample_ranges
from reelyard.tools.captions import Cue
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.rendering.captions import Lettering, captions_file
from reelyard.tools.rendering.chapters import chapters_file
from reelyard.tools.rendering.clips import clip, clip_command
from reelyard.tools.rendering.copying import can_be_copied
from reelyard.tools.rendering.costs import limits_of, memory_of, predicted_cost
from reelyard.tools.rendering.encoders import HARDWARE, picture_options, sound_options, trial_command
from reelyard.tools.rendering.fallback import encoded
from reelyard.tools.rendering.languages import iso_639_2, letters_for
from reelyard.tools.rendering.looks import Looks
from reelyard.tools.rendering.loudness import Measured, loudness_filter, parse
from reelyard.tools.rendering.muxing import Parts, time_scale
from reelyard.tools.rendering.order import Bench, Order
from reelyard.tools.rendering.picture import escaped, kept_expression, picture_filters
from reelyard.tools.rendering.pieces import Cutter
from reelyard.tools.rendering.render import Ingredients, render_command
from reelyard.tools.rendering.soundtrack import Track
from reelyard.tools.rendering.target import (
    Container,
    Target,
    Wishes,
    channels_of,
    needs_encoding,
    needs_sound_encoding,
    picture_of,
    sample_rate_of,
    target_of,
)
from reelyard.tools.rendering.telling import part_of, steadily

MIB = 1024 * 1024
STREAM = VideoStream(0, "h264", 1920, 1080, 30.0, 60.0, "yuv420p")
SOUND = AudioStream(1, "aac", 48000, 2, 60.0, "eng")
ORDINARY = Looks()


def film(sounds: tuple[AudioStream, ...] = (SOUND,), **changes: Any) -> MediaInfo:
    """A minute of 1080p, or with other properties of its picture."""
    return MediaInfo(
        Kind.VIDEO, "mp4", "video/mp4", 10**7, 60.0, audio=sounds, video=(replace(STREAM, **changes),)
    )


def size(info: MediaInfo, quality: str, *, upscale: bool = False) -> tuple[int, int]:
    target = target_of(info, Wishes(quality=quality, upscale=upscale))
    return target.width, target.height


# --- sizes -------------------------------------------------------------------------------------------------


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

    assert picture_of(info).index == 2


# --- what has to be encoded --------------------------------------------------------------------------------


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


# --- encoders ----------------------------------------------------------------------------------------------


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


# --- the picture's filters ---------------------------------------------------------------------------------


def whole(frames: int, rate: Fraction = Fraction(25), start: Fraction = Fraction(0)) -> CutList:
    return CutList.whole(rate, start, frames)


def alternating(frames: int, length: int = 2) -> CutList:
    """Each second stretch of `length` frames is cut, beginning with the second."""
    spans = tuple(
        Span(
            at,
            min(frames, at + length),
            keep=not number % 2,
            reason=Reason.SOUND if not number % 2 else Reason.SILENCE,
        )
        for number, at in enumerate(range(0, frames, length))
    )
    return CutList(Fraction(25), Fraction(0), frames, spans)


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


# --- sound -------------------------------------------------------------------------------------------------


def test_pieces_add_up_to_the_picture_however_many_there_are() -> None:
    cuts = replace(alternating(10_001, 1), rate=Fraction(30000, 1001))

    pieces = list(sample_ranges(cuts, 44_100))

    assert len(pieces) == 5001
    assert sum(piece.length for piece in pieces) == round(cuts.duration * 44_100)
    assert all(abs(piece.length - 44_100 * 1001 / 30000) < 1 for piece in pieces)


def test_only_joins_are_faded() -> None:
    cuts = alternating(6, 2)

    first, last = sample_ranges(cuts, 48_000)
    (only,) = sample_ranges(whole(50, start=Fraction(1, 2)), 48_000)

    assert (first.fade_in, first.fade_out, last.fade_in, last.fade_out) == (0, 240, 240, 0)
    assert only == SampleRange(24_000, 96_000)


def cut(
    pieces: tuple[SampleRange, ...], samples: np.ndarray[Any, Any], block: int
) -> tuple[np.ndarray[Any, Any], int]:
    out = io.BytesIO()
    cutter = Cutter(pieces, out, bytes(4))
    for begin in range(0, len(samples), block):
        cutter.feed(samples[begin : begin + block])
    missing = cutter.finish()
    return np.frombuffer(out.getvalue(), "<i2").reshape(-1, 2), missing


@pytest.mark.parametrize("block", [1, 7, 100, 5000])
def test_the_cutter_gives_the_same_however_the_sound_arrives(block: int) -> None:
    samples = np.arange(4000, dtype="<i2").reshape(-1, 2) + 1
    pieces = (SampleRange(10, 40), SampleRange(50, 30), SampleRange(300, 200, 20, 30), SampleRange(900, 100))

    found, missing = cut(pieces, samples, block)

    assert missing == 0
    assert np.array_equal(found[:70], samples[10:80])
    assert np.array_equal(found[90:240], samples[320:470])
    assert np.array_equal(found[270:], samples[900:1000])
    rising = found[70:90, 0] / samples[300:320, 0]
    assert rising[0] < 0.06
    assert (np.diff(rising) > 0).all()


def test_what_the_sound_is_too_short_for_is_silence() -> None:
    samples = np.full((100, 2), 5, dtype="<i2")

    found, missing = cut((SampleRange(-20, 40), SampleRange(90, 50), SampleRange(200, 10)), samples, 30)

    assert missing == 50
    assert found[:, 0].tolist() == [0] * 20 + [5] * 20 + [5] * 10 + [0] * 50


def test_the_loudness_is_one_gain_and_a_limiter_only_where_peaks_need_it() -> None:
    assert loudness_filter(Measured(-20.0, -12.0), -16.0) == "volume=4.00dB:precision=double"
    limited = loudness_filter(Measured(-20.0, -3.0), -16.0)
    assert limited is not None
    assert "alimiter" in limited
    assert loudness_filter(Measured(-16.02, -3.0), -16.0) is None
    assert loudness_filter(Measured(float("-inf"), float("-inf")), -16.0) is None
    assert loudness_filter(Measured(-69.0, -60.0), -16.0) == "volume=30.00dB:precision=double"


def test_the_loudness_is_read_from_the_last_report() -> None:
    said = 'x\n{\n"input_i" : "-23.10",\n"input_tp" : "-4.50"\n}\n'

    assert parse(said) == Measured(-23.1, -4.5)
    with pytest.raises(ToolFailed):
        parse("nothing")


# --- texts -------------------------------------------------------------------------------------------------


def test_chapters_are_escaped_and_one_line_each() -> None:
    text = chapters_file((Chapter("a=b;\n#c\\", Fraction(0), Fraction(3, 2)),))

    assert text.splitlines() == [
        *(";FFMETADATA1", "[CHAPTER]", "TIMEBASE=1/1000", "START=0", "END=1500", r"title=a\=b\; \#c\\"),
    ]


@pytest.mark.parametrize(
    ("tag", "letters"),
    [
        ("en", "eng"),
        ("en-GB", "eng"),
        ("pt_BR", "por"),
        ("deu", "deu"),
        ("und", None),
        ("xx", None),
        (None, None),
    ],
)
def test_languages_get_three_letters(tag: str | None, letters: str | None) -> None:
    assert iso_639_2(tag) == letters


def test_quicktime_has_letters_of_its_own() -> None:
    assert letters_for("de", Container.MOV) == "ger"
    assert letters_for("de", Container.MP4) == "deu"


def test_captions_are_sized_by_the_shorter_side_and_nothing_in_them_is_a_command() -> None:
    landscape, portrait = (target_of(film(rotation=turn), Wishes()) for turn in (0, 90))
    cues = (Cue(1.004, 62.5, (r"{\b1}bold\N", "two")), Cue(3, 3, ("never",)))

    text = captions_file(cues, landscape, Lettering(size=6))

    assert "DejaVu Sans,65," in text
    assert "DejaVu Sans,65," in captions_file(cues, portrait, Lettering(size=6))
    assert "PlayResX: 1920" in text
    events = [line for line in text.splitlines() if line.startswith("Dialogue")]
    assert events == ["Dialogue: 0,0:00:01.00,0:01:02.50,Default,\\{\\\u2060b1\\}bold\\\u2060N\\Ntwo"]


# --- commands ----------------------------------------------------------------------------------------------


def ordered(info: MediaInfo, wishes: Wishes = Wishes(), cuts: CutList | None = None) -> Order:  # noqa: B008
    return Order(Source(Path("/in/film"), info), cuts or alternating(100), target_of(info, wishes))


def bench(cores: int = 2) -> Bench:
    def run(command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        raise AssertionError("nothing is run here")

    return Bench("ffmpeg", run, Path("/work"), cores)


def test_the_film_is_given_as_a_descriptor_and_our_own_files_by_name() -> None:
    track = Track(Path("/work/track-1.pcm"), 48000, 2, "en")
    made = Ingredients(
        Path("/work/picture.filters"), Parts((track,), ("volume=2dB",), Path("/work/chapters"))
    )

    command = render_command(ordered(film()), made, Path("/out/film.mp4"), bench())

    assert command.stdin == Path("/in/film")
    assert "/in/film" not in str(command)
    assert set(command.reads) == {made.script, track.path, Path("/work/chapters")}
    assert command.writes == (Path("/out/film.mp4"),)
    text = str(command)
    assert "-map 0:0 -/filter:v /work/picture.filters" in text
    assert "-map 1:a -filter:a:0 volume=2dB,aresample=48000" in text
    assert "-map_chapters 2" in text
    assert "language=eng" in text
    assert "+faststart" in text


def test_a_clip_begins_at_its_frame_and_never_later() -> None:
    source = Source(Path("/in/film"), film())
    frames = FrameRange(100, 160, Fraction(30000, 1001))

    mp4, webm = (
        clip_command(source, frames, target_of(film(), Wishes(container)), Path("/out/clip"), bench())
        for container in ("mp4", "webm")
    )

    assert mp4.argv[mp4.argv.index("-ss") + 1] == "3.336666"
    assert webm.argv[webm.argv.index("-ss") + 1] == "3.336066"
    assert "atrim=end_sample=96096" in str(mp4)


def test_a_clip_of_nothing_is_refused() -> None:
    source = Source(Path("/in/film"), film())

    with pytest.raises(InvalidInput, match="are no clip"):
        clip(source, FrameRange(5, 5, Fraction(25)), target_of(film(), Wishes()), Path("/out/clip"), bench())


def test_progress_is_a_share_of_the_whole_and_goes_on_while_nothing_is_written() -> None:
    told: list[float] = []
    listen = steadily(10.0, part_of(told.append, 0.5, 0.5))

    for line in ("out_time_us=2000000", "progress=continue", "out_time_us=N/A", "progress=continue", "noise"):
        listen(line)

    assert told == pytest.approx([0.6, 0.6, 0.6])


# --- costs -------------------------------------------------------------------------------------------------


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
