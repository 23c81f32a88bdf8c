"""The example in the pages works as it is printed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reelyard.kit.processes import runner_in
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.testing.media import MediaMaker
from reelyard.testing.pipeline_suite import DeclarationSuite
from reelyard.tools.ffmpeg.probe import inspect

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-pipeline.md"


def _printed() -> Any:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {"__name__": "silences"}
    exec(compile(found[1], str(PAGE), "exec"), names)
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
