"""The folder for results: nothing is overwritten, what is finished is known by its content."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from reelyard.cli.results import JOURNAL, Begun, Finished, Results, in_short, sha256_of
from reelyard.errors import BadSetting

TALK = PurePosixPath("talks/one")


def holding(content: bytes) -> Callable[[Path], int]:
    """A writer of that content."""
    return lambda target: target.write_bytes(content)


def recording(folder: Path, name: str = "one.mp3", content: bytes = b"sound") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def finish(results: Results, path: Path, order: str = "order") -> Finished:
    files = results.keep(TALK, {".txt": holding(b"text"), ".srt": holding(b"captions")})
    done = Finished(sha256_of(path), path.stat().st_size, order, path.name, files)
    results.note_finished(done)
    return done


def begun(path: Path, item: str = "item") -> Begun:
    facts = path.stat()
    return Begun(
        "batch", item, "file", "upload", str(path.resolve()), facts.st_size, facts.st_mtime_ns, "order", "one"
    )


def test_files_are_named_after_their_source_in_its_tree(tmp_path: Path) -> None:
    files = Results(tmp_path / "out").keep(TALK, {".txt": holding(b"text"), ".srt": holding(b"captions")})

    assert files == {".txt": "talks/one.txt", ".srt": "talks/one.srt"}
    assert (tmp_path / "out/talks/one.txt").read_bytes() == b"text"


def test_nothing_is_overwritten_and_files_of_one_source_share_a_name(tmp_path: Path) -> None:
    results = Results(tmp_path)
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks/one.srt").write_text("mine")

    files = results.keep(TALK, {".txt": holding(b"text"), ".srt": holding(b"captions")})

    assert files == {".txt": "talks/one (2).txt", ".srt": "talks/one (2).srt"}
    assert (tmp_path / "talks/one.srt").read_text() == "mine"
    assert not (tmp_path / "talks/one.txt").exists()


STORY = {"/story.mp4": holding(b"film"), "/chunks/0001.jpg": holding(b"picture")}


def test_many_files_of_one_source_stand_in_a_folder_of_its_name(tmp_path: Path) -> None:
    files = Results(tmp_path).keep(TALK, STORY)

    assert files == {"/story.mp4": "talks/one/story.mp4", "/chunks/0001.jpg": "talks/one/chunks/0001.jpg"}
    assert (tmp_path / "talks/one/chunks/0001.jpg").read_bytes() == b"picture"
    assert in_short(files) == "talks/one/ (2 files)"


def test_a_folder_that_is_there_already_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "talks" / "one").mkdir(parents=True)

    files = Results(tmp_path).keep(TALK, {**STORY, ".txt": holding(b"text")})

    assert set(files.values()) == {
        "talks/one (2)/story.mp4", "talks/one (2)/chunks/0001.jpg", "talks/one (2).txt",
    }  # fmt: skip
    assert list((tmp_path / "talks" / "one").iterdir()) == []
    assert in_short(files) == "talks/one (2).txt, talks/one (2)/ (2 files)"


def test_a_dangling_link_counts_as_a_taken_name(tmp_path: Path) -> None:
    (tmp_path / "one.txt").symlink_to(tmp_path / "nowhere")

    assert Results(tmp_path).keep(PurePosixPath("one"), {".txt": holding(b"text")}) == {".txt": "one (2).txt"}
    assert not (tmp_path / "nowhere").exists()


def test_many_at_once_never_take_the_same_name(tmp_path: Path) -> None:
    threads = [
        threading.Thread(
            target=lambda n=n: Results(tmp_path).keep(
                TALK,
                {".txt": holding(str(n).encode()), ".srt": holding(b""), "/a/b": holding(str(n).encode())},
            )
        )
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = {path.read_text() for path in (tmp_path / "talks").glob("*.txt")}
    assert kept == {str(n) for n in range(12)}
    assert all(
        path.with_suffix("").joinpath("a/b").read_text() == path.read_text()
        for path in (tmp_path / "talks").glob("*.txt")
    )
    assert not [path for path in tmp_path.rglob(".*") if path.name != JOURNAL]


def test_what_was_finished_is_known_again_by_its_content_under_another_name(tmp_path: Path) -> None:
    done = finish(Results(tmp_path), recording(tmp_path))

    moved = recording(tmp_path, "renamed.mp3")

    assert Results(tmp_path).finished(moved, "order") == done


def test_other_content_of_the_same_size_is_not_finished(tmp_path: Path) -> None:
    finish(Results(tmp_path), recording(tmp_path))

    assert Results(tmp_path).finished(recording(tmp_path, "other.mp3", b"SOUND"), "order") is None


def test_the_same_content_ordered_otherwise_is_not_finished(tmp_path: Path) -> None:
    path = recording(tmp_path)
    finish(Results(tmp_path), path)

    assert Results(tmp_path).finished(path, "another order") is None


def test_a_source_whose_result_was_taken_away_is_not_finished(tmp_path: Path) -> None:
    path = recording(tmp_path)
    finish(Results(tmp_path), path)
    (tmp_path / "talks/one.srt").unlink()

    assert Results(tmp_path).finished(path, "order") is None


def test_a_torn_or_foreign_line_costs_nothing_else(tmp_path: Path) -> None:
    path = recording(tmp_path)
    done = finish(Results(tmp_path), path)
    with (tmp_path / JOURNAL).open("a") as journal:
        journal.write('{"finished": {"sha256": 1}}\n[]\n7\nnull\n{"begun": {"bat')

    assert Results(tmp_path).finished(path, "order") == done


def test_a_line_after_a_torn_one_stands_by_itself(tmp_path: Path) -> None:
    path = recording(tmp_path)
    (tmp_path / JOURNAL).write_text('{"finished": {"sha')

    done = finish(Results(tmp_path), path)

    assert Results(tmp_path).finished(path, "order") == done


def test_a_name_that_is_no_text_is_kept_as_it_is(tmp_path: Path) -> None:
    path = recording(tmp_path, os.fsdecode(b"caf\xe9.mp3"))
    Results(tmp_path).note_begun([begun(path)])

    assert Results(tmp_path).begun(path, "order") == begun(path)


def test_what_was_begun_is_known_until_it_has_ended(tmp_path: Path) -> None:
    path = recording(tmp_path)
    Results(tmp_path).note_begun([begun(path)])

    assert Results(tmp_path).begun(path, "order") == begun(path)
    assert Results(tmp_path).begun(path, "another order") is None

    Results(tmp_path).note_ended(["item"])
    assert Results(tmp_path).begun(path, "order") is None


def test_a_source_that_was_changed_meanwhile_is_not_taken_for_what_was_begun(tmp_path: Path) -> None:
    path = recording(tmp_path)
    Results(tmp_path).note_begun([begun(path)])
    path.write_bytes(b"SOUND")
    os.utime(path, ns=(1, 1))

    assert Results(tmp_path).begun(path, "order") is None


def test_a_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path: Path) -> None:
    recording(tmp_path, "file")

    with pytest.raises(BadSetting, match="cannot be written"):
        Results(tmp_path / "file").keep(TALK, {".txt": holding(b"")})
