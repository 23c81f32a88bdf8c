"""Many files looked into at once: each is judged by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelyard.errors import Reject, ToolCrash
from reelyard.kit.processes import Command, Finished, runner_in
from reelyard.media.info import Kind
from reelyard.testing.media import Film, MediaMaker
from reelyard.tools.bundles.clips import Clip
from reelyard.tools.bundles.opening import open_clips
from reelyard.tools.ffmpeg.limits import ProbeLimits
from reelyard.tools.ffmpeg.probe import inspect


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[Path, str]]:
    make = MediaMaker(tmp_path)
    (tmp_path / "text").write_text("Only words.")
    (tmp_path / "broken").write_bytes(b"\0\0\0\x18ftypisom" + b"\xff" * 4000)
    return [
        (make.film("film.mp4", Film(seconds=0.5)), "a film"),
        (tmp_path / "broken", "broken.mp4"),
        (make.tone("tone.m4a", 0.5), "a tone"),
        (tmp_path / "text", "words.txt"),
        (make.film("film.webm", Film(seconds=0.5, sound=False)), "no sound"),
    ]


def test_each_file_is_what_it_is_alone(tmp_path: Path, files: list[tuple[Path, str]]) -> None:
    run = runner_in(tmp_path)

    found = open_clips(files, run=run, workdir=tmp_path, limits=ProbeLimits())

    film, broken, tone, words, silent = found
    assert isinstance(broken, Reject)
    assert "damaged" in broken.message
    assert isinstance(words, Clip)
    assert words.info.kind is Kind.DOCUMENT
    for clip in (film, tone, silent):
        assert isinstance(clip, Clip)
        alone = inspect(clip.path, run=run, name=clip.title)
        assert (clip.info.format, clip.info.kind) == (alone.format, alone.kind)
        assert clip.info.duration_s == pytest.approx(alone.duration_s, abs=0.05)
        assert [film.width for film in clip.info.video] == [film.width for film in alone.video]


def test_one_that_breaks_the_reader_spoils_no_other(tmp_path: Path, files: list[tuple[Path, str]]) -> None:
    run = runner_in(tmp_path)

    def fragile(command: Command, **options: object) -> Finished:
        if any("opening_child" in word for word in command.argv):
            raise ToolCrash("It crashed.")
        return run(command)

    found = open_clips(files, run=fragile, workdir=tmp_path, limits=ProbeLimits())

    assert [isinstance(one, Clip) for one in found] == [True, False, True, True, True]


def test_limits_hold_for_each(tmp_path: Path, files: list[tuple[Path, str]]) -> None:
    found = open_clips(
        files[:1], run=runner_in(tmp_path), workdir=tmp_path, limits=ProbeLimits(max_duration_s=0.1)
    )

    assert isinstance(found[0], Reject)
    assert found[0].code == "limits"
