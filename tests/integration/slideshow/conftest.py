"""A folder to make narrated films in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.slides import Yard


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    folder = tmp_path / "it's; a, [yard]"
    folder.mkdir()
    return Yard(folder)
