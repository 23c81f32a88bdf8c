"""One server that gives signs of life often and lets each user have few streams."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.support.site import Site, site


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("data"), server={"heartbeat_s": 0.3, "max_streams": 10}) as running:
        yield running
