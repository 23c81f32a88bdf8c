"""Serving: the container, the API over it, and an end in good order.

The workers come up while the API is imported and built, so that both are ready together. At a stop streams end
first, then running stages reach their next part, for at most the settings' `engine.drain_s`.
"""

from __future__ import annotations

import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reelyard.bootstrap import Container, build
from reelyard.errors import BadSetting, EngineUnavailable
from reelyard.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from reelyard.engine.cluster import Cluster
    from reelyard.http.identity import Identity
    from reelyard.http.listener import Listener

_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - where one reaches it from here


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers and works. `address` is such as http://127.0.0.1:8400."""

    address: str
    credential: str
    container: Container
    app: FastAPI


def serve(settings: Settings, *, say: Callable[[str], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; a second one hurries. Must be called from the main thread.

    `say` gets the address once everything is ready (default: a line on standard output).
    Raises DataFolderBusy, UnsuitableDataFolder, BadSetting (the port is taken), EngineUnavailable.
    """
    site = _Site(settings)
    with _signals(site.told_to_stop), site.opened(say or _print) as listener:
        listener.run(sockets=[site.socket])
    site.raise_failure()


@contextmanager
def running_server(
    settings: Settings,
    *,
    identity: Identity | None = None,
    cluster: Cluster | None = None,
    drain_s: float | None = None,
) -> Iterator[Running]:
    """Serve from a background thread for the length of the block, which begins when everything is ready.

    Raises as `serve`. For tests, `identity` replaces the one-user mode's and `cluster` the workers; `drain_s` is the
    settings' unless it is given.
    """
    site = _Site(settings, _Parts(identity, cluster, drain_s))
    with site.opened() as listener:
        thread = threading.Thread(target=listener.run, args=([site.socket],), name="http", daemon=True)
        thread.start()
        try:
            site.ready.wait()
            site.raise_failure()
            yield site.running
        finally:
            listener.should_exit = True
            thread.join()


@dataclass(frozen=True, slots=True)
class _Parts:
    """What may be other than the settings say."""

    identity: Identity | None = None
    cluster: Cluster | None = None
    drain_s: float | None = None


class _Site:
    """A container, its application and its socket."""

    def __init__(self, settings: Settings, parts: _Parts = _Parts()) -> None:
        self._parts = parts
        self.container = build(settings, cluster=parts.cluster)
        try:
            self.socket, self._address = _listen(settings.server)
        except BaseException:
            self.container.stop(drain_s=0)
            raise
        self.ready = threading.Event()
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        self._listener: Listener | None = None
        self._failure: BaseException | None = None
        self.running: Running

    @contextmanager
    def opened(self, then: Callable[[str], None] = lambda _address: None) -> Iterator[Listener]:
        """Start the engine and hand over a listener to be run; `then` is told the address once both are ready.

        At the end of the block the engine is drained and closed, and the data folder given up.
        """
        built = threading.Event()
        engine = threading.Thread(target=self._start, args=(built, then), name="start", daemon=True)
        engine.start()
        try:
            self._listener = self._build()
            built.set()
            if self._stopping.is_set():
                self._listener.should_exit = True
            yield self._listener
        finally:
            self._stopping.set()
            built.set()
            engine.join()
            self.container.stop(drain_s=self._parts.drain_s, hurry=self._hurry)
            self.socket.close()

    def _build(self) -> Listener:
        from reelyard.http.app import create_app  # noqa: PLC0415 - half a second, while the workers come up
        from reelyard.http.identity import LocalIdentity  # noqa: PLC0415
        from reelyard.http.listener import Listener  # noqa: PLC0415

        credential = secrets.token_urlsafe(32)
        app = create_app(self.container, self._parts.identity or LocalIdentity(credential))
        self.running = Running(self._address, credential, self.container, app)
        return Listener(app)

    def _start(self, built: threading.Event, then: Callable[[str], None]) -> None:
        """Bring the workers up, wait for the listener, publish where we are."""
        try:
            self.container.start()
            built.wait()
            while self._listener is not None and not self._stopping.is_set():
                if self._listener.listening.wait(0.05):
                    self.container.folder.publish(self._address, self.running.credential)
                    then(self._address)
                    return
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
            self._failure = error
            self._stop()
        finally:
            self.ready.set()

    def raise_failure(self) -> None:
        """What kept it from getting ready, if anything did."""
        if self._failure is not None:
            raise self._failure
        if self._listener is None or not self._listener.started:
            raise EngineUnavailable("The server ended before it was ready.")

    def told_to_stop(self) -> None:
        """A signal came: stop, and at the next one hurry."""
        if self._stopping.is_set():
            self._hurry.set()
            if self._listener is not None:
                self._listener.force_exit = True
        self._stop()

    def _stop(self) -> None:
        self._stopping.set()
        if self._listener is not None:
            self._listener.should_exit = True


def _listen(settings: ServerSettings) -> tuple[socket.socket, str]:
    """A listening socket, and the address at which this machine reaches it. Raises BadSetting."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise BadSetting(
            f"Reelyard cannot listen on {settings.host} port {settings.port}: {error.strerror or error}.",
            hint="Choose another with --port (0 takes a free one) or --host.",
        ) from None
    name = f"[{settings.host}]" if family == socket.AF_INET6 else settings.host
    return listener, f"http://{_EVERYWHERE.get(settings.host, name)}:{listener.getsockname()[1]}"


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    def told(_number: int, _frame: Any) -> None:
        stop()

    before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print(address: str) -> None:
    sys.stdout.write(f"Reelyard listens at {address}\n")
    sys.stdout.flush()
