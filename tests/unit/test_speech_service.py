from pathlib import Path

import pytest

from reelyard.tools.speech.service import speech_service


def test_a_child_has_one_thread_unless_told_otherwise() -> None:
    assert ("OMP_NUM_THREADS", "1") in speech_service({}).command.env
    assert ("OMP_NUM_THREADS", "4") in speech_service({"OMP_NUM_THREADS": "4"}).command.env


def test_a_child_never_asks_the_network_for_a_model() -> None:
    command = speech_service({}).command

    assert ("HF_HUB_OFFLINE", "1") in command.env
    assert not command.network


def test_folders_of_models_are_readable_and_named_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)

    command = speech_service({"REELYARD_MODELS": "models", "REELYARD_WHISPER_MODEL": "small"}).command

    assert ("REELYARD_MODELS", str(tmp_path / "models")) in command.env
    assert ("REELYARD_WHISPER_MODEL", "small") in command.env
    assert tmp_path / "models" in command.reads
