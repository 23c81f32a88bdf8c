"""A server that answers as OpenAI's does, on this machine, and as badly as a test asks."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import math
import struct
import threading
import time
import wave
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RATE = 16_000
A_WORD_S = 0.2


class Mode(StrEnum):
    """How it answers."""

    GOOD = "good"
    SLOW = "slow"  # nothing comes until it is let go
    DRIBBLE = "dribble"  # a byte now and then, and never the end of the head
    SLOW_BODY = "slow body"  # the beginning comes, then nothing until it is let go
    BUSY = "busy"  # 429 with Retry-After, once
    ALWAYS_BUSY = "always busy"
    NO_CREDIT = "no credit"  # 429, and no waiting helps
    FAILS_TWICE = "fails twice"  # 500
    FAILS = "fails"
    NOT_JSON = "not json"
    HTML = "html"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    HUGE = "huge"  # it says so
    ENDLESS = "endless"  # it does not
    BASE64 = "wrong base64"
    NO_PICTURE = "no picture"
    FOREIGN_URL = "foreign url"
    OWN_URL = "own url"
    ELSEWHERE = "elsewhere"
    MOVED = "moved"  # to another path of its own
    UNAUTHORISED = "unauthorised"
    NO_SEED = "no seed"  # it complains of fields that it does not know
    REFUSES = "refuses"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    port: int  # of who asked


@dataclass
class Stub:
    """The server. What it answers may be changed at any time."""

    url: str = ""
    mode: Mode = Mode.GOOD
    received: list[Received] = field(default_factory=list)
    choose: Callable[[dict[str, Any]], Mode] | None = None  # by what is asked; None: always `mode`
    reply: str | None = None  # of the text server; None: what it was asked
    retry_after: str = "7"
    picture: bytes = b""
    most_at_once: int = 0
    at_once: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        """As new, but for its address."""
        self.let_go.set()  # for those that it keeps waiting still
        fresh = Stub(self.url, picture=png(96, 64))
        for name in (
            "mode",
            "choose",
            "received",
            "reply",
            "retry_after",
            "picture",
            "most_at_once",
            "let_go",
        ):
            setattr(self, name, getattr(fresh, name))

    @property
    def count(self) -> int:
        return len(self.received)


@contextlib.contextmanager
def stub_server() -> Iterator[Stub]:
    """One on a free port; gone after the block."""
    stub = Stub(picture=png(96, 64))

    class Handler(_Handler):
        it = stub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        stub.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


ERRORS: dict[Mode, tuple[int, str] | tuple[int, str, str]] = {
    Mode.BUSY: (429, "Slow down."),
    Mode.ALWAYS_BUSY: (429, "Slow down."),
    Mode.NO_CREDIT: (429, "You exceeded your quota.", "insufficient_quota"),
    Mode.FAILS_TWICE: (500, "Something broke."),
    Mode.FAILS: (503, "Something broke."),
    Mode.UNAUTHORISED: (401, "Incorrect API key provided: {sent}."),
    Mode.REFUSES: (400, "Your request was rejected by our safety system. ({sent})"),
}
BODIES: dict[Mode, tuple[bytes, str]] = {
    Mode.NOT_JSON: (b"fine, thank you", "text/plain"),
    Mode.HTML: (b"<!doctype html><h1>Welcome</h1>", "text/html"),
    Mode.EMPTY: (b"", "application/json"),
}


class _Handler(BaseHTTPRequestHandler):
    it: Stub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        return

    def do_GET(self) -> None:
        self._take(b"{}")
        self._send(200, self.it.picture, "image/png")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        with self.it.lock:
            self.it.at_once += 1
            self.it.most_at_once = max(self.it.most_at_once, self.it.at_once)
        try:
            number = self._take(body)
            with contextlib.suppress(ConnectionError):
                self._answer(number, json.loads(body))
        finally:
            with self.it.lock:
                self.it.at_once -= 1

    def _take(self, body: bytes) -> int:
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.it.lock:
            self.it.received.append(Received(self.path, headers, json.loads(body), self.client_address[1]))
            return len(self.it.received)

    def _answer(self, number: int, asked: dict[str, Any]) -> None:
        mode = self.it.mode if self.it.choose is None else self.it.choose(asked)
        if (mode is Mode.BUSY and number > 1) or (mode is Mode.FAILS_TWICE and number > 2):
            mode = Mode.GOOD
        kind, data = self._good(asked)
        if mode in ERRORS:
            self._error(*ERRORS[mode])
        elif mode in BODIES:
            self._send(200, *BODIES[mode])
        elif mode is Mode.NO_SEED and "seed" in asked:
            self._error(400, "Unknown parameter: 'seed'.")
        elif mode in (Mode.ELSEWHERE, Mode.MOVED) and not self.path.startswith("/v2"):
            host = "http://elsewhere.example" if mode is Mode.ELSEWHERE else ""
            self._send(307, b"", "text/plain", {"location": f"{host}/v2{self.path}"})
        elif mode in (Mode.SLOW, Mode.DRIBBLE, Mode.SLOW_BODY, Mode.TRUNCATED, Mode.HUGE, Mode.ENDLESS):
            self._badly(mode, kind, data)
        else:
            self._send(200, data, kind)

    def _badly(self, mode: Mode, kind: str, data: bytes) -> None:
        """Answer with a body that does not come as it should, and close."""
        self.close_connection = True
        match mode:
            case Mode.SLOW_BODY:
                self._head(200, kind, len(data))
                self.wfile.write(data[:10])
            case Mode.TRUNCATED:
                self._head(200, kind, len(data))
                self.wfile.write(data[: len(data) // 2])
                return
            case Mode.HUGE:
                self._head(200, kind, 10**10)
                return
            case Mode.ENDLESS:
                self._endless(kind)
                return
            case Mode.DRIBBLE:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nx-long: ")
                while not self.it.let_go.wait(0.05):
                    self.wfile.write(b"x")
                return
        self.wfile.flush()
        self.it.let_go.wait(20)
        if mode is Mode.SLOW:
            self._send(200, data, kind)

    def _good(self, asked: dict[str, Any]) -> tuple[str, bytes]:
        if self.path.endswith("/chat/completions"):
            said = asked["messages"][-1]["content"] if self.it.reply is None else self.it.reply
            message = {"role": "assistant", "content": said}
            answer: dict[str, Any] = {"choices": [{"message": message, "finish_reason": "stop"}]}
        elif self.path.endswith("/audio/speech"):
            return "audio/wav", tone(len(asked["input"].split()) * A_WORD_S)
        else:
            answer = {"data": [self._picture()]}
        return "application/json", json.dumps(answer).encode()

    def _picture(self) -> dict[str, str]:
        match self.it.mode:
            case Mode.BASE64:
                return {"b64_json": "this is *not* base64"}
            case Mode.NO_PICTURE:
                return {"b64_json": base64.b64encode(b"GIF89a, if you like").decode()}
            case Mode.FOREIGN_URL:
                return {"url": "http://elsewhere.example/picture.png"}
            case Mode.OWN_URL:
                return {"url": self.it.url.replace("/v1", "/made/picture.png")}
            case _:
                return {"b64_json": base64.b64encode(self.it.picture).decode()}

    def _endless(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        end = time.monotonic() + 20
        while time.monotonic() < end:
            self.wfile.write(b" " * 1_000_000)

    def _error(self, status: int, message: str, code: str | None = None) -> None:
        sent = self.headers.get("authorization", "")  # some servers repeat it
        error = {"message": message.format(sent=sent), "code": code}
        headers = {"retry-after": self.it.retry_after} if status == 429 else {}
        self._send(status, json.dumps({"error": error}).encode(), "application/json", headers)

    def _send(self, status: int, data: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self._head(status, kind, len(data), headers)
        self.wfile.write(data)

    def _head(self, status: int, kind: str, size: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(size))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()


def tone(seconds: float) -> bytes:
    """A WAV file with a tone in it."""
    file = io.BytesIO()
    samples = (round(9000 * math.sin(n / 8)) for n in range(round(seconds * RATE)))
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b"".join(struct.pack("<h", each) for each in samples))
    return file.getvalue()


def png(width: int, height: int, colour: tuple[int, int, int] = (200, 60, 40)) -> bytes:
    """A PNG of one colour."""

    def piece(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + piece(b"IHDR", head)
        + piece(b"IDAT", zlib.compress(rows))
        + piece(b"IEND", b"")
    )
