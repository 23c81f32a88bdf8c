"""A relay before a server that breaks connections on purpose."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Relay:
    """`cuts`: for each coming connection in turn, after how many bytes from the client it is cut; then none is."""

    port: int
    listener: socket.socket
    cuts: list[int] = field(default_factory=list)
    connections: int = 0
    received: int = 0
    open: list[socket.socket] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Take no connection any more, and break those that there are."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Break every connection that there is."""
        for each in self.open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay(target: str, cuts: list[int] | None = None) -> Iterator[Relay]:
    """Relay to the server at `target`, an address such as http://127.0.0.1:8400."""
    port = int(target.rsplit(":", 1)[1])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = Relay(listener.getsockname()[1], listener, list(cuts or []))
        thread = threading.Thread(target=_accept, args=(listener, port, found), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            found.stop()
            thread.join(5)


def _accept(listener: socket.socket, port: int, state: Relay) -> None:
    while True:
        try:
            near, _ = listener.accept()
        except OSError:
            return
        far = socket.create_connection(("127.0.0.1", port))
        limit = state.cuts.pop(0) if state.cuts else None
        state.connections += 1
        state.open += [near, far]
        threading.Thread(target=_pass, args=(near, far, state, limit), daemon=True).start()
        threading.Thread(target=_pass, args=(far, near, state, None), daemon=True).start()


def _pass(source: socket.socket, target: socket.socket, state: Relay, limit: int | None) -> None:
    passed = 0
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            passed += len(data)
            if source in state.open[::2]:
                state.received += len(data)
            if limit is not None and passed >= limit:
                break
            target.sendall(data)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
