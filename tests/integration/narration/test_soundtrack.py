"""The narration as people get it: per chunk and whole, exact in time, with chapters; redoing one chunk spares the others."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.support.narration import Sound, Speaker, Told, decoded, rms

from reelyard.errors import InvalidInput
from reelyard.kit.processes import runner_in
from reelyard.media.story import Chunk, Story
from reelyard.tools.captions import CaptionFormat, CueStyle, cues, write
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.narration.order import RATE
from reelyard.tools.narration.soundtrack import SoundOrder, Soundtrack, make_soundtrack

TEXTS = (
    "Chapter one\n\nThe old man looked at the boats on the river. Then he left!",
    "It was late, and nobody knew — not even his wife — what he had seen there in 1984.",
    "Yes.",
    "And so the story ends; but the river goes on, past the houses and the bridges and the ships.",
)
FORMATS = ("m4a", "mp3", "wav")


def story() -> Story:
    chunks = tuple(
        Chunk(number, text, "Chapter one" if number == 1 else None) for number, text in enumerate(TEXTS, 1)
    )
    return Story("The “river” & <more>", "en", chunks)


@pytest.fixture(scope="module")
def told(speaker: Speaker) -> list[Told]:
    return [speaker.say(*chunk.paragraphs) for chunk in story().chunks]


def made(
    told: list[Told], folder: Path, sound_format: str, tell: Callable[[float], None] | None = None
) -> Soundtrack:
    folder.mkdir(exist_ok=True)
    order = SoundOrder.of(story(), [one.path for one in told], sound_format)
    files = [folder / f"narration-{number:04}.{sound_format}" for number in range(1, len(told) + 1)]
    return make_soundtrack(
        order, folder / f"narration.{sound_format}", files, run=runner_in(folder), cores=2, tell=tell
    )


def whole(told: list[Told], track: Soundtrack) -> Sound:
    """What should be heard."""
    lengths = (round(length * RATE) for length in track.lengths)
    return np.concatenate(
        [np.pad(one.sound, (0, length - len(one.sound))) for one, length in zip(told, lengths, strict=True)]
    )


@pytest.mark.parametrize("sound_format", FORMATS)
def test_the_whole_is_the_chunks_one_after_the_other_to_the_sample(
    told: list[Told], tmp_path: Path, sound_format: str
) -> None:
    track = made(told, tmp_path, sound_format)

    heard = decoded(tmp_path / f"narration.{sound_format}", tmp_path)
    parts = [decoded(path, tmp_path) for path in sorted(tmp_path.glob(f"narration-*.{sound_format}"))]
    assert len(heard) == round(track.seconds * RATE)
    assert [len(part) for part in parts] == [round(length * RATE) for length in track.lengths]
    together = np.concatenate(parts).astype(np.int32)
    assert np.abs(together - heard).max() <= 2
    noise = rms((heard.astype(np.int32) - whole(told, track)).astype(np.int16))
    assert noise < rms(heard) / 10


@pytest.mark.parametrize("sound_format", FORMATS)
def test_times_are_those_of_the_whole_file(told: list[Told], tmp_path: Path, sound_format: str) -> None:
    track = made(told, tmp_path, sound_format)
    heard = decoded(tmp_path / f"narration.{sound_format}", tmp_path)

    for segment in track.transcript.segments:
        start = round(segment.start * RATE)
        assert rms(heard[start : start + RATE // 10]) > 200, segment
        assert rms(heard[max(0, start - RATE // 25) : start - RATE // 200]) < 60, segment
    assert track.transcript.recogniser == "narration"
    assert track.transcript.model == "espeak:en-us"
    assert track.transcript.duration_s == pytest.approx(track.seconds, abs=0.001)
    assert [segment.id for segment in track.transcript.segments] == list(range(1, 6 + 1))


@pytest.mark.parametrize("sound_format", FORMATS)
def test_chapters_are_read_back(told: list[Told], tmp_path: Path, sound_format: str) -> None:
    track = made(told, tmp_path, sound_format)
    path = tmp_path / f"narration.{sound_format}"

    import av

    with av.open(str(path)) as container:
        found = container.chapters()
    starts = [float(chapter["start"] * chapter["time_base"]) for chapter in found]
    assert starts == pytest.approx(track.starts, abs=0.005)
    titles = [chapter["metadata"]["title"] for chapter in found]
    assert titles[0] == "Chapter one"
    assert titles[1].startswith("It was late, and nobody knew — not even his wife")
    assert titles[1].endswith("…")
    info = inspect(path, run=runner_in(tmp_path))
    assert info.duration_s == pytest.approx(track.seconds, abs=0.05)
    if sound_format == "m4a":
        assert info.audio[0].language == "eng"


def test_a_wave_file_has_cue_points(told: list[Told], tmp_path: Path) -> None:
    track = made(told, tmp_path, "wav")

    data = (tmp_path / "narration.wav").read_bytes()
    at = data.index(b"cue ") + 8
    (count,) = struct.unpack_from("<I", data, at)
    offsets = [struct.unpack_from("<II4sIII", data, at + 4 + 24 * number)[5] for number in range(count)]
    assert offsets == [round(start * RATE) for start in track.starts]
    assert re.search(rb"labl....\x01\0\0\0Chapter one\0", data, re.DOTALL)
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8


@pytest.mark.parametrize("sound_format", FORMATS)
def test_redoing_one_chunk_changes_no_other_chunk(
    speaker: Speaker, told: list[Told], tmp_path: Path, sound_format: str
) -> None:
    before = made(told, tmp_path / "before", sound_format)
    again = made(told, tmp_path / "again", sound_format)
    other = [*told[:1], speaker.say("Other words, and more of them.", voice="en-gb+f2"), *told[2:]]
    after = made(other, tmp_path / "after", sound_format)

    def files(folder: str) -> list[bytes]:
        return [path.read_bytes() for path in sorted((tmp_path / folder).glob(f"narration*.{sound_format}"))]

    assert files("before") == files("again")
    same = [a == b for a, b in zip(files("before"), files("after"), strict=True)]
    assert same == [True, False, True, True, False]  # the last is the whole
    assert before == again
    assert before.starts[1] == after.starts[1]
    assert after.transcript.model == "espeak:en-us, espeak:en-gb+f2"


@pytest.mark.parametrize("sound_format", FORMATS)
def test_it_tells_how_far_it_is(told: list[Told], tmp_path: Path, sound_format: str) -> None:
    heard: list[float] = []

    made(told, tmp_path, sound_format, heard.append)

    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0)


def test_captions_follow_the_words(told: list[Told], tmp_path: Path) -> None:
    track = made(told, tmp_path, "m4a")

    found = cues(track.transcript, CueStyle())
    shown = " ".join(" ".join(cue.lines) for cue in found)
    assert shown == " ".join(" ".join(text.split()) for text in TEXTS)
    assert all(len(line) <= 42 for cue in found for line in cue.lines)
    words = {word.start for segment in track.transcript.segments for word in segment.words}
    assert all(any(abs(cue.start - start) < 0.002 for start in words) for cue in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert write(track.transcript, CaptionFormat.VTT).startswith("WEBVTT")


def test_a_file_of_speech_that_is_cut_off_is_refused(told: list[Told], tmp_path: Path) -> None:
    broken = tmp_path / "broken.spoken"
    broken.write_bytes(told[0].path.read_bytes()[:-2])

    with pytest.raises(InvalidInput, match="no whole file of speech"):
        made([Told(broken, told[0].facts), *told[1:]], tmp_path, "wav")


def test_a_story_of_one_chunk_is_a_narration_too(speaker: Speaker, tmp_path: Path) -> None:
    one = speaker.say("Only this.")
    for sound_format in FORMATS:
        order = SoundOrder((one.path,), sound_format, "One", ("Only this.",))
        target = tmp_path / f"whole.{sound_format}"
        track = make_soundtrack(order, target, [tmp_path / f"1.{sound_format}"], run=runner_in(tmp_path))
        assert len(decoded(target, tmp_path)) == round(track.seconds * RATE)
