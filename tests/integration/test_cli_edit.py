"""`reelyard edit` and `reelyard cuts`: films in, tightened films out, and a cut restored before it is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.commands import Shell
from tests.support.served import Served

from reelyard.client import Client
from reelyard.kit.processes import runner_in
from reelyard.testing.media import Film, MediaMaker
from reelyard.tools.ffmpeg.probe import inspect


@pytest.fixture
def shell(served: Served, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(served.container.settings.data, capsys)


def beeping(folder: Path, name: str) -> Path:
    """Six seconds of film: sound, two seconds of silence, sound."""
    gate = "aevalsrc='0.5*sin(2*PI*440*t)*(lt(t,2)+gt(t,4))':s=44100:d=6"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=6")
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "aac")
    return MediaMaker(folder).encode(folder / name, *picture, "-f", "lavfi", "-i", gate, *codecs)


def length(path: Path) -> float:
    return inspect(path, run=runner_in(path.parent)).duration_s or 0.0


def test_films_are_tightened_and_what_is_none_is_refused(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    beeping(folder, "beeps.mp4")
    MediaMaker(folder).film("mute.mkv", Film(seconds=1, sound=False))
    MediaMaker(folder).tone("tone.wav")

    said = shell(
        "edit", folder, "--remove-silence", "--no-transcript", "--highlights", "--timeline", "edl", "--json",
        "--out", tmp_path / "out",
    )  # fmt: skip

    assert said.code == 1, said.err
    assert {Path(one["source"]).name: one["cuts"] for one in said.told("done")} == {
        "beeps.mp4": 1,
        "mute.mkv": 0,
    }
    (refused,) = said.told("refused")
    assert Path(refused["source"]).name == "tone.wav"
    made = {path.name for path in (tmp_path / "out" / "films").iterdir()}
    assert {"beeps.mp4", "beeps-cuts.json", "beeps-highlights.json", "beeps.edl", "mute.mp4"} <= made
    assert 4.2 <= length(tmp_path / "out" / "films" / "beeps.mp4") <= 5.2


def test_a_cut_is_restored_before_the_film_is_made(shell: Shell, tmp_path: Path) -> None:
    film = beeping(tmp_path, "planned.mp4")

    planned = shell("edit", film, "--remove-silence", "--no-transcript", "--plan", "--out", tmp_path / "out")
    shown = shell("cuts", "show", "planned.mp4")
    restored = shell("cuts", "keep", "planned.mp4", "planned.mp4", "0-6")
    rendered = shell("cuts", "render", "planned.mp4", "1", "--out", tmp_path / "made")

    assert (planned.code, shown.code, restored.code, rendered.code) == (0, 0, 0, 0), rendered.err
    assert sorted(path.name for path in (tmp_path / "out").glob("planned*")) == ["planned-cuts.json"]
    assert "silence" in shown.out
    assert "0 cuts, 0:06.00 of 0:06.00 kept (revision 1, not rendered yet)" in restored.out
    assert length(tmp_path / "made" / "planned.mp4") == pytest.approx(6.0, abs=0.1)

    undone = shell("cuts", "undo", "planned.mp4")
    cut = shell("cuts", "cut", "planned.mp4", "1", "0-0.5")

    assert "1 cut," in undone.out
    assert "2 cuts," in cut.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--padding", "long"), "no padding"),
        (("--captions", "sung"), "no caption “sung”"),
        (("--timeline", "premiere"), "no timeline “premiere”"),
        (("--quality", "8k"), "export_quality"),
        (("--threshold", "-80"), "--threshold"),
        (("--model", "no-such-model"), "“no-such-model” is not on this machine"),
        (("--captions", "burnt", "--language", "klingon"), "is not a language that can be recognised"),
    ],
)
def test_an_option_that_cannot_be_is_named_and_nothing_is_sent(
    shell: Shell, served: Served, tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    film = MediaMaker(tmp_path).film("film.mp4", Film(seconds=0.4))
    with Client(served.address) as client:
        before = client.files.page().total

        said = shell("edit", film, "--out", tmp_path / "out", *words)

        assert said.code == 2
        assert reason in said.err
        assert said.err.count("\n") == 1
        assert client.files.page().total == before


@pytest.mark.parametrize("stretch", ["5", "a-b", "3-2", "100-200"])
def test_a_stretch_that_is_none_is_refused(shell: Shell, tmp_path: Path, stretch: str) -> None:
    film = MediaMaker(tmp_path).film(f"film{stretch}.mp4", Film(seconds=0.4))
    shell("edit", film, "--no-transcript", "--plan", "--out", tmp_path / "out")

    said = shell("cuts", "cut", film.name, "1", stretch)

    assert said.code in (1, 2)
    assert said.err.startswith("reelyard: ")
