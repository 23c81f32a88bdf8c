"""A connection to the Reelyard that holds the data folder; when none does, this command is it until its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reelyard.client import Client
from reelyard.errors import DataFolderBusy

if TYPE_CHECKING:
    from reelyard.settings import Settings

PUBLISHED_WITHIN_S = 30.0  # a holder that is just starting says in this time where it listens
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Session:
    """`own`: the server lives in this process and goes with it."""

    client: Client
    address: str
    own: bool


@contextmanager
def session(settings: Settings, *, port: int = 0, drain_s: float | None = None) -> Iterator[Session]:
    """Talk to the data folder's holder, or become it; `port` and `drain_s` (see `running_server`) count only then.

    Raises DataFolderBusy when a holder does not say in time where it listens, and what starting a server does.
    """
    client = held_client(settings)
    if client is not None:
        with client:
            yield Session(client, client.address, own=False)
        return
    from reelyard.http.server import running_server  # noqa: PLC0415 - takes a second
    from reelyard.settings import load_settings  # noqa: PLC0415

    ours = load_settings(
        data=settings.data, engine=settings.engine, limits=settings.limits, speech=settings.speech,
        server=settings.server.model_copy(update={"port": port, "host": "127.0.0.1" if port == 0 else settings.server.host}),
    )  # fmt: skip
    with ExitStack() as stack:
        try:
            running = stack.enter_context(running_server(ours, drain_s=drain_s))
        except DataFolderBusy as busy:  # another was quicker
            client = stack.enter_context(_wait_for_holder(settings, busy))
            yield Session(client, client.address, own=False)
            return
        client = stack.enter_context(Client(running.address, running.credential))
        yield Session(client, running.address, own=True)


def held_client(settings: Settings) -> Client | None:
    """A client of the holder; None when nobody holds the folder."""
    from reelyard.storage.datafolder import holder  # noqa: PLC0415

    held = holder(settings.data)
    return Client(held.address, held.credential) if held is not None else None


def _wait_for_holder(
    settings: Settings, busy: DataFolderBusy, clock: Callable[[], float] = time.monotonic
) -> Client:
    deadline = clock() + PUBLISHED_WITHIN_S
    while clock() < deadline:
        client = held_client(settings)
        if client is not None:
            return client
        time.sleep(LOOK_EVERY_S)
    raise busy
