"""Speech that a server makes: asked for by the paragraph, decoded apart, its sentences found again in the sound."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from tests.support.narration import Speaker, Told, rms, with_manner

from reelyard.errors import Reject, Retry, ToolFailed
from reelyard.kit.processes import Command, Limits, runner_in
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.narration.chunk import ChunkOrder
from reelyard.tools.narration.order import RATE, Manner
from reelyard.tools.voices.voice import EngineName, Voice

ALLOY = Voice("server:alloy", "alloy", "mul", EngineName.SERVER, None, "host model")


@dataclass
class StubServer:
    """A speech server that beeps: 60 ms for each letter, 0.4 s of silence behind each sentence."""

    suffix: str = "wav"
    answer: bytes | None = None
    asked: list[tuple[str, str, str, float]] = field(default_factory=list)
    folder: Path = Path()

    def speak(self, text: str, voice: str, instructions: str, rate: float) -> bytes:
        self.asked.append((text, voice, instructions, rate))
        if self.answer is not None:
            return self.answer
        sound = _wave(np.concatenate(list(_beeps(text))))
        if self.suffix == "wav":
            return sound
        source, target = self.folder / "answer.wav", self.folder / f"answer.{self.suffix}"
        source.write_bytes(sound)
        argv = (ffmpeg(), "-v", "error", "-i", f"file:{source}", "-y", f"file:{target}")
        runner_in(self.folder)(Command(argv, (source,), (target,), Limits(60, 60)))
        return target.read_bytes()


def _beeps(text: str) -> Iterator[np.ndarray]:
    for sentence in text.replace("!", ".").split("."):
        letters = sum(map(str.isalnum, sentence))
        if letters:
            time = np.arange(round(letters * 0.06 * 16_000)) / 16_000
            yield (8_000 * np.sin(2 * np.pi * 300 * time)).astype(np.int16)
            yield np.zeros(round(0.4 * 16_000), np.int16)


def _wave(samples: np.ndarray) -> bytes:
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return data.getvalue()


@pytest.fixture
def server(tmp_path: Path) -> StubServer:
    return StubServer(folder=tmp_path)


@pytest.fixture
def elsewhere(tmp_path: Path, server: StubServer) -> Iterator[Speaker]:
    found = Speaker(tmp_path, server=server)
    yield found
    found.end()


def tell(speaker: Speaker, *paragraphs: str, manner: Manner | None = None) -> Told:
    return speaker.tell(ChunkOrder(paragraphs, ALLOY, "en", manner=manner or Manner()))


def test_sentences_are_found_in_the_sound_of_their_paragraph(elsewhere: Speaker, server: StubServer) -> None:
    told = tell(elsewhere, "A rather long first sentence. Short one! And a third one of some length.", "End.")

    assert [len(asked[0].split()) for asked in server.asked] == [14, 1]  # a request for a paragraph
    assert told.facts.estimated
    ends = 0.0
    for segment in told.facts.segments:
        letters = sum(map(str.isalnum, segment.text))
        assert segment.end - segment.start == pytest.approx(letters * 0.06, abs=0.05), segment
        assert rms(told.between(segment.start, segment.end)) > 1_000
        assert rms(told.between(ends, segment.start - 0.01)) < 20
        ends = segment.end + 0.01
    assert [segment.text for segment in told.facts.segments][1] == "Short one!"


def test_voice_prompt_and_pace_are_handed_on(elsewhere: Speaker, server: StubServer) -> None:
    manner = Manner(prompt="like a grandmother", rate=1.5)

    tell(elsewhere, "Words.", manner=manner)

    assert server.asked == [("Words.", "alloy", "like a grandmother", 1.5)]


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "m4a", "wav"])
def test_whatever_the_server_answers_with_is_decoded(
    elsewhere: Speaker, server: StubServer, suffix: str
) -> None:
    server.suffix = suffix

    told = tell(elsewhere, "Some words that are said.")

    (segment,) = told.facts.segments
    assert segment.end - segment.start == pytest.approx(20 * 0.06, abs=0.1)


def test_a_paragraph_too_long_for_one_request_is_asked_for_in_several(
    elsewhere: Speaker, server: StubServer
) -> None:
    told = tell(elsewhere, "These are some words of a sentence. " * 120)

    assert len(server.asked) == 2
    assert all(len(text) <= 3_000 for text, *_ in server.asked)
    assert len(told.facts.segments) == 120
    assert not told.facts.warnings


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b'{"error": "no"}', "no sound"),
        (b"", "no sound"),
        (b"RIFF\0\0\0\0WAVEgarbage", "cannot be read|without any length"),
        (b"ID3" + b"\0" * 400, "cannot be read|without any length"),
        (_wave(np.zeros(0, np.int16)), "cannot be read|without any length"),
    ],
)
def test_an_answer_that_is_no_sound_is_said_to_be_none(
    elsewhere: Speaker, server: StubServer, answer: bytes, said: str
) -> None:
    server.answer = answer

    with pytest.raises(ToolFailed, match=said):
        tell(elsewhere, "Words.")


def test_silence_in_place_of_words_is_noticed(elsewhere: Speaker, server: StubServer) -> None:
    server.answer = _wave(np.zeros(16_000, np.int16))

    with pytest.raises(Reject, match="no sound") as refused:
        tell(elsewhere, "These words were never said.")

    assert refused.value.code == "not_spoken"
    assert len(server.asked) == 2  # once more before it is given up
    assert not list(elsewhere.folder.glob("recorded-*"))


def test_what_the_server_refuses_is_passed_on(tmp_path: Path) -> None:
    class Busy:
        def speak(self, text: str, voice: str, instructions: str, rate: float) -> bytes:
            raise Retry("The speech server is busy.")

    speaker = Speaker(tmp_path, server=Busy())

    with pytest.raises(Retry, match="busy"):
        tell(speaker, "Words.")


def test_without_a_server_its_voices_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Reject, match="none is configured") as refused:
        tell(Speaker(tmp_path), "Words.")

    assert refused.value.code == "unknown_voice"


def test_the_prompt_is_part_of_the_key_where_it_is_used() -> None:
    from reelyard.tools.narration.chunk import spoken_key

    order = ChunkOrder(("Words.",), ALLOY, "en")
    assert spoken_key(order) != spoken_key(with_manner(order, Manner(prompt="softly")))
    assert RATE == 24_000
