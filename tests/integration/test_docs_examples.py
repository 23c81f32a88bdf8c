"""The example in the pages works as it is printed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.faults.filming import frames_of, spoken_film
from tests.support.served import site

from reelyard.kit.processes import runner_in
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.testing.media import MediaMaker
from reelyard.testing.pipeline_suite import DeclarationSuite
from reelyard.tools.ffmpeg.probe import inspect

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


def _first_python(page: Path) -> str:
    found = re.search(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def _printed() -> Any:
    page = HOW_TO / "write-a-pipeline.md"
    names: dict[str, Any] = {"__name__": "silences"}
    exec(compile(_first_python(page), str(page), "exec"), names)
    return names["PIPELINE"]


class TestThePrintedPipeline(DeclarationSuite):
    pipeline = _printed()


@pytest.mark.parametrize(("shortest_s", "silences"), [(0.4, 2), (3.0, 0)])
def test_the_printed_pipeline_finds_silences(tmp_path: Path, shortest_s: float, silences: int) -> None:
    beeps = MediaMaker(tmp_path).beeps(beeps=3, on_s=0.5, off_s=0.6)
    order = LocalOrder(beeps, inspect(beeps, run=runner_in(tmp_path)), {"shortest_s": shortest_s})

    with LocalFolder(tmp_path / "work") as folder:
        facts = run_locally(_printed(), order, folder)

    assert facts["find"]["silences"] in (silences, silences and silences + 1)
    assert len(json.loads(folder.artifact("silences.json").read_text())) == facts["find"]["silences"]


@pytest.mark.slow
def test_the_printed_edit_restores_a_cut_before_the_film_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = HOW_TO / "edit-films.md"
    (tmp_path / "talk.mp4").write_bytes(spoken_film(tmp_path))
    monkeypatch.chdir(tmp_path)

    with site(tmp_path / "data") as running:
        program = _first_python(page).replace("http://127.0.0.1:8400", running.address)
        names: dict[str, Any] = {}
        exec(compile(program, str(page), "exec"), names)

    cuts = json.loads((tmp_path / "films" / "talk-cuts.json").read_text())
    kept = sum(span["end"] - span["start"] for span in cuts["spans"] if span["keep"])
    was = sum(span.end - span.start for span in names["planned"].spans if span.keep)
    assert kept == was + names["gone"][0].end - names["gone"][0].start
    assert frames_of(tmp_path / "films" / "talk.mp4") == kept
    assert "dB" in capsys.readouterr().out


TALE = (
    "The keeper lit the lamp. Every evening he climbed the stairs of the tower, and the boats came home.\n\n"
    "One night it snowed. Nobody saw the light, and so he rang the bell until the morning came at last.\n"
)


@pytest.mark.slow
def test_the_printed_story_is_changed_in_one_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = HOW_TO / "tell-stories.md"
    (tmp_path / "lighthouse.txt").write_text(TALE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    with site(tmp_path / "data", pipelines="reelyard.pipelines.story:PIPELINE") as running:
        program = _first_python(page).replace("http://127.0.0.1:8400", running.address)
        names: dict[str, Any] = {}
        exec(compile(program, str(page), "exec"), names)

    told = (tmp_path / "lighthouse" / "story.txt").read_text(encoding="utf-8")
    assert names["changed"].chunks[1].text == "All was well."
    assert told.endswith("the boats came home.\n\nAll was well.\n")
    assert {"narration.m4a", "narration-0002.m4a"} <= {
        path.name for path in (tmp_path / "lighthouse").iterdir()
    }
    assert "0.0 s: The keeper lit the lamp." in capsys.readouterr().out
