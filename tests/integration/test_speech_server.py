"""The speech child, asked over its pipes: detection, PocketSphinx, and Whisper with random weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from reelyard.errors import ModelMissing, Reject, Retry, ToolFailed
from reelyard.kit.processes import Child, runner_in
from reelyard.testing.media import MediaMaker
from reelyard.testing.tiny_whisper import make_tiny_whisper
from reelyard.tools.ffmpeg.decode import decode
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.speech import choice, service
from reelyard.tools.speech.assembly import SpeechMap
from reelyard.tools.speech.recogniser import Identity, Task
from reelyard.tools.speech.windows import RATE, Span, Window
from reelyard.tools.speech.word_error import WordError, word_error

SENTENCES = (
    "The old man looked at the boats on the river.",
    "People have to work very hard to make money in the big city.",
    "I think that the president will speak to the people tonight.",
)
NO_CACHE = "/nowhere"


class Speech:
    """A speech child with the sound files it may read."""

    def __init__(self, root: Path, environ: dict[str, str]) -> None:
        self.root = root
        self.environ = {"HF_HUB_CACHE": NO_CACHE, **environ}
        asked = service.speech_service(self.environ)
        command = replace(asked.command, reads=(*asked.command.reads, root))
        self.child = Child(replace(asked, command=command), root)

    def pcm(self, path: Path) -> Path:
        run = runner_in(self.root)
        target = self.root / f"{path.stem}.pcm"
        return decode(Source(path, inspect(path, run=run)), target, ffmpeg=ffmpeg(), run=run).path

    def map(self, pcm: Path, events: list[Any] | None = None) -> SpeechMap:
        told = events if events is not None else []
        return SpeechMap.from_json(self.child.ask(service.detect(pcm), timeout_s=60, on_event=told.append))

    def identity(self, recogniser: str) -> Identity:
        return choice.resolve(recogniser, None, choice.inventory(self.environ))

    def text(self, pcm: Path, task: Task, by: Identity) -> list[Any]:
        answer: Any = self.child.ask(service.transcribe(pcm, task, by), timeout_s=60)
        segments: list[Any] = answer["segments"]
        return segments


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Speech]]:
    started: list[Speech] = []

    def begin(**environ: str) -> Speech:
        started.append(Speech(tmp_path, environ))
        return started[-1]

    yield begin
    for one in started:
        one.child.kill()


def test_speech_is_found_between_silences_and_told_as_it_goes(
    start: Callable[..., Speech], make: MediaMaker
) -> None:
    speech, events = start(), []  # type: ignore[var-annotated]
    spoken = make.speech("spoken.wav", SENTENCES[0])
    silence = make.silence("silence.wav", 4.0)
    both = make.encode(
        make.folder / "both.wav",
        *("-i", str(silence), "-i", str(spoken), "-i", str(silence), "-filter_complex", "concat=n=3:v=0:a=1"),
        reads=(silence, spoken),
    )

    found = speech.map(speech.pcm(both), events)

    assert 3.5 <= found.spans[0].start_s <= 4.3
    assert found.spans[-1].end_s <= found.seconds - 3.5
    assert len(found.windows) == 1
    assert [gap.reason.value for gap in found.gaps] == ["no speech", "no speech"]
    assert events == [{"done": found.total}]


def test_pocketsphinx_understands_plain_english(start: Callable[..., Speech], make: MediaMaker) -> None:
    speech, total = start(), WordError(0, 0)
    by = speech.identity("pocketsphinx")

    for number, sentence in enumerate(SENTENCES):
        pcm = speech.pcm(make.speech(f"{number}.wav", sentence))
        segments = [s for w in speech.map(pcm).windows for s in speech.text(pcm, Task(w, "en"), by)]
        total += word_error(sentence, " ".join(s["text"] for s in segments))
        words = [word for s in segments for word in s["words"]]
        assert all(a["end"] <= b["start"] for a, b in pairwise(words))
        assert {s["confidence"] for s in segments} == {None}

    assert total.rate <= 0.4


def test_text_is_timed_from_the_start_of_the_recording(
    start: Callable[..., Speech], make: MediaMaker
) -> None:
    speech = start()
    pcm = speech.pcm(make.speech("spoken.wav", SENTENCES[0]))
    by, spoken = speech.identity("pocketsphinx"), pcm.read_bytes()
    (early,) = speech.map(pcm).windows
    pcm.write_bytes(bytes(2 * 100 * RATE) + spoken)
    late = Window(tuple(Span(s.start + 100 * RATE, s.end + 100 * RATE) for s in early.spans))

    segments = speech.text(pcm, Task(late, "en"), by)

    assert segments[0]["start"] >= 100.0
    assert segments[0]["words"][0]["start"] >= 100.0


def test_whisper_gives_words_with_probabilities(
    start: Callable[..., Speech], make: MediaMaker, tmp_path: Path
) -> None:
    speech = start(REELYARD_WHISPER_MODEL=str(make_tiny_whisper(tmp_path / "tiny")))
    by = speech.identity("auto")
    pcm = speech.pcm(make.speech("spoken.wav", SENTENCES[0]))
    window = speech.map(pcm).windows[0]

    language: Any = speech.child.ask(service.detect_language(pcm, [window], by), timeout_s=60)
    with_words = speech.text(pcm, Task(window, "en"), by)
    without = speech.text(pcm, Task(window, "en", word_times=False), by)

    assert 0 < language["probability"] <= 1
    assert all(0 <= w["probability"] <= 1 for s in with_words for w in s["words"])
    assert all(window.spans[0].start_s <= s["start"] < s["end"] for s in (*with_words, *without))
    assert all(s["words"] == [] and 0 <= s["confidence"] <= 1 for s in without)


def test_an_english_model_refuses_another_language(
    start: Callable[..., Speech], make: MediaMaker, tmp_path: Path
) -> None:
    speech = start(REELYARD_WHISPER_MODEL=str(make_tiny_whisper(tmp_path / "tiny", multilingual=False)))
    by, pcm = speech.identity("auto"), speech.pcm(make.silence())

    with pytest.raises(Reject) as refused:
        speech.text(pcm, Task(Window((Span(0, RATE),)), "de"), by)

    assert refused.value.code == "language_unsupported"


def test_a_model_that_is_not_there_says_how_to_put_it_in_place(
    start: Callable[..., Speech], make: MediaMaker
) -> None:
    speech, missing = start(), Identity("whisper", "small", "digest")

    with pytest.raises(ModelMissing) as refused:
        speech.text(speech.pcm(make.silence()), Task(Window((Span(0, RATE),)), "en"), missing)

    assert "hf download Systran/faster-whisper-small --local-dir FOLDER" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "reason"), [("tokenizer.json", "has no tokenizer"), ("model.bin", "cannot be loaded")]
)
def test_a_broken_model_is_missing_too(
    start: Callable[..., Speech], make: MediaMaker, tmp_path: Path, name: str, reason: str
) -> None:
    model = make_tiny_whisper(tmp_path / "tiny")
    if name == "model.bin":
        (model / name).write_bytes(b"no model")
    else:
        (model / name).unlink()
    speech = start(REELYARD_WHISPER_MODEL=str(model))

    with pytest.raises(ModelMissing, match=reason):
        speech.text(speech.pcm(make.silence()), Task(Window((Span(0, RATE),)), "en"), speech.identity("auto"))


def test_a_model_changed_since_the_work_was_given_out_is_not_used(
    start: Callable[..., Speech], make: MediaMaker, tmp_path: Path
) -> None:
    model = make_tiny_whisper(tmp_path / "tiny")
    speech = start(REELYARD_WHISPER_MODEL=str(model))
    by = speech.identity("auto")
    make_tiny_whisper(model, seed=1)

    with pytest.raises(Retry, match="was changed"):
        speech.text(speech.pcm(make.silence()), Task(Window((Span(0, RATE),)), "en"), by)


def test_a_failure_is_an_answer_and_the_child_lives_on(
    start: Callable[..., Speech], make: MediaMaker
) -> None:
    speech = start()

    with pytest.raises(ToolFailed, match="FileNotFoundError"):
        speech.child.ask(service.detect(make.folder / "nowhere.pcm"), timeout_s=60)
    with pytest.raises(Reject, match="does not know"):
        speech.child.ask({"op": "sing"}, timeout_s=60)

    assert speech.map(speech.pcm(make.silence())).windows == ()
