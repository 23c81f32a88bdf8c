"""A control plane that moves tick by tick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.manual import ENVIRONMENT, Manual, manual, settings_for

from reelyard.core.invariants import broken
from reelyard.testing.clock import ManualClock


@pytest.fixture
def it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manual]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    found = manual(settings_for(tmp_path / "data"), ManualClock())

    yield found

    violations = broken(found.container.db, found.container.storage)
    found.crash()
    assert not violations, "\n".join(map(str, violations))
