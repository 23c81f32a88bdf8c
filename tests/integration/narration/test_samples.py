"""Voices heard before they are chosen, and a narration read back by a recogniser."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support.narration import Speaker, rms

from reelyard.errors import LanguageUnsupported
from reelyard.kit.processes import Command, Limits, runner_in
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.narration.order import RATE
from reelyard.tools.narration.samples import sample
from reelyard.tools.narration.soundtrack import SoundOrder, make_soundtrack
from reelyard.tools.speech import choice as recognisers
from reelyard.tools.speech import service
from reelyard.tools.speech.recogniser import Task
from reelyard.tools.speech.windows import Window
from reelyard.tools.speech.word_error import word_error
from reelyard.tools.voices import choice

SENTENCES = (
    "The old man looked at the boats on the river.",
    "People have to work very hard to make money in the big city.",
    "I think that the president will speak to the people tonight.",
)


def test_a_sample_is_a_short_wave_file_in_the_voices_language(speaker: Speaker) -> None:
    has = choice.inventory({})
    for name in ("de+f3", "en-us", "fr-fr"):
        data = sample(choice.resolve(name, None, has), speaker.studio)

        with wave.open(io.BytesIO(data)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
            sound = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert 1 < len(sound) / RATE < 8
        assert rms(sound) > 300


def test_a_voice_without_a_sentence_is_tried_by_a_given_one(speaker: Speaker) -> None:
    welsh = choice.resolve("cy", None, choice.inventory({}))

    with pytest.raises(LanguageUnsupported, match="no sentence"):
        sample(welsh, speaker.studio)
    assert sample(welsh, speaker.studio, "Bore da.").startswith(b"RIFF")


@pytest.mark.parametrize("voice", [voice.id for voice in choice.voices(choice.inventory({}))[::70]])
def test_voices_of_the_list_can_speak(speaker: Speaker, voice: str) -> None:
    assert rms(speaker.say("Okay, 1 2 3.", voice=voice).sound) > 100


def test_a_narration_is_understood_when_it_is_read_back(speaker: Speaker, tmp_path: Path) -> None:
    told = speaker.say(" ".join(SENTENCES), voice="en-us")
    target, pcm = speaker.folder / "back.m4a", speaker.folder / "back.pcm"
    run = runner_in(speaker.folder)
    order = SoundOrder((told.path,), "m4a", "Back", ("Back",), "en")
    track = make_soundtrack(order, target, [speaker.folder / "back-1.m4a"], run=run)
    argv = (
        ffmpeg(),
        "-v",
        "error",
        "-i",
        f"file:{target}",
        "-ar",
        "16000",
        "-f",
        "s16le",
        "-y",
        f"file:{pcm}",
    )
    run(Command(argv, (target,), (pcm,), Limits(60, 60)))
    by = recognisers.resolve("pocketsphinx", None, recognisers.inventory({}))

    heard = []
    listener = Speaker(speaker.folder)
    for segment in track.transcript.segments:
        begin, end = (round(second * 16_000) for second in (max(0, segment.start - 0.1), segment.end + 0.1))
        window = Window.from_json([[begin, end]])
        asked = service.transcribe(pcm, Task(window, "en"), by)
        answer: Any = listener.ask(service.speech_service({"HF_HUB_CACHE": "/nowhere"}), asked, timeout_s=60)
        heard.append(" ".join(str(one["text"]) for one in answer["segments"]))
    listener.end()

    error = word_error(" ".join(SENTENCES), " ".join(heard))
    assert error.rate < 0.3, heard  # measured: 0.12
