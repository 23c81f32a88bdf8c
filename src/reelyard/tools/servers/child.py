"""The servers' child: `python -m reelyard.tools.servers.child` sends requests and brings answers. It alone has the keys.

It sends each request once. Whether to ask again is decided by who asks it, since that may cost money. `service`
has what may be asked.
"""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, Final
from urllib.parse import urljoin

from reelyard.errors import ReelyardError, Reject, ToolFailed
from reelyard.kit.json import JsonObject
from reelyard.kit.processes.serving import Emit, serve
from reelyard.tools.servers import answers
from reelyard.tools.servers.configured import Server, ServerKind, find_server, key_of, origin_of
from reelyard.tools.servers.exchange import Answer, Call, as_json, exchange, http_client
from reelyard.tools.servers.failures import Passing, Turned
from reelyard.tools.servers.service import LONGEST_TURN_S, STATE
from reelyard.tools.servers.turns import Limits, Time, Turns

PIECE = 768 * 1024  # bytes of an answer in one event; a multiple of three
UNKNOWN_FIELD = frozenset({400, 422})
EXCHANGES = 2  # one and a picture that is fetched; each has its own time, this ends what lets that pass


class Late(BaseException):
    """The time is up. Not an Exception: no library is to take it for one of its own."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise Late in the block when it takes longer, whatever it waits for. In the main thread only."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Late

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Line:
    """The way to one server, and what was learnt of it."""

    def __init__(self, server: Server, key: str | None, folder: Path, clock: Time) -> None:
        self.server = server
        self.key = key
        self.client = http_client(server.url, server.timeout_s)
        limits = Limits(server.requests_per_minute, server.at_once)
        self.turns = Turns(folder, server.kind.value, limits, clock)
        self.unknown: set[str] = set()  # fields that it does not know and we can do without

    def renew(self) -> None:
        """Forget the connections."""
        self.client.close()
        self.client = http_client(self.server.url, self.server.timeout_s)

    def call(self, path: str, body: Mapping[str, Any] | None, most_bytes: int) -> Call:
        url = path if body is None else f"{self.server.url}/{path}"
        return Call(url, body, most_bytes, self.server.timeout_s, self.key)


class Asker:
    """Answers the requests of `service`."""

    def __init__(self, environ: Mapping[str, str], clock: Time | None = None) -> None:
        self._environ = environ
        self._clock = clock or Time()
        self._lines: dict[ServerKind, Line] = {}

    def answer(self, request: dict[str, Any], emit: Emit) -> JsonObject:
        """One exchange: `{"text", "cut"}`, `{"size"}` after the bytes as events, `{"passing"}` or `{"turned"}`."""
        line = self._line(ServerKind(request["kind"]))
        try:
            return self._in_turn(line, request, emit)
        except Passing as passing:
            reason, charged, wait_s = passing.reason, passing.charged, passing.wait_s
            return {"passing": {"reason": reason, "charged": charged, "wait_s": wait_s}}
        except Turned as turned:
            reason, status, hint, said = turned.reason, turned.status, turned.hint, turned.said
            return {"turned": {"reason": reason, "status": status, "hint": hint, "said": said}}

    def _in_turn(self, line: Line, request: Mapping[str, Any], emit: Emit) -> JsonObject:
        def waits(left: float) -> None:
            emit({"waiting": round(left, 1)})

        line.turns.wait(request["wait_s"], waits)
        with line.turns.turn(LONGEST_TURN_S, waits) as too_long:
            if too_long:
                raise Passing("its limit of requests is used up for long", charged=False, wait_s=too_long)
            try:
                with line.turns.once(request["once"]), within(EXCHANGES * line.server.timeout_s):
                    return OPERATIONS[line.server.kind](line, request, emit)
            except Late:
                line.renew()  # nobody knows what is still on its way
                raise Passing("it did not answer in time", charged=True) from None
            except Passing as passing:
                if passing.wait_s:  # the others need not ask either
                    line.turns.pause(passing.wait_s)
                raise

    def _line(self, kind: ServerKind) -> Line:
        if kind not in self._lines:
            server = find_server(self._environ, kind)
            if server is None:
                raise Reject(f"No {kind} server is configured.", code="internal_error")
            folder = Path(self._environ.get(STATE) or Path.cwd() / "servers")
            self._lines[kind] = Line(server, key_of(self._environ, kind), folder, self._clock)
        return self._lines[kind]


def _text(line: Line, request: Mapping[str, Any], emit: Emit) -> JsonObject:
    del emit
    with tempfile.TemporaryFile() as file:
        _post(line, request, file, answers.MOST_TEXT)
        text, cut = answers.text_of(as_json(_whole(file)))
    return {"text": text, "cut": cut}


def _sound(line: Line, request: Mapping[str, Any], emit: Emit) -> JsonObject:
    with tempfile.TemporaryFile() as file:
        found = _post(line, request, file, answers.MOST_SOUND)
        file.seek(0)
        answers.check_sound(file.read(64), found.size, found.content_type)
        file.seek(0)
        _hand_over(partial(file.read, PIECE), emit)
    return {"size": found.size}


def _picture(line: Line, request: Mapping[str, Any], emit: Emit) -> JsonObject:
    with tempfile.TemporaryFile() as file:
        _post(line, request, file, answers.MOST_PICTURE_JSON)
        found = answers.picture_of(as_json(_whole(file)))
    data = found if isinstance(found, bytes) else _fetched(line, found)
    answers.check_picture(data)
    pieces = iter([data[at : at + PIECE] for at in range(0, len(data), PIECE)])
    _hand_over(lambda: next(pieces, b""), emit)
    return {"size": len(data)}


OPERATIONS: Final = {ServerKind.TEXT: _text, ServerKind.SPEECH: _sound, ServerKind.IMAGE: _picture}


def _fetched(line: Line, address: str) -> bytes:
    """The picture at an address on the same server; another is not followed."""
    url = urljoin(f"{line.server.url}/", address)
    if origin_of(url) != origin_of(line.server.url):
        raise Turned(
            "it answered with the address of a picture on another server, which is not followed",
            hint="Have it answer with the picture itself (b64_json).",
        )
    with tempfile.TemporaryFile() as file:
        exchange(line.client, line.call(url, None, answers.MOST_PICTURE), file)
        return _whole(file)


def _post(line: Line, request: Mapping[str, Any], target: BinaryIO, most: int) -> Answer:
    """Send it; a field that the server complains of, and that we can do without, is left out from then on."""
    while True:
        body = {name: each for name, each in request["body"].items() if name not in line.unknown}
        target.seek(0)
        target.truncate()
        try:
            return exchange(line.client, line.call(request["path"], body, most), target)
        except Turned as turned:
            named = {name for name in request["optional"] if name in body and name in turned.said}
            if turned.status not in UNKNOWN_FIELD or not named:
                raise
            line.unknown |= named


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _hand_over(read: Callable[[], bytes], emit: Emit) -> None:
    at = 0
    while piece := read():
        emit({"data": base64.b64encode(piece).decode(), "at": at})
        at += len(piece)


def handle(asker: Asker, request: dict[str, Any], emit: Emit) -> JsonObject:
    """`asker`'s answer. What a library throws is named and never told: it may hold the key."""
    try:
        return asker.answer(request, emit)
    except ReelyardError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        raise ToolFailed(
            f"The request to the {request.get('kind')} server failed: {type(error).__name__}.",
            hint="Look at the server's address, and at the proxies of the environment.",
        ) from None


if __name__ == "__main__":
    serve(partial(handle, Asker(os.environ)))
