"""A place for films and sounds made on the spot, and one for the tools that look at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelyard.kit.processes import Runner, runner_in
from reelyard.testing.media import MediaMaker


@pytest.fixture
def make(tmp_path: Path) -> MediaMaker:
    folder = tmp_path / "media"
    folder.mkdir()
    return MediaMaker(folder)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def run(work: Path) -> Runner:
    return runner_in(work)
