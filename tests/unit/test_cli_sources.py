"""Which files a command line means, and where their results belong."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from reelyard.cli.sources import find_sources
from reelyard.errors import InvalidInput


def touched(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return paths


def stems(*paths: object, avoid: Path | None = None) -> list[str]:
    return [str(source.stem) for source in find_sources(map(str, paths), avoid=avoid).sources]


def test_a_folder_is_walked_and_its_tree_kept_below_its_name(tmp_path: Path) -> None:
    touched(tmp_path / "talks", "b.mp3", "2024/may/a.MP4", "notes.txt")

    found = find_sources([str(tmp_path / "talks")])

    assert [source.stem for source in found.sources] == [
        PurePosixPath("talks/2024/may/a"),
        PurePosixPath("talks/b"),
    ]
    assert found.left_out == 1


def test_what_begins_with_a_dot_is_skipped(tmp_path: Path) -> None:
    touched(tmp_path / "talks", ".hidden.mp3", ".trash/old.mp3", "seen.mp3")

    assert stems(tmp_path / "talks") == ["talks/seen"]


def test_a_file_named_by_itself_is_taken_whatever_its_name(tmp_path: Path) -> None:
    (letter,) = touched(tmp_path, "letter.txt")

    assert stems(letter) == ["letter"]


def test_a_pattern_that_the_shell_left_alone_is_expanded(tmp_path: Path) -> None:
    touched(tmp_path, "one.mp3", "two.mp3", "three.wav", "deep/down/four.mp3")

    assert stems(tmp_path / "*.mp3") == ["one", "two"]
    assert stems(tmp_path / "**" / "*.mp3") == ["four", "one", "two"]


def test_a_name_with_brackets_is_a_name_first(tmp_path: Path) -> None:
    (odd,) = touched(tmp_path, "talk [part 1].mp3")

    assert stems(odd) == ["talk [part 1]"]


def test_a_file_named_twice_is_taken_once(tmp_path: Path) -> None:
    (one,) = touched(tmp_path / "talks", "one.mp3")

    assert stems(one, tmp_path / "talks", one) == ["one"]


def test_names_that_differ_in_their_extension_only_keep_it(tmp_path: Path) -> None:
    touched(tmp_path / "talks", "one.mp3", "One.wav", "two.mp3")

    assert stems(tmp_path / "talks") == ["talks/One.wav", "talks/one.mp3", "talks/two"]


def test_equal_names_from_two_folders_stay_as_they_are(tmp_path: Path) -> None:
    first, second = touched(tmp_path, "a/one.mp3", "b/one.mp3")

    assert stems(first, second) == ["one", "one"]


def test_links_to_folders_are_not_followed_round_and_round(tmp_path: Path) -> None:
    touched(tmp_path / "talks", "one.mp3")
    (tmp_path / "talks" / "loop").symlink_to(tmp_path / "talks")

    assert stems(tmp_path / "talks") == ["talks/one"]


def test_the_folder_for_results_is_not_looked_at(tmp_path: Path) -> None:
    touched(tmp_path, "one.mp3", "out/clip.mp4")

    assert stems(tmp_path, avoid=tmp_path / "out") == [f"{tmp_path.name}/one"]


def test_the_present_folder_has_no_name_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touched(tmp_path, "deep/one.mp3")
    monkeypatch.chdir(tmp_path)

    assert stems(".") == ["deep/one"]


@pytest.mark.parametrize("path", ["missing.mp3", "no/*.mp3"])
def test_a_path_with_nothing_there_is_named(tmp_path: Path, path: str) -> None:
    with pytest.raises(InvalidInput, match=r"nothing at .*mp3"):
        find_sources([str(tmp_path / path)])


def test_a_folder_that_is_a_dead_link_or_a_pipe_holds_nothing_to_take(tmp_path: Path) -> None:
    touched(tmp_path / "talks", "one.mp3")
    (tmp_path / "talks" / "dead.mp3").symlink_to(tmp_path / "nowhere.mp3")

    assert stems(tmp_path / "talks") == ["talks/one"]
