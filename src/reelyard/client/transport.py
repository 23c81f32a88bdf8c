"""Requests to a Reelyard: its errors as exceptions, passing faults repeated with growing waits."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from reelyard.client.errors import ClientError, Unreachable

PASSING = frozenset({429, 502, 503, 504})
LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a passing fault is met with another try, and how long the waits before them are."""

    retries: int = 3
    first_wait_s: float = 0.5  # doubled each time, and moved by chance by a half at most
    timeout_s: float = 60.0
    chance: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep

    def wait_s(self, retry: int) -> float:
        """Seconds before try number `retry`, counted from 1."""
        longest: float = min(LONGEST_WAIT_S, self.first_wait_s * 2 ** (retry - 1))
        return longest * (0.5 + 0.5 * self.chance())


class Transport:
    """One server, spoken to over kept connections; safe to use from several threads."""

    def __init__(self, address: str, credential: str | None = None, patience: Patience | None = None) -> None:
        self.address = address.rstrip("/")
        self.patience = patience or Patience()
        self._closed = threading.Event()
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        self._http = httpx.Client(
            base_url=self.address,
            headers=headers,
            timeout=httpx.Timeout(self.patience.timeout_s, connect=10.0),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32),
            trust_env=False,  # a proxy of the environment has no way to this machine's own server
        )

    def close(self) -> None:
        self._closed.set()
        self._http.close()

    def json(self, method: str, path: str, *, body: Any = None, params: dict[str, Any] | None = None) -> Any:
        """The answer's JSON, or None when it has none.

        What creates or starts carries an Idempotency-Key, so that repeating it after a lost answer is harmless.
        Raises ClientError.
        """
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        given = {name: value for name, value in (params or {}).items() if value is not None}
        answer = self.patiently(
            lambda: self._http.request(method, path, json=body, params=given, headers=headers)
        )
        return answer.json() if answer.content else None

    def put(self, url: str, content: Callable[[], Any], size: int) -> httpx.Response:
        """Send bytes to a signed address, here or at a storage; `content` is asked again at each try."""
        headers = {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
        return self.patiently(lambda: self._http.put(self._absolute(url), content=content(), headers=headers))

    @contextmanager
    def stream(
        self, path: str, *, headers: dict[str, str] | None = None, **options: Any
    ) -> Iterator[httpx.Response]:
        """An answer whose body is read bit by bit. Raises ClientError."""
        try:
            with self._http.stream(
                "GET", self._absolute(path), headers=headers, follow_redirects=True, **options
            ) as answer:
                if answer.is_error:
                    answer.read()
                    raise error_of(answer)
                yield answer
        except httpx.TransportError as error:
            raise Unreachable(self.address, reason_of(error)) from error

    def patiently(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Send until there is an answer that stands; raises ClientError, Unreachable."""
        retry = 0
        while True:
            problem: ClientError
            try:
                answer = send()
            except httpx.TransportError as error:
                problem = Unreachable(self.address, reason_of(error))
                asked = None
            else:
                if not answer.is_error:
                    return answer
                problem, asked = error_of(answer), answer.headers.get("Retry-After")
                if answer.status_code not in PASSING:
                    raise problem
            retry += 1
            if retry > self.patience.retries or self._closed.is_set():
                raise problem
            self.patience.sleep(_seconds(asked) or self.patience.wait_s(retry))

    def _absolute(self, url: str) -> str:
        return url if url.startswith(("http://", "https://")) else f"{self.address}{url}"


def error_of(answer: httpx.Response) -> ClientError:
    """The error that an answer tells, whatever its body is."""
    try:
        told = answer.json()["error"]
        details = told.get("details") or {}
        return ClientError(
            str(told["code"]),
            str(told["message"]),
            hint=told.get("hint"),
            status=answer.status_code,
            details=details,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return ClientError(
            "unexpected_answer", f"The server answered {answer.status_code}.", status=answer.status_code
        )


def reason_of(error: httpx.TransportError) -> str:
    """Why there was no answer, in few words."""
    if isinstance(error, httpx.ConnectError):
        return "nothing listens there"
    if isinstance(error, httpx.TimeoutException):
        return "it took too long"
    return "the connection broke"


def _seconds(text: str | None) -> float | None:
    try:
        return min(LONGEST_WAIT_S, max(0.0, float(text))) if text else None
    except ValueError:
        return None
