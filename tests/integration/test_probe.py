"""Looking into files with the real tools: what each is, however it is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reelyard.kit.processes import Command, Finished, Runner
from reelyard.media.info import Kind, MediaInfo
from reelyard.testing.media import FILM_CODECS, SOUND_CODECS, Film, MediaMaker
from reelyard.tools.ffmpeg import probe_child
from reelyard.tools.ffmpeg.probe import inspect


@pytest.mark.parametrize("extension", [*SOUND_CODECS])
def test_every_sound_is_known_by_content_whatever_its_name(
    make: MediaMaker, run: Runner, extension: str
) -> None:
    path = make.tone(f"tone{extension}", seconds=1.0)
    path = path.rename(path.with_suffix(".jpeg"))

    info = inspect(path, run=run)

    expected = {".mp4": "m4a"}.get(extension, extension[1:])
    assert (info.kind, info.format) == (Kind.AUDIO, expected)
    assert info.duration_s == pytest.approx(1.0, abs=0.1)
    assert len(info.audio) == 1
    assert (info.video, info.warnings) == ((), ())


@pytest.mark.parametrize("extension", [*FILM_CODECS])
def test_every_film_is_known_with_its_streams(make: MediaMaker, run: Runner, extension: str) -> None:
    path = make.film(f"film{extension}", Film(seconds=1.0, width=64, height=48, rate=10))

    info = inspect(path, run=run)

    film = info.video[0]
    assert (info.kind, info.format, info.mime.partition("/")[0]) == (Kind.VIDEO, extension[1:], "video")
    assert (film.width, film.height, film.frame_rate, film.rotation) == (64, 48, 10.0, 0)
    assert info.duration_s == pytest.approx(1.0, abs=0.15)
    assert info == MediaInfo.from_json(info.to_json())


def test_a_text_needs_no_child(tmp_path: Path) -> None:
    path = tmp_path / "story"
    path.write_text("# Once upon a time\n")

    def nobody(command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        raise AssertionError("a child was started")

    info = inspect(path, run=nobody, name="Story.MD")

    assert (info.kind, info.format, info.duration_s) == (Kind.DOCUMENT, "md", None)


@pytest.mark.parametrize(("turned", "clockwise"), [(90, 270), (-90, 90), (180, 180)])
def test_rotation_is_told_clockwise(make: MediaMaker, run: Runner, turned: int, clockwise: int) -> None:
    film = make.film("film.mp4", Film(seconds=0.5))
    rotated = make.encode(
        make.folder / "rotated.mp4",
        *("-display_rotation", str(turned), "-i", str(film), "-c", "copy"),
        reads=(film,),
    )

    assert inspect(rotated, run=run).video[0].rotation == clockwise


def test_pixels_that_are_not_square_are_told(make: MediaMaker, run: Runner) -> None:
    film = make.film("film.mp4", Film(seconds=0.5, options=("-vf", "setsar=2/3")))

    assert inspect(film, run=run).video[0].sample_aspect == (2, 3)


@pytest.mark.parametrize("extension", [".mp3", ".m4a"])
def test_a_cover_does_not_make_a_film(make: MediaMaker, run: Runner, extension: str) -> None:
    tone = make.tone(f"tone{extension}")
    path = make.encode(
        make.folder / f"covered{extension}",
        *("-i", str(tone), "-f", "lavfi", "-i", "color=red:s=64x64:d=0.04", "-map", "0:a", "-map", "1:v"),
        *("-c:a", "copy", "-c:v", "mjpeg", "-frames:v", "1", "-disposition:v", "attached_pic"),
        *(("-f", "mp4") if extension == ".m4a" else ()),
        reads=(tone,),
    )

    info = inspect(path, run=run)

    assert info.kind is Kind.AUDIO
    assert [film.is_cover for film in info.video] == [True]


def test_a_clock_that_does_not_begin_at_zero_does_not_lengthen_the_film(
    make: MediaMaker, run: Runner
) -> None:
    path = make.film("film.mkv", Film(seconds=2.0, options=("-output_ts_offset", "5")))

    info = inspect(path, run=run)

    assert info.start_s == pytest.approx(5.0, abs=0.1)
    assert info.duration_s == pytest.approx(2.0, abs=0.1)


def test_a_film_whose_header_has_no_length_is_measured(make: MediaMaker, run: Runner) -> None:
    path = make.film("live.webm", Film(seconds=1.5, options=("-live", "1")))

    assert inspect(path, run=run).duration_s == pytest.approx(1.5, abs=0.1)


def test_the_probe_s_answer_is_plain_json(make: MediaMaker) -> None:
    with make.film("film.mkv").open("rb") as stream:
        answer = probe_child.main("matroska", 64, 50_000_000, 5.0, fd=stream.fileno())

        broken_answer = probe_child.main("mov", 64, 50_000_000, 5.0, fd=stream.fileno())

    assert broken_answer["error"] == "InvalidDataError"
    assert json.loads(json.dumps(answer))["scan"]["complete"] is True
    assert [stream["type"] for stream in answer["streams"]] == ["video", "audio"]


def test_speech_is_spoken(make: MediaMaker, run: Runner) -> None:
    info = inspect(make.speech("hello.wav", "Good morning, and welcome."), run=run)

    assert info.audio[0].sample_rate == 16000
    assert info.duration_s is not None
    assert 1 < info.duration_s < 4


def test_a_film_speaks(make: MediaMaker, run: Runner) -> None:
    info = inspect(make.spoken_film("hello.mp4", "Good morning."), run=run)

    assert (len(info.video), len(info.audio)) == (1, 1)
    assert sorted(entry.name for entry in make.folder.iterdir()) == ["hello.mp4"]
