"""What ffmpeg's answers mean, and what it is asked: without running it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reelyard.errors import Reject
from reelyard.media.formats import FORMATS, MKV, MP4, OGG
from reelyard.media.info import AudioStream, Kind, MediaInfo, VideoStream
from reelyard.tools.ffmpeg.decode import decode_command, warnings_of
from reelyard.tools.ffmpeg.inputs import Source, demuxer_of
from reelyard.tools.ffmpeg.limits import ProbeLimits, check
from reelyard.tools.ffmpeg.probe import parse, probe_command
from reelyard.tools.ffmpeg.progress import follow, seconds_done
from reelyard.tools.ffmpeg.thumbnail import thumbnail_commands

SOUND = {
    "index": 1,
    "type": "audio",
    "codec": "aac",
    "allowed": True,
    "language": "eng",
    "duration": 30.0,
    "rate": 48000,
    "channels": 2,
    "frame": 1024,
}
FILM = {
    "index": 0,
    "type": "video",
    "codec": "h264",
    "allowed": True,
    "duration": 30.0,
    "width": 1920,
    "height": 1080,
    "frame_rate": 25.0,
    "pixel_format": "yuv420p",
    "aspect": [1, 1],
    "cover": False,
    "rotation": 0,
    "decodes": True,
}
INFO = MediaInfo(
    Kind.VIDEO,
    "mp4",
    "video/mp4",
    1000,
    30.0,
    audio=(AudioStream(1, "aac", 48000, 2, 30.0),),
    video=(VideoStream(0, "h264", 1920, 1080, 25.0),),
)


def answer(*streams: dict[str, Any], read: float = 30.0, **changes: Any) -> dict[str, Any]:
    """The probe child's answer for a file of 30 s of which `read` seconds could be read."""
    found = streams or (FILM, SOUND)
    spans = {str(stream["index"]): [0.0, read] for stream in found}
    packets = {str(stream["index"]): 1 for stream in found}
    scan = {"spans": spans, "packets": packets, "position": 900, "complete": True, "broken": False}
    return {"duration": 30.0, "start": 0.0, "size": 1000, "streams": [*found], "scan": scan, **changes}


def test_a_usual_film_is_understood() -> None:
    info = parse(answer(), MP4, 1000)

    assert (info.kind, info.format, info.mime, info.duration_s, info.warnings) == (
        Kind.VIDEO,
        "mp4",
        "video/mp4",
        30.0,
        (),
    )
    assert info.audio[0].language == "eng"
    assert info.video[0].width == 1920


@pytest.mark.parametrize(
    ("read", "expected", "warnings"),
    [
        (29.8, 30.0, ()),
        (12.0, 12.0, ("The file ends early: 12 of 30 s could be read.",)),
        (29.3, 29.3, ()),
        (86400.0, 86400.0, ()),
    ],
)
def test_the_length_is_what_can_be_read(read: float, expected: float, warnings: tuple[str, ...]) -> None:
    info = parse(answer(read=read), MP4, 1000)

    assert (info.duration_s, info.warnings) == (expected, warnings)


@pytest.mark.parametrize("said", [None, -5.0, 0, 1e18, float("nan"), float("inf")])
def test_a_header_that_says_nonsense_is_not_believed(said: float | None) -> None:
    assert parse(answer(read=7.0, duration=said), MP4, 1000).duration_s == 7.0


def test_frames_count_when_time_stamps_stand_still() -> None:
    found = answer(SOUND, read=0.01)
    found["scan"]["packets"]["1"] = 4_050_000

    assert parse(found, MP4, 1000).duration_s == 86_400.0


def test_a_file_too_long_to_be_read_in_time_is_estimated_by_its_size() -> None:
    found = answer(read=10.0, duration=None)
    found["scan"] |= {"complete": False, "position": 500}

    assert parse(found, MP4, 1000).duration_s == 20.0


def test_a_clock_that_begins_late_is_taken_off() -> None:
    found = answer(SOUND, duration=None, start=5.0)
    found["scan"]["spans"]["1"] = [5.0, 8.0]

    info = parse(found, MKV, 1000)

    assert (info.start_s, info.duration_s) == (5.0, 3.0)


@pytest.mark.parametrize(
    ("streams", "words", "code"),
    [
        (
            [SOUND | {"allowed": False, "codec": "adpcm_thp"}],
            r"sound \(adpcm_thp\) cannot be decoded",
            "unsupported_type",
        ),
        ([FILM | {"decodes": False}], r"film \(h264\) cannot be decoded", "unsupported_type"),
        ([FILM | {"cover": True}], "Nothing in the file can be played", "invalid_media"),
        ([SOUND | {"rate": 0}], "cannot be decoded", "unsupported_type"),
    ],
)
def test_without_anything_usable_it_is_refused(streams: list[dict[str, Any]], words: str, code: str) -> None:
    with pytest.raises(Reject, match=words) as caught:
        parse(answer(*streams), MP4, 1000)

    assert caught.value.code == code
    assert caught.value.hint


def test_a_stream_that_cannot_be_decoded_is_left_out_with_a_warning() -> None:
    info = parse(answer(FILM | {"allowed": False, "codec": "magicyuv"}, SOUND), MKV, 1000)

    assert (info.kind, info.video) == (Kind.AUDIO, ())
    assert info.warnings == ("The film (magicyuv) cannot be decoded here and is left out.",)


def test_a_film_in_a_format_for_sound_counts_as_sound() -> None:
    assert parse(answer(), OGG, 1000).kind is Kind.AUDIO


@pytest.mark.parametrize(("turned", "expected"), [(90, 90), (-90, 270), (-180, 180), (89.6, 90), (360, 0)])
def test_rotation_is_one_of_four(turned: float, expected: int) -> None:
    assert parse(answer(FILM | {"rotation": turned}), MP4, 1000).video[0].rotation == expected


def test_an_empty_file_of_a_known_format_is_refused() -> None:
    with pytest.raises(Reject, match="Nothing in the file can be played"):
        parse(answer(FILM, read=0.0), MP4, 1000)


def test_limits_are_those_that_are_given() -> None:
    check(INFO, ProbeLimits())
    for limits, words in (
        (ProbeLimits(max_duration_s=29), "lasts 30 s; at most 29 s"),
        (ProbeLimits(max_streams=1), "has 2 streams; at most 1"),
        (ProbeLimits(max_pixels=2_000_000), "1920 by 1080 pixels; at most 2 megapixels"),
        (ProbeLimits(max_frame_rate=24), "25 pictures a second; at most 24"),
        (ProbeLimits(max_sample_rate=44_100), "48000 samples a second; 4000 to 44100"),
        (ProbeLimits(max_channels=1), "2 channels; at most 1"),
    ):
        with pytest.raises(Reject, match=words) as caught:
            check(INFO, limits)
        assert caught.value.code == "limits"


@pytest.mark.parametrize(
    ("seconds", "words"), [(100_000, "27.8 h"), (1e18, "more than a year"), (5_000, "83 min")]
)
def test_long_times_are_told_as_people_would(seconds: float, words: str) -> None:
    with pytest.raises(Reject, match=f"lasts {words}"):
        check(replace(INFO, duration_s=seconds), ProbeLimits(max_duration_s=60))


# --- commands -----------------------------------------------------------------------------------------------


def test_ffmpeg_gets_a_descriptor_and_one_demuxer_never_a_name(tmp_path: Path) -> None:
    path = tmp_path / "concat:-i evil.mp4"
    commands = [
        decode_command(Source(path, INFO), tmp_path / "out.wav", ffmpeg="ffmpeg"),
        *thumbnail_commands(Source(path, INFO), tmp_path / "out.jpg", ffmpeg="ffmpeg"),
    ]

    for command in commands:
        text = str(command)
        assert "evil" not in text
        assert "-protocol_whitelist fd -codec_whitelist" in text
        assert "-f mov -fd 0 -i fd:" in text
        assert command.argv.count("-i") == 1
        assert (command.stdin, command.reads, command.network) == (path, (), False)
    assert probe_command(path, MP4).stdin == path


def test_every_medium_has_a_demuxer_and_no_text_has_one() -> None:
    for entry in FORMATS.values():
        assert (entry.demuxer is None) == (entry.kinds == {Kind.DOCUMENT})
    with pytest.raises(Reject, match="A TXT file is neither sound nor film"):
        demuxer_of("txt")


def test_the_bytes_of_a_decoding_are_bounded_as_its_seconds_are() -> None:
    command = decode_command(Source(Path("in"), INFO), Path("out.pcm"), ffmpeg="ffmpeg", max_duration_s=10)

    assert "-t 11.000" in str(command)
    assert command.limits.file_bytes is not None
    assert command.limits.file_bytes < 13 * 32000


def test_a_decoding_that_came_short_or_met_damage_warns() -> None:
    assert warnings_of("", INFO, 29.5) == ()
    assert warnings_of("", INFO, 12.0) == ("The file ends early: 12 of 30 s could be read.",)
    assert warnings_of("[aac] Invalid data found", INFO, 30.0) == (
        "Parts of the sound are damaged and may be missing.",
    )


# --- progress -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("out_time_us=1500000", 1.5),
        ("out_time_us=-5", 0.0),
        ("out_time_us=N/A", None),
        ("out_time=00:00:01", None),
        ("anything", None),
    ],
)
def test_a_progress_line_names_seconds(line: str, seconds: float | None) -> None:
    assert seconds_done(line) == seconds


def test_progress_never_goes_back_nor_beyond_the_whole() -> None:
    heard: list[float] = []
    listen = follow(10.0, heard.append)
    assert listen is not None

    for seconds in (1, 5, 3, 12):
        listen(f"out_time_us={seconds}000000")

    assert heard == [0.1, 0.5, 1.0]
    assert follow(None, heard.append) is None
    assert follow(10.0, None) is None
