"""The transcription pipeline on real media, with real tools, in a plain folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reelyard.errors import LanguageUnsupported, ModelUnavailable, ToolFailed
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import runner_in
from reelyard.media.transcript import Transcript
from reelyard.pipelines.transcription import PIPELINE
from reelyard.testing.local_context import LocalContext, LocalFolder, LocalOrder, run_locally
from reelyard.testing.media import MediaMaker
from reelyard.testing.pipeline_suite import pipeline_suite
from reelyard.testing.tiny_whisper import make_tiny_whisper
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.speech.windows import RATE
from reelyard.tools.speech.word_error import word_error

SAID = "The old man looked at the boats on the river. People have to work very hard in the big city."


class TestTranscription(pipeline_suite(PIPELINE, recogniser="pocketsphinx")):  # type: ignore[misc]
    pass


def order(path: Path, **settings: object) -> LocalOrder:
    return LocalOrder(path, inspect(path, run=runner_in(path.parent)), settings)


def test_speech_becomes_text_captions_and_json(make: MediaMaker, tmp_path: Path) -> None:
    spoken = make.speech("spoken.mp3", SAID)

    with LocalFolder(tmp_path / "work") as folder:
        facts = run_locally(PIPELINE, order(spoken, recogniser="pocketsphinx"), folder)

    transcript = Transcript.from_json(json.loads(folder.artifact("transcript.json").read_text()))
    assert word_error(SAID, transcript.text).rate <= 0.4
    assert folder.artifact("transcript.txt").read_text().split() == transcript.text.split()
    assert folder.artifact("transcript.srt").read_text().startswith("1\n00:00:00,")
    assert folder.artifact("transcript.vtt").read_text().startswith("WEBVTT\n\n00:00:00.")
    assert facts["write"]["recogniser"] == "pocketsphinx"
    assert facts["write"]["language"] == "en"
    assert facts["write"]["words"] == transcript.word_count
    assert facts["transcribe"]["better"]
    assert folder.warnings == ["the language was not detected, since pocketsphinx (en-us) knows English only"]


def test_who_watches_sees_the_newest_segment(make: MediaMaker, tmp_path: Path) -> None:
    spoken = make.speech("spoken.wav", SAID)

    with LocalFolder(tmp_path / "work") as folder:
        run_locally(PIPELINE, order(spoken, recogniser="pocketsphinx", language="en"), folder)

    live: list[Any] = [seen["segment"] for _, _, _, seen in folder.progress if seen]
    assert live
    assert set(live[0]) == {"start", "end", "text"}
    assert folder.warnings == []


def test_telephone_quality_is_warned_of(make: MediaMaker, tmp_path: Path) -> None:
    spoken = make.speech("spoken.wav", "The old man looked at the boats.")
    phone = make.encode(make.folder / "phone.wav", "-i", str(spoken), "-ar", "8000", reads=(spoken,))

    with LocalFolder(tmp_path / "work") as folder:
        run_locally(PIPELINE, order(phone, recogniser="pocketsphinx", language="en"), folder)

    assert folder.warnings == [
        "the sound is of telephone quality, in which pocketsphinx gets about two words in three wrong"
    ]


def test_only_the_formats_ordered_are_made(make: MediaMaker, tmp_path: Path) -> None:
    silence = make.silence("silence.wav", 1.0)

    with LocalFolder(tmp_path / "work") as folder:
        run_locally(PIPELINE, order(silence, recogniser="pocketsphinx", formats=["srt"]), folder)

    made = sorted(path.name for path in (tmp_path / "work" / "artifacts").glob("transcript.*"))
    assert made == ["transcript.json", "transcript.srt"]


def test_a_recording_without_speech_completes_with_a_warning(make: MediaMaker, tmp_path: Path) -> None:
    tone = make.tone("tone.flac", 3.0)

    with LocalFolder(tmp_path / "work") as folder:
        facts = run_locally(PIPELINE, order(tone, recogniser="pocketsphinx"), folder)

    assert folder.warnings == ["no speech found"]
    assert facts["write"]["words"] == 0
    assert facts["write"]["language"] is None
    assert folder.artifact("transcript.txt").read_text() == ""


def test_a_whisper_model_on_the_machine_is_taken(
    make: MediaMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELYARD_WHISPER_MODEL", str(make_tiny_whisper(tmp_path / "tiny-random")))
    spoken = make.speech("spoken.ogg", SAID)

    with LocalFolder(tmp_path / "work") as folder:
        facts = run_locally(PIPELINE, order(spoken), folder)

    assert (facts["write"]["recogniser"], facts["write"]["model"]) == ("whisper", "tiny-random")
    assert isinstance(facts["write"]["language_probability"], float)
    assert facts["transcribe"]["better"] is None


def test_a_window_that_was_kept_is_not_recognised_again(make: MediaMaker, tmp_path: Path) -> None:
    spoken = make.speech("spoken.wav", SAID)
    with LocalFolder(tmp_path / "work") as folder:
        asked = order(spoken, recogniser="pocketsphinx", language="en")
        run_locally(PIPELINE, asked, folder)
        (part,) = folder.parts()
        kept = json.loads(part.read_text())
        kept["segments"][0] |= {"text": "kept", "words": []}
        part.write_text(json.dumps(kept))

        facts = run_locally(PIPELINE, asked, folder)

    assert str(facts["write"]["preview"]).startswith("kept")


def transcribed(folder: LocalFolder, order: LocalOrder, windows: list[list[list[int]]]) -> JsonObject:
    """What the stage `transcribe` makes of these windows."""
    stage, settings = PIPELINE.stage("transcribe"), PIPELINE.validate(order.settings)
    tools = stage.tools(settings, PIPELINE.inventory())
    total = folder.artifact("sound.pcm").stat().st_size // 2
    speech = {"total": total, "spans": [span for window in windows for span in window], "windows": windows}
    folder.artifact("speech.json").write_text(json.dumps(speech))
    return stage.run(
        LocalContext(folder, stage, order.input, order.media, settings, tools, folder.root / "work")
    )


def test_a_window_on_which_the_recogniser_fails_is_a_gap_and_not_kept(
    make: MediaMaker, tmp_path: Path
) -> None:
    spoken = make.speech("spoken.wav", SAID)
    asked = order(spoken, recogniser="pocketsphinx")
    with LocalFolder(tmp_path / "work") as folder:
        run_locally(PIPELINE, asked, folder)
        end = folder.artifact("sound.pcm").stat().st_size // 2

        facts = transcribed(folder, asked, [[[end, end + RATE]], [[0, end]]])

    assert facts["degraded"] is True
    assert facts["words"]
    assert any("the recogniser failed from" in warning for warning in folder.warnings)


def test_a_recording_on_which_the_recogniser_fails_throughout_is_failed(
    make: MediaMaker, tmp_path: Path
) -> None:
    silence = make.silence("silence.wav", 1.0)
    asked = order(silence, recogniser="pocketsphinx")
    with LocalFolder(tmp_path / "work") as folder:
        run_locally(PIPELINE, asked, folder)

        with pytest.raises(ToolFailed, match="The speech tools failed") as failed:
            transcribed(folder, asked, [[[2 * RATE, 3 * RATE]]])

    assert failed.value.hint == "Try another recogniser or model."


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"recogniser": "pocketsphinx", "language": "de"}, LanguageUnsupported),
        ({"recogniser": "whisper", "model": "nowhere"}, ModelUnavailable),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_runs(
    make: MediaMaker, tmp_path: Path, settings: dict[str, str], refusal: type[Exception]
) -> None:
    silence = make.silence("silence.wav", 0.5)

    with LocalFolder(tmp_path / "work") as folder, pytest.raises(refusal):
        run_locally(PIPELINE, order(silence, **settings), folder)

    assert folder.facts == {}


@pytest.mark.parametrize(
    "settings", [{"language": "klingon"}, {"model": "../../etc"}, {"formats": []}, {"line_length": 5}]
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        PIPELINE.validate(settings)


def test_importing_the_pipeline_loads_nothing_heavy() -> None:
    heavy = "numpy faster_whisper ctranslate2 pocketsphinx av onnxruntime"
    code = f"import sys, reelyard.pipelines.transcription; print(set('{heavy}'.split()) & set(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "set()"
