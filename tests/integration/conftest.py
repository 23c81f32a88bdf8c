"""A place for films and sounds made on the spot, one for the tools that look at them, and the one user of a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.served import Served

from reelyard.core.accounts.models import LOCAL_OWNER
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


@pytest.fixture
def local(offline: Served) -> Iterator[Served]:
    """The server without workers as its one user sees it."""
    found = Served(offline.running, LOCAL_OWNER)
    yield found
    found.close()
