from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.narration import Speaker


@pytest.fixture(scope="module")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaker]:
    """One child for the tests of a module: what it says must not depend on what it said before."""
    found = Speaker(Path(tmp_path_factory.mktemp("speech")))
    yield found
    found.end()
