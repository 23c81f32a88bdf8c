"""The story pipeline on real texts, with real tools, in a plain folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelyard.errors import Reject
from reelyard.kit.processes import Command, runner_in
from reelyard.media.story import Story
from reelyard.media.transcript import Transcript
from reelyard.pipelines.story import PIPELINE
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.testing.media import MediaMaker
from reelyard.testing.pipeline_suite import pipeline_suite
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.probe import inspect

pytestmark = pytest.mark.timeout(180)

RATE = 16_000
TEXT = """The Fisherman's Cat

The old fisherman had a black cat. Every morning she sat on the pier and waited for the red boat.

One night a storm came over the sea. The lighthouse shone, and the boat found its way home.

In the kitchen a lamp was lit. The cat slept beside the stove, and nobody woke her.
"""
QUICK: dict[str, Any] = {"words_per_chunk": 20, "film_quality": "720p", "movement": "still"}


class TestStory(pipeline_suite(PIPELINE, images=False)):  # type: ignore[misc]
    pass


def tell(folder: Path, text: str = TEXT, **settings: Any) -> tuple[LocalFolder, dict[str, Any]]:
    (given := folder / "given").mkdir()
    path = given / "story.txt"
    path.write_text(text)
    info = inspect(path, run=runner_in(given), name=path.name)
    with LocalFolder(folder / "work") as work:
        return work, run_locally(PIPELINE, LocalOrder(path, info, {**QUICK, **settings}, path.name), work)


def told(path: Path, folder: Path) -> None:
    """Look into the file and tell it, as it comes."""
    info = inspect(path, run=runner_in(path.parent), name=path.name)
    with LocalFolder(folder) as work:
        run_locally(PIPELINE, LocalOrder(path, info, QUICK, path.name), work)


def story_of(work: LocalFolder) -> Story:
    return Story.from_json(json.loads(work.artifact("chunks.json").read_bytes()))


def times_of(work: LocalFolder) -> Transcript:
    return Transcript.from_json(json.loads(work.artifact("narration.json").read_bytes()))


def timing_of(work: LocalFolder) -> list[tuple[float, float]]:
    told = json.loads(work.artifact("timing.json").read_bytes())
    return [(one["start"], one["end"]) for one in told["chunks"]]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def picture_at(path: Path, seconds: float, folder: Path) -> np.ndarray[Any, Any]:
    """A small grey copy of the picture at a time of a film, or of a still."""
    target = folder / "one.grey"
    argv = (
        *(ffmpeg(), "-v", "error", *(("-ss", f"{seconds:.3f}") if seconds else ()), "-i", str(path)),
        *("-frames:v", "1"),
        *("-vf", "scale=32:18:flags=area,format=gray", "-f", "rawvideo", "-y", str(target)),
    )
    runner_in(folder)(Command(argv, reads=(path,), writes=(target,)))
    return np.fromfile(target, np.uint8).astype(int)


def sound_of(path: Path, folder: Path) -> np.ndarray[Any, Any]:
    target = folder / "sound.pcm"
    argv = (
        *(ffmpeg(), "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE)),
        *("-f", "s16le", "-y", str(target)),
    )
    runner_in(folder)(Command(argv, reads=(path,), writes=(target,)))
    return np.fromfile(target, "<i2").astype(float)


def loudness(sound: np.ndarray[Any, Any], start: float, end: float) -> float:
    """The root mean square of a stretch."""
    return float(np.sqrt(np.mean(sound[round(start * RATE) : round(end * RATE)] ** 2)))


def test_what_is_said_shown_and_written_agrees_in_time(tmp_path: Path) -> None:
    work, facts = tell(tmp_path, crossfade=0.2)

    story, times, timing = story_of(work), times_of(work), timing_of(work)
    film = work.artifact("story.mp4")
    info = inspect(film, run=runner_in(tmp_path))
    assert words(times.text) == words(TEXT) == words(story.text)
    assert info.duration_s == pytest.approx(facts["sound"]["duration_s"], abs=0.05)
    pictures = [
        picture_at(work.artifact(f"picture-{chunk.number:04}.jpg"), 0, tmp_path) for chunk in story.chunks
    ]
    for number, (start, end) in enumerate(timing):
        shown = picture_at(film, (start + end) / 2, tmp_path)
        far = [float(np.abs(shown - picture).mean()) for picture in pictures]
        assert far[number] == min(far)
        assert far[number] < 4
        said = [one for one in times.segments if start <= one.start < end]
        assert words(" ".join(one.text for one in said)) == words(story.chunks[number].text)
    sound = sound_of(film, tmp_path)
    for segment in times.segments:
        assert loudness(sound, segment.start, segment.end) > 300
    for _, end in timing[:-1]:
        assert loudness(sound, end - 0.1, end + 0.04) < 30


def test_captions_show_each_word_while_it_is_spoken(tmp_path: Path) -> None:
    work, _ = tell(tmp_path, images=False)

    spoken = {word.text: (word.start, word.end) for one in times_of(work).segments for word in one.words}
    cues = re.findall(
        r"(\d+):(\d+):([\d,]+) --> (\d+):(\d+):([\d,]+)\n(.+?)\n\n",
        work.artifact("captions.srt").read_text() + "\n",
        re.DOTALL,
    )
    assert len(cues) > 4
    for *clock, text in cues:
        h1, m1, s1, h2, m2, s2 = (float(part.replace(",", ".")) for part in clock)
        start, end = 3600 * h1 + 60 * m1 + s1, 3600 * h2 + 60 * m2 + s2
        first, last = text.split()[0], text.split()[-1]
        if [text.split().count(word) for word in (first, last)] == [1, 1] and first in spoken:
            assert TEXT.count(first) > 1 or start - 0.05 <= spoken[first][0]
            assert TEXT.count(last) > 1 or spoken[last][1] <= end + 0.05


def test_a_story_may_be_words_only_or_heard_only_or_seen_only(tmp_path: Path) -> None:
    made = {}
    for name, settings in (
        ("text", {"audio": False, "images": False}),
        ("heard", {"images": False, "audio_format": "wav"}),
        ("seen", {"audio": False}),
    ):
        (folder := tmp_path / name).mkdir()
        work, _ = tell(folder, **settings)
        made[name] = {path.name for path in (work.root / "artifacts").iterdir()}

    assert {"story.txt", "chunks.json"} <= made["text"]
    assert not any(role.startswith(("narration", "picture", "captions")) for role in made["text"])
    assert {"narration.wav", "narration-0003.wav", "captions.srt"} <= made["heard"]
    assert {"picture-0003.jpg", "cover.jpg"} <= made["seen"]
    assert not any("story.mp4" in roles for roles in made.values())


def test_a_story_with_captions_drawn_shows_them_in_the_film_alone(tmp_path: Path) -> None:
    work, _ = tell(tmp_path, captions=("burnt",), crossfade=0, text="The sea was calm. A boat came in.")

    assert not work.artifact("captions.srt").exists()
    segment = times_of(work).segments[0]
    film = picture_at(work.artifact("story.mp4"), (segment.start + segment.end) / 2, tmp_path)
    plain = picture_at(work.artifact("picture-0001.jpg"), 0, tmp_path)
    lower, upper = np.abs(film - plain).reshape(18, 32)[13:], np.abs(film - plain).reshape(18, 32)[:10]
    assert lower.max() > 12
    assert upper.mean() < 4


@pytest.mark.parametrize(
    ("text", "code"),
    [(" \n\n \n", "no_text"), ("— … —\n\n* * *\n", "no_text")],
    ids=["blank", "marks"],
)
def test_a_text_without_words_is_refused_in_a_sentence(tmp_path: Path, text: str, code: str) -> None:
    (path := tmp_path / "empty.txt").write_text(text)

    with pytest.raises(Reject) as refused:
        told(path, tmp_path / "work")

    assert refused.value.code in {code, "invalid_media", "unsupported_type"}
    assert refused.value.message.endswith(".")


def test_a_recording_is_no_story(make: MediaMaker, tmp_path: Path) -> None:
    with pytest.raises(Reject, match="not a text"):
        told(make.tone(), tmp_path / "work")
