"""The founding transcription front end, as a new owner, and what it hands over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance.transcription_front_end import ApiClient, Live
from tests.support.served import OWNER_HEADER, Served

from reelyard.testing.media import MediaMaker


@pytest.fixture
def headers(served: Served) -> dict[str, str]:
    return {OWNER_HEADER: served.owner}


@pytest.fixture
def client(served: Served, headers: dict[str, str]) -> Iterator[ApiClient]:
    client = ApiClient(served.address, headers=headers)
    yield client
    client.close()


@pytest.fixture
def live(served: Served, headers: dict[str, str]) -> Iterator[Live]:
    line = Live(served.address, headers)
    yield line
    line.close()


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    maker = MediaMaker(tmp_path_factory.mktemp("tones"))
    return [maker.tone(f"{n}.wav", seconds=n) for n in range(1, 4)]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text("Dear friend,\nthis is not a recording.\n")
    return path
