"""The command line where no server runs: it is the holder itself, and leaves things in order."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.commands import Shell, command, start

from reelyard.storage.datafolder import holder
from reelyard.testing.media import MediaMaker

LONG = "The quick brown fox jumps over the lazy dog.\n\n" * 2


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "data", capsys)


@pytest.mark.timeout(240)  # two starts of everything
def test_the_first_interrupt_pauses_cleanly_and_the_same_command_goes_on(tmp_path: Path) -> None:
    recording = MediaMaker(tmp_path).speech("long.wav", LONG)
    words = (
        "transcribe",
        recording,
        "--data",
        tmp_path / "data",
        "--out",
        tmp_path / "out",
        "--json",
        "--workers",
        1,
    )
    process = start(*words)
    assert process.stdout is not None
    for line in process.stdout:
        if '"transcribe ' in line:
            break

    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
    out, err = process.communicate(timeout=90)

    assert process.returncode == 130, err
    assert json.loads(out.splitlines()[-1])["event"] == "interrupted"
    assert "Traceback" not in err
    assert holder(tmp_path / "data") is None

    again = command(*words)

    assert again.code == 0, again.err
    assert len(again.told("resumed")) == 1
    assert (tmp_path / "out" / "long.txt").read_text().strip()


def test_without_a_server_commands_work_and_make_nothing_up(shell: Shell) -> None:
    assert "no batches yet" in shell("batches", "list").out
    assert shell("batches", "show", "nothing").code == 1
    assert holder(shell.data) is None


@pytest.mark.timeout(300)  # films are made, and a story
def test_a_demonstration_names_what_was_refused_and_ends_by_itself_without_a_terminal(tmp_path: Path) -> None:
    said = command("demo", "--out", tmp_path / "out", "--data", tmp_path / "data", "--workers", 2)

    assert said.code == 0, said.err
    assert "Reelyard listens at http://127.0.0.1:" in said.out
    assert "leaflet.pdf: The file looks like a PDF document." in said.out
    assert "2 done, 1 refused" in said.out
    assert "\n2 done, in" in said.out
    assert "\n1 done, in" in said.out
    assert {path.suffix for path in (tmp_path / "out").glob("meeting.*")} == {".txt", ".srt", ".vtt", ".json"}
    films = {path.name for path in (tmp_path / "out").glob("river*")}
    assert {"river.mp4", "river.srt", "river-cuts.json", "river-highlights.json"} <= films
    story = {path.name for path in (tmp_path / "out" / "harbour").rglob("*")}
    assert {"story.mp4", "narration.m4a", "captions.srt", "cover.jpg", "0003.jpg", "0003.m4a"} <= story


def test_a_server_says_where_it_listens_and_ends_in_order(tmp_path: Path) -> None:
    process = start("serve", "--port", 0, "--data", tmp_path / "data", "--workers", 1)
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]

    held = holder(tmp_path / "data")
    assert held is not None
    assert held.address == address
    second = command("serve", "--port", 0, "--data", tmp_path / "data")
    assert second.code == 2
    assert f"It listens at {address}" in second.err

    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=90)
    assert process.returncode == 0
    assert "Traceback" not in err


def test_doctor_tells_what_is_there_and_that_it_works(shell: Shell) -> None:
    said = shell("doctor")

    assert said.code == 0, said.out
    for topic in ("python", "machine", "ffmpeg", "isolation", "speech", "voices", "servers", "data", "pass"):
        assert f"\nok  {topic}" in f"\n{said.out}" or f"\n--  {topic}" in said.out
    assert said.out.count(" pass ") == 3
    assert "story: a made text" in said.out
    assert not shell.data.exists()


def test_doctor_checks_what_the_data_folder_holds(shell: Shell) -> None:
    shell("batches", "list")

    said = shell("doctor", "--deep", "--no-pass", "--json")

    found = {each["topic"]: each for each in map(json.loads, said.out.splitlines())}
    assert said.code == 0, found
    assert found["invariants"]["state"] == "good"


def test_doctor_names_servers_without_their_keys(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELYARD_IMAGE_SERVER__URL", "https://pictures.example/v1")
    monkeypatch.setenv("REELYARD_IMAGE_SERVER__MODEL", "painter-2")
    monkeypatch.setenv("REELYARD_IMAGE_SERVER__KEY", "never-to-be-shown")

    said = shell("doctor", "--no-pass")

    assert "image server: pictures.example, model painter-2" in said.out
    assert "never-to-be-shown" not in said.out + said.err


def test_doctor_says_what_is_missing(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reelyard.tools.ffmpeg.executable._packed", lambda: None)
    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", lambda: (_ for _ in ()).throw(RuntimeError("none")))

    said = shell("doctor", "--no-pass")

    assert said.code == 1
    assert "BAD ffmpeg       No ffmpeg came with the package on this machine." in said.out


@pytest.mark.parametrize(
    ("words", "environment", "reason"),
    [
        (["serve", "--port", "99999"], {}, "65535"),
        (["batches", "list"], {"REELYARD_LIMITS__FILE_BYTES": "many"}, "limits.file_bytes is not right"),
        (["transcribe"], {}, "PATHS"),
        (["nonsense"], {}, "nonsense"),
    ],
)
def test_a_bad_option_or_setting_is_named_without_a_traceback(
    words: list[str], environment: dict[str, str], reason: str
) -> None:
    said = command(*words, **environment)

    assert said.code == 2
    assert reason in said.err
    assert said.err.startswith("reelyard: ")
    assert said.err.count("\n") == 1


def test_help_imports_nothing_heavy() -> None:
    heavy = {
        "httpx",
        "pydantic",
        "sqlalchemy",
        "fastapi",
        "numpy",
        "distributed",
        "av",
        "uvicorn",
        "structlog",
    }
    code = "import sys, reelyard.cli.app; print(*sorted({name.split('.')[0] for name in sys.modules}))"

    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()

    assert not heavy & set(loaded)
    assert command("--help").code == 0
    assert command("--version").out.startswith("reelyard ")
