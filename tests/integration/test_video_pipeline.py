"""The video pipeline on real films, with real tools, in a plain folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reelyard.kit.processes import runner_in
from reelyard.media.cut_list import CutList
from reelyard.pipelines.video import PIPELINE
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.testing.media import Film, MediaMaker
from reelyard.testing.pipeline_suite import pipeline_suite
from reelyard.tools.cutting.film_index import film_index
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect

TWO = "The old man looked at the river.\n\n\n\n\nPeople work hard in the big city."


class TestVideo(pipeline_suite(PIPELINE, remove_silence=True, detect_highlights=True, transcribe=False)):  # type: ignore[misc]
    pass


def edit(path: Path, work: Path, **settings: object) -> tuple[LocalFolder, dict[str, Any]]:
    order = LocalOrder(path, inspect(path, run=runner_in(path.parent), name=path.name), settings, path.name)
    with LocalFolder(work) as folder:
        return folder, run_locally(PIPELINE, order, folder)


def cuts_of(folder: LocalFolder) -> CutList:
    return CutList.from_json(json.loads(folder.artifact("cuts.json").read_text()))


def test_what_is_said_stays_and_the_pause_between_goes(make: MediaMaker, tmp_path: Path) -> None:
    film = make.spoken_film("talk.mp4", TWO)

    folder, facts = edit(
        film, tmp_path / "work", remove_silence=True, min_silence_duration=0.5, detect_highlights=True,
        recogniser="pocketsphinx", captions=("srt", "vtt", "embedded"), timelines=("edl", "fcpxml", "otio"),
    )  # fmt: skip

    cuts = cuts_of(folder)
    made = inspect(folder.artifact("film.mp4"), run=runner_in(tmp_path))
    assert facts["silence"]["cuts"] >= 1
    assert facts["render"]["check"]["right"]
    assert facts["render"]["frames"] == cuts.kept_frames < facts["index"]["source_frames"]
    assert made.duration_s == pytest.approx(float(cuts.duration), abs=0.05)
    for role in ("captions.srt", "captions.vtt", "highlights.json", "timeline.edl", "film-captioned.mp4"):
        assert folder.artifact(role).stat().st_size > 0


def test_a_film_without_sound_is_kept_whole_and_the_reason_is_said(make: MediaMaker, tmp_path: Path) -> None:
    film = make.film("mute.mp4", Film(sound=False))

    folder, facts = edit(film, tmp_path / "work", remove_silence=True, detect_highlights=True)

    assert cuts_of(folder).cuts_nothing
    assert "nothing was cut: the film has no sound" in folder.warnings
    assert facts["render"]["way"] == "copied"
    assert not folder.artifact("captions.srt").exists()


def test_only_a_plan_is_made_where_nothing_is_to_be_rendered(make: MediaMaker, tmp_path: Path) -> None:
    folder, facts = edit(make.film(), tmp_path / "work", render=False, transcribe=False)

    assert "render" not in facts
    assert cuts_of(folder).kept_frames == 50


@pytest.mark.parametrize("form", ["mov", "webm"])
def test_another_container_holds_the_same_pictures(make: MediaMaker, tmp_path: Path, form: str) -> None:
    film = make.film("film.mkv", Film(seconds=1))

    folder, facts = edit(film, tmp_path / "work", transcribe=False, export_format=form)

    assert facts["render"]["frames"] == 25
    assert inspect(folder.artifact(f"film.{form}"), run=runner_in(tmp_path)).format == form


def test_a_film_is_scaled_down_and_up_only_when_that_is_asked_for(make: MediaMaker, tmp_path: Path) -> None:
    film = make.film("film.mp4", Film(seconds=0.4, width=320, height=180))

    _, kept = edit(film, tmp_path / "kept", transcribe=False, export_quality="720p")
    folder, grown = edit(film, tmp_path / "grown", transcribe=False, export_quality="720p", upscale=True)

    assert kept["render"]["way"] == "copied"
    assert grown["render"]["way"] == "encoded"
    shown = inspect(folder.artifact("film.mp4"), run=runner_in(tmp_path)).video[0]
    assert (shown.width, shown.height) == (1280, 720)


def test_captions_are_drawn_into_the_picture_when_ordered(make: MediaMaker, tmp_path: Path) -> None:
    film = make.spoken_film("talk.mp4", "The old man looked at the river.")

    folder, facts = edit(film, tmp_path / "work", recogniser="pocketsphinx", captions=("burnt",))

    assert facts["burn"]["reason"] == "Captions are drawn into the picture."
    assert not folder.artifact("captions.srt").exists()


def test_loudness_is_brought_to_what_was_ordered_without_encoding_the_picture(
    make: MediaMaker, tmp_path: Path
) -> None:
    film = make.spoken_film("talk.mp4", TWO)

    _, facts = edit(
        film, tmp_path / "work", remove_silence=True, min_silence_duration=0.5, transcribe=False, loudness=-16
    )

    assert facts["render"]["way"] in ("smart cut", "encoded")
    assert facts["render"]["check"]["right"]


def test_the_chapters_of_a_film_follow_its_cuts(make: MediaMaker, tmp_path: Path) -> None:
    film = make.spoken_film("talk.mp4", TWO)
    length = inspect(film, run=runner_in(tmp_path)).duration_s or 0
    texts = tmp_path / "chapters.txt"
    middle, end = int(length * 500), int(length * 1000)
    texts.write_text(
        f";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND={middle}\ntitle=One\n"
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={middle}\nEND={end}\ntitle=Two\n"
    )
    named = make.encode(
        make.folder / "named.mp4", "-i", str(film), "-i", str(texts), "-map_chapters", "1", "-c", "copy",
        reads=(film, texts),
    )  # fmt: skip

    folder, _ = edit(
        named, tmp_path / "work", remove_silence=True, min_silence_duration=0.5, transcribe=False
    )

    frames = film_index(
        Source(folder.artifact("film.mp4"), inspect(folder.artifact("film.mp4"), run=runner_in(tmp_path))),
        run=runner_in(tmp_path),
        target=tmp_path / "index",
    )
    one, two = frames.chapters
    assert (one.title, two.title) == ("One", "Two")
    assert float(two.start) < middle / 1000
    assert float(two.end) == pytest.approx(float(cuts_of(folder).duration), abs=0.05)
