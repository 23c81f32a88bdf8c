from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.servers import Yard, yard
from tests.support.stub_server import Stub, stub_server


@pytest.fixture(scope="module")
def one_stub() -> Iterator[Stub]:
    with stub_server() as found:
        yield found


@pytest.fixture
def stub(one_stub: Stub) -> Stub:
    one_stub.reset()
    return one_stub


@pytest.fixture(scope="module")
def one_yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with yard(Path(tmp_path_factory.mktemp("child"))) as found:
        yield found


@pytest.fixture
def at(one_yard: Yard) -> Yard:
    """A worker's children, which the tests of a module share where they configure the same."""
    one_yard.reset()
    return one_yard
