"""A control plane that moves tick by tick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.manual import Manual, held


@pytest.fixture
def it(tmp_path: Path) -> Iterator[Manual]:
    with held(tmp_path / "data") as found:
        yield found
