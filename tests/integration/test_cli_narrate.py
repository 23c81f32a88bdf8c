"""`reelyard narrate`, `chunks` and `voices`: texts in, stories out, and one chunk told anew."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from tests.support.commands import Shell
from tests.support.served import Served

from reelyard.client import Client
from reelyard.kit.processes import runner_in
from reelyard.media.document import Block
from reelyard.testing import documents
from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.probe import inspect

TALE = (
    "The keeper lit the lamp. Every evening he climbed the stairs of the tower, and the boats came home.\n\n"
    "One night it snowed. Nobody saw the light, and so he rang the bell until the morning came at last.\n"
)
SOUND_ONLY = ("--no-images", "--words-per-chunk", 20)
QUICK = ("--words-per-chunk", 40, "--movement", "still", "--quality", "720p")
OF_SOUND = {"captions.srt", "captions.vtt", "chunks.json", "narration.m4a", "story.txt"}
OF_TWO_CHUNKS = OF_SOUND | {"chunks/0001.m4a", "chunks/0002.m4a"}


@pytest.fixture
def shell(served: Served, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(served.container.settings.data, capsys)


@pytest.fixture
def tale(tmp_path: Path) -> Path:
    path = tmp_path / "keeper.txt"
    path.write_text(TALE, "utf-8")
    return path


def names(folder: Path) -> set[str]:
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if not path.name.startswith(".")}


@pytest.mark.slow
def test_a_text_becomes_a_film_with_all_that_belongs_to_it(shell: Shell, tale: Path, tmp_path: Path) -> None:
    said = shell("narrate", tale, "--out", tmp_path / "out", "--json", *QUICK)

    assert said.code == 0, said.err
    (done,) = said.told("done")
    made = names(tmp_path / "out" / "keeper")
    assert made == OF_SOUND | {"story.mp4", "cover.jpg", "chunks/0001.jpg", "chunks/0001.m4a"}
    assert set(done["files"]) == {f"keeper/{name}" for name in made}
    assert (done["chunks"], done["pictures"], done["words"]) == (1, 1, 39)
    film = inspect(tmp_path / "out/keeper/story.mp4", run=runner_in(tmp_path))
    assert film.duration_s == pytest.approx(done["duration_s"], abs=0.2)


def test_a_folder_of_texts_is_told_and_texts_of_one_name_do_not_collide(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "tales"
    (folder / "deep").mkdir(parents=True)
    (folder / "keeper.txt").write_text(TALE, "utf-8")
    paragraphs = [Block("paragraph", text) for text in TALE.strip().split("\n\n")]  # type: ignore[arg-type]
    (folder / "keeper.docx").write_bytes(documents.docx(paragraphs))
    (folder / "deep" / "sea.md").write_text(f"# The sea\n\n{TALE}", "utf-8")
    (folder / "talk.mp3").write_bytes(b"")
    out = tmp_path / "out"

    said = shell("narrate", folder, "--out", out, *SOUND_ONLY)

    assert said.code == 0, said.err
    assert "3 files to look at (1 other files left out)" in said.out
    assert "3 done, in" in said.out
    assert "Recognised" not in said.out
    assert "→ tales/keeper.docx/ (" in said.out
    assert {path.name for path in (out / "tales").iterdir()} == {"keeper.txt", "keeper.docx", "deep"}
    assert names(out / "tales" / "keeper.docx") == names(out / "tales" / "keeper.txt") == OF_TWO_CHUNKS
    assert (out / "tales/deep/sea/story.txt").read_text("utf-8").startswith("The sea\n\nThe keeper lit")

    again = shell("narrate", folder, "--out", out, *SOUND_ONLY)

    assert again.code == 0
    assert "3 finished before" in again.out
    assert len(list((out / "tales").iterdir())) == 3


def test_what_is_no_text_is_refused_by_name_and_the_others_go_on(
    shell: Shell, tale: Path, tmp_path: Path
) -> None:
    tone = MediaMaker(tmp_path).tone("tone.wav")
    (tmp_path / "paper.txt").write_bytes(b"%PDF-1.4\nnot a text")
    (tmp_path / "empty.txt").touch()

    said = shell(
        "narrate", tone, tmp_path / "paper.txt", tmp_path / "empty.txt", tale, "--out", tmp_path / "out",
        "--json", *SOUND_ONLY,
    )  # fmt: skip

    assert said.code == 1
    refused = {Path(one["source"]).name: one["reason"] for one in said.told("refused")}
    assert set(refused) == {"tone.wav", "paper.txt", "empty.txt"}
    assert "It is sound" in refused["tone.wav"]
    assert "PDF" in refused["paper.txt"]
    assert names(tmp_path / "out") == {f"keeper/{name}" for name in OF_TWO_CHUNKS}


def test_a_text_is_no_film(shell: Shell, tale: Path, tmp_path: Path) -> None:
    said = shell("edit", tale, "--out", tmp_path / "out", "--no-transcript")

    assert said.code == 3
    assert "There is no film in it." in said.out
    assert "texts told as stories" in said.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--voice", "nobody"), "There is no voice “nobody”."),
        (("--language", "tlh"), "There is no voice for the language “tlh”."),
        (("--language", "klingon"), "language"),
        (("--rewrite", "for children"), "No text server is configured."),
        (("--maker", "server"), "No image server is configured."),
        (("--style", "oil"), "image_style"),
        (("--captions", "sung"), "There is no caption “sung”."),
        (("--words-per-chunk", "5"), "--words-per-chunk"),
        (("--format", "flac"), "audio_format"),
    ],
)
def test_an_option_that_cannot_be_is_named_and_nothing_is_sent(
    shell: Shell, served: Served, tale: Path, tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    with Client(served.address) as client:
        before = client.files.page().total

        said = shell("narrate", tale, "--out", tmp_path / "out", *words)

        assert said.code == 2
        assert reason in said.err
        assert said.err.count("\n") == 1
        assert client.files.page().total == before


def test_one_chunk_is_told_anew_and_the_others_stay_as_they_are(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "changed.txt").write_text(TALE, "utf-8")
    told = shell("narrate", tmp_path / "changed.txt", "--out", tmp_path / "first", *SOUND_ONLY)
    assert told.code == 0, told.err

    shown = shell("chunks", "show", "changed.txt")
    changed = shell("chunks", "set", "changed.txt", "1", 2, "--text", "All was well.", "--voice", "en-gb")
    monkeypatch.setattr("sys.stdin", io.StringIO("It was night.\n\nThe lamp was lit."))
    read = shell("chunks", "set", "changed.txt", "1", 2, "--reset", "--text", "-")
    made = shell("chunks", "make", "changed.txt", "--out", tmp_path / "second")

    assert [said.code for said in (shown, changed, read, made)] == [0, 0, 0, 0], made.err
    assert "2 chunks (revision 0)." in shown.out
    assert "0:00.00" in shown.out
    assert "(revision 1, not told yet). Tell it with “reelyard chunks make changed.txt 1”." in changed.out
    assert "done changed.txt → changed/ (7 files)" in made.out
    one, other = tmp_path / "first" / "changed", tmp_path / "second" / "changed"
    assert (one / "chunks/0001.m4a").read_bytes() == (other / "chunks/0001.m4a").read_bytes()
    assert (one / "chunks/0002.m4a").read_bytes() != (other / "chunks/0002.m4a").read_bytes()
    second = json.loads((other / "chunks.json").read_text("utf-8"))["chunks"][1]
    assert (second["text"], second["voice"]) == ("It was night.\n\nThe lamp was lit.", None)

    undone = shell("chunks", "undo", "changed.txt")
    story = json.loads(shell("chunks", "show", "changed.txt", "1", "--json").out)

    assert "revision 3, not told yet" in undone.out
    assert " ".join(chunk["text"] for chunk in story["chunks"]) == " ".join(TALE.split())


def test_what_cannot_be_changed_of_a_chunk_is_said(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text(TALE, "utf-8")
    shell("narrate", tmp_path / "kept.txt", "--out", tmp_path / "out", *SOUND_ONLY)

    for words, reason in (
        (("9", "--text", "x"), "chunks 1 to 2"),
        (("1",), "Nothing was said of what to change."),
        (("1", "--text", "  "), "it is empty"),
        (("1", "--voice", "nobody"), "There is no voice “nobody”."),
    ):
        said = shell("chunks", "set", "kept.txt", "kept.txt", *words)

        assert said.code in (1, 2)
        assert reason in said.err
        assert said.err.count("\n") == 1


def test_stories_are_taken_away_in_one_file(shell: Shell, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(TALE, "utf-8")
    shell("narrate", tmp_path / "one.txt", tmp_path / "two.txt", "--out", tmp_path / "out", *SOUND_ONLY)

    archive = shell("export", "one.txt and 1 more", "--out", tmp_path / "taken")
    book = shell("export", "one.txt and 1 more", "--out", tmp_path / "taken", "--format", "merged")

    assert (archive.code, book.code) == (0, 0), archive.err + book.err
    with zipfile.ZipFile(next((tmp_path / "taken").glob("*.zip"))) as files:
        inside = set(files.namelist())
    assert {"001_one.m4a", "001_one.txt", "001_one.srt", "002_two-chunks/0002.m4a"} <= inside
    whole = inspect(next((tmp_path / "taken").glob("*.m4a")), run=runner_in(tmp_path))
    first = inspect(tmp_path / "out" / "one" / "narration.m4a", run=runner_in(tmp_path))
    assert whole.duration_s == pytest.approx(2 * (first.duration_s or 0.0), abs=0.2)


def test_voices_are_listed(shell: Shell) -> None:
    german = shell("voices", "--language", "de")
    machine = shell("voices", "-l", "pt-br", "--json")
    nobody = shell("voices", "--language", "tlh")

    assert german.code == machine.code == nobody.code == 0
    assert german.out.splitlines()[0].split() == ["ID", "NAME", "LANGUAGE", "ENGINE"]
    assert german.out.splitlines()[1].split() == ["espeak:de", "German", "de", "espeak"]
    assert all(json.loads(line)["language"] == "pt-br" for line in machine.out.splitlines())
    assert "There is no voice that speaks “tlh”." in nobody.out
