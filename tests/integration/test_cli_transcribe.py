"""`reelyard transcribe` through the server that holds the data folder."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from tests.support.commands import Shell
from tests.support.engine import wait_until
from tests.support.served import Served

from reelyard.client import Client
from reelyard.testing.media import MediaMaker


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of speech."""
    return MediaMaker(tmp_path_factory.mktemp("spoken")).speech("talk.wav", "Good morning everyone.")


@pytest.fixture
def shell(served: Served, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(served.container.settings.data, capsys)


@pytest.fixture
def talks(tmp_path: Path, spoken: Path) -> Path:
    """A folder with two recordings in a tree, a text and something hidden."""
    folder = tmp_path / "talks"
    (folder / "2024").mkdir(parents=True)
    shutil.copy(spoken, folder / "2024" / "first.wav")
    shutil.copy(spoken, folder / "second.WAV")
    (folder / "note.txt").write_text("nothing to hear")
    (folder / ".hidden.wav").write_bytes(b"")
    return folder


def names(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if not name.startswith("."))


def test_a_folder_is_transcribed_in_its_tree_and_what_is_finished_is_skipped_by_content(
    shell: Shell, talks: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    first = shell("transcribe", talks, "--out", out, "--json", "-l", "en")

    assert first.code == 0, first.err
    assert names(out) == [
        "talks/2024/first.srt",
        "talks/2024/first.txt",
        "talks/second.srt",
        "talks/second.txt",
    ]
    assert (out / "talks/second.txt").read_text().strip()
    (summary,) = first.told("summary")
    assert (summary["done"], summary["failed"], summary["skipped"]) == (2, 0, 0)
    assert summary["made_by"] == {"pocketsphinx en-us": 2}
    assert "Whisper" in summary["better"]

    (talks / "second.WAV").rename(talks / "renamed.wav")
    again = shell("transcribe", talks, "--out", out, "-l", "en")

    assert again.code == 0
    assert "2 finished before" in again.out
    assert len(names(out)) == 4


def test_another_order_is_done_and_overwrites_nothing(shell: Shell, spoken: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "talk.txt").write_text("my own words")

    said = shell("transcribe", spoken, "-o", out, "-f", "txt", "-f", "json,vtt", "--again")

    assert said.code == 0, said.err
    assert (out / "talk.txt").read_text() == "my own words"
    assert names(out) == ["talk (2).json", "talk (2).txt", "talk (2).vtt", "talk.txt"]


def test_a_text_is_refused_by_name_and_the_others_go_on(
    shell: Shell, spoken: Path, talks: Path, tmp_path: Path
) -> None:
    said = shell("transcribe", talks / "note.txt", spoken, "--out", tmp_path / "out")

    assert said.code == 1
    assert "1 done, 1 refused" in said.out
    assert f"refused: {talks / 'note.txt'}: It is a text, not sound or film." in said.out


def test_when_nothing_succeeds_the_code_says_so(shell: Shell, tmp_path: Path) -> None:
    broken, empty = tmp_path / "broken.mp3", tmp_path / "empty.wav"
    broken.write_bytes(b"\x00" * 5000)
    empty.touch()

    said = shell("transcribe", tmp_path, "--out", tmp_path / "out", "--json")

    assert said.code == 3
    assert {Path(each["source"]).name for each in said.told("refused")} == {"broken.mp3", "empty.wav"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--format", "docx"], "There is no format “docx”. Choose some of txt, srt, vtt, json."),
        (["--format", ","], "No format was named."),
        (["--language", "de", "--recogniser", "pocketsphinx"], "does not know German"),
        (["--language", "klingon"], "is not a language that can be recognised"),
        (["--model", "no-such-model"], "“no-such-model” is not on this machine"),
        (["--recogniser", "magic"], "recogniser"),
    ],
)
def test_a_bad_option_is_one_line_with_the_way_out_before_anything_is_sent(
    shell: Shell, served: Served, spoken: Path, tmp_path: Path, options: list[str], reason: str
) -> None:
    with Client(served.address) as client:
        before = client.files.page().total

        said = shell("transcribe", spoken, "--out", tmp_path / "out", *options)

        assert said.code == 2
        assert reason in said.err
        assert said.err.startswith("reelyard: ")
        assert said.err.count("\n") == 1
        assert client.files.page().total == before


def test_a_path_with_nothing_there_and_a_folder_without_media_are_named(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "read.me").touch()

    assert "nothing at" in shell("transcribe", tmp_path / "missing.mp3").err
    assert "no sound or film in" in shell("transcribe", tmp_path).err


def test_what_another_command_began_is_gone_on_with(
    shell: Shell, served: Served, spoken: Path, tmp_path: Path
) -> None:
    from reelyard.cli.desk import Desk
    from reelyard.cli.handing import Handing
    from reelyard.cli.reporting import JsonLines
    from reelyard.cli.results import Results
    from reelyard.cli.sources import find_sources
    from reelyard.cli.transcribe import wish_for

    out = tmp_path / "out"
    desk = Desk(wish_for("en", None, "auto", ("txt",), again=False), Results(out), JsonLines())
    sources = find_sources([str(spoken)]).sources
    with Client(served.address) as client:
        handing = Handing(client, desk)
        list(handing.rounds(sources))  # announced, and then the command was killed
        (batch_id,) = handing.open

        said = shell("transcribe", spoken, "--out", out, "--json", "-l", "en", "-f", "txt")

        assert said.code == 0, said.err
        assert [each["batch"] for each in said.told("resumed")] == [batch_id]
        assert client.batches.get(batch_id).status == "completed"
        assert names(out) == ["talk.txt"]


def test_what_failed_before_is_ordered_anew(
    shell: Shell, served: Served, spoken: Path, tmp_path: Path
) -> None:
    out, lost = tmp_path / "out", tmp_path / "lost.wav"
    lost.write_bytes(b"\x00" * 2000)
    assert shell("transcribe", lost, "--out", out).code == 3

    assert shell("transcribe", lost, "--out", out, "--json").told("resumed") == []


def test_a_batch_that_is_cancelled_meanwhile_ends_the_command(
    shell: Shell, served: Served, tmp_path: Path
) -> None:
    recording = MediaMaker(tmp_path).speech(
        "to-be-cancelled.wav", "The quick brown fox jumps over the lazy dog. " * 4
    )
    with Client(served.address) as client:

        def cancel_it() -> None:
            wait_until(lambda: bool(client.batches.page(status="processing", search="to-be-cancelled").data))
            client.batches.cancel(client.batches.find("to-be-cancelled.wav").id)

        thread = threading.Thread(target=cancel_it)
        thread.start()
        said = shell("transcribe", recording, "--out", tmp_path / "out")
        thread.join()

    assert said.code == 3
    assert "it was cancelled" in said.out
