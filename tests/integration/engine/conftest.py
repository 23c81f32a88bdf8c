"""One installation with two real workers for all of these tests; each test has owners and batches of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from unittest import mock

import pytest
from tests.support.engine import wait_until
from tests.support.manual import ENVIRONMENT, settings_for

from reelyard.bootstrap import Container, build
from reelyard.core.invariants import broken


@pytest.fixture(scope="session")
def _yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    data = tmp_path_factory.mktemp("yard") / "data"
    with mock.patch.dict(os.environ, ENVIRONMENT):  # no longer than this: other tests run in this process too
        container = build(settings_for(data, retry_delays_s=(0.1, 0.1)))
    container.start()
    yield container
    container.stop(drain_s=0.0)


@pytest.fixture
def yard(_yard: Container) -> Iterator[Container]:
    """The installation, with all of its workers; afterwards every invariant holds."""
    wait_until(lambda: len(_yard.cluster.capacity()) == 3)

    yield _yard

    found = broken(_yard.db, _yard.storage)
    assert not found, "\n".join(map(str, found))
