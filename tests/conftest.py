"""Two servers for the whole run: one with real workers, one with none. Each test talks to them as an owner of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from tests.faults.pipelines import NAMES
from tests.support.served import Served, as_owner, site

from reelyard.http.server import Running


@pytest.fixture(autouse=True)
def _short_logs() -> None:
    """One line an event, to where this test is listened to: one of the command line before it had logs of its own way."""
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    )


PRODUCTS = ("transcription", "video", "story")


@pytest.fixture(scope="session")
def served_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The real server with two real workers, which know the product's pipelines and those that behave as a test asks."""
    named = ",".join((*(f"reelyard.pipelines.{one}:PIPELINE" for one in PRODUCTS), NAMES))
    data = tmp_path_factory.mktemp("served") / "data"
    with site(data, pipelines=named, retry_delays_s=(0.2, 0.2)) as running:
        yield running


@pytest.fixture
def served(served_site: Running) -> Iterator[Served]:
    """The real server as a new owner sees it."""
    found = as_owner(served_site)
    yield found
    found.close()


@pytest.fixture(scope="session")
def offline_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The real server over a cluster whose workers never come."""
    with site(tmp_path_factory.mktemp("offline") / "data", idle=True) as running:
        yield running


@pytest.fixture
def offline(offline_site: Running) -> Iterator[Served]:
    """The server without workers, as a new owner sees it: what is started stays pending."""
    found = as_owner(offline_site)
    yield found
    found.close()
