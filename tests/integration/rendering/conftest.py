"""A work place in a folder whose name is as awkward as can be."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.numbered import FFMPEG

from reelyard.kit.processes import runner_in
from reelyard.tools.rendering.order import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    folder = tmp_path / "it's; a, [bench]"
    folder.mkdir()
    return Bench(FFMPEG, runner_in(folder), folder)
