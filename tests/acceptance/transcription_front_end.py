"""The front end of the founding document, from the document alone: its API client (section 2.2) and socket."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

Json = dict[str, Any]
Progress = Callable[[str, float, int, int], None]  # what is sent, per cent, loaded, total


@dataclass(eq=False)
class ApiError(Exception):
    """What every refusal becomes."""

    status: int
    code: str
    message: str


@dataclass
class ApiClient:
    """The twelve methods of the document, over HTTP."""

    base_url: str
    transport: httpx.BaseTransport | None = None
    tries: int = 4
    first_wait_s: float = 0.01
    waits: list[float] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        address = f"{self.base_url}/api/batch"
        self.http = httpx.Client(base_url=address, transport=self.transport, headers=self.headers, timeout=30)

    def close(self) -> None:
        self.http.close()

    def get_batch_jobs(self, page: int | None = None, limit: int | None = None) -> Json:
        params = {name: value for name, value in (("page", page), ("limit", limit)) if value is not None}
        return self._answer("GET", "/jobs", params=params)

    def get_batch_job(self, job_id: str) -> Json:
        return self._answer("GET", f"/jobs/{job_id}")

    def create_batch_job(self, name: str, concurrency: int | None = None) -> Json:
        body = {"name": name} if concurrency is None else {"name": name, "concurrency": concurrency}
        return self._answer("POST", "/jobs", json=body)

    def update_batch_job(self, job_id: str, data: Json) -> Json:
        return self._answer("PUT", f"/jobs/{job_id}", json=data)

    def delete_batch_job(self, job_id: str) -> None:
        self._send("DELETE", f"/jobs/{job_id}")

    def start_batch_job(self, job_id: str) -> Json:
        return self._answer("POST", f"/jobs/{job_id}/start")

    def pause_batch_job(self, job_id: str) -> Json:
        return self._answer("POST", f"/jobs/{job_id}/pause")

    def resume_batch_job(self, job_id: str) -> Json:
        return self._answer("POST", f"/jobs/{job_id}/resume")

    def cancel_batch_job(self, job_id: str) -> Json:
        return self._answer("POST", f"/jobs/{job_id}/cancel")

    def add_files_to_batch(
        self,
        job_id: str,
        files: Sequence[Path],
        on_progress: Progress | None = None,
        field_name: str = "files",
    ) -> Json:
        parts = [(field_name, (path.name, path.read_bytes())) for path in files]
        form = self.http.build_request("POST", f"/jobs/{job_id}/items", files=parts)
        headers = {name: form.headers[name] for name in ("content-type", "content-length")}

        def body() -> Iterator[bytes]:
            whole = form.read()
            for start in range(0, len(whole), 16 * 1024):
                piece = whole[start : start + 16 * 1024]
                yield piece
                if on_progress is not None:
                    loaded = start + len(piece)
                    on_progress(job_id, 100 * loaded / len(whole), loaded, len(whole))

        return self._answer("POST", f"/jobs/{job_id}/items", body=body, headers=headers)

    def remove_batch_item(self, job_id: str, item_id: str) -> None:
        self._send("DELETE", f"/jobs/{job_id}/items/{item_id}")

    def retry_batch_item(self, job_id: str, item_id: str) -> Json:
        return self._answer("POST", f"/jobs/{job_id}/items/{item_id}/retry")

    def _answer(self, verb: str, path: str, **request: Any) -> Json:
        answer: Json = self._send(verb, path, **request).json()
        return answer

    def _send(
        self, verb: str, path: str, body: Callable[[], Iterator[bytes]] | None = None, **request: Any
    ) -> httpx.Response:
        """With exponential backoff when the network fails or the server is busy."""
        wait_s = self.first_wait_s
        for tried in range(1, self.tries + 1):
            try:
                if body is not None:
                    request["content"] = body()
                answer = self.http.request(verb, path, **request)
                if answer.status_code not in (429, 502, 503, 504) or tried == self.tries:
                    break
            except httpx.TransportError as error:
                if tried == self.tries:
                    raise ApiError(0, "network_error", str(error)) from error
            self.waits.append(wait_s)
            time.sleep(wait_s)
            wait_s *= 2
        return normalised(answer)


def normalised(answer: httpx.Response) -> httpx.Response:
    """The answer, or ApiError of one form whatever was refused."""
    if answer.is_success:
        return answer
    error = answer.json()["error"]
    raise ApiError(answer.status_code, error["code"], error["message"])


class Live:
    """The store's socket: subscriptions, what came, and how to come back after the line was lost."""

    def __init__(self, base_url: str, headers: dict[str, str] | None = None) -> None:
        self._headers = headers or {}
        self._address = base_url.replace("http", "ws", 1) + "/api/batch/ws"
        self._line: ClientConnection | None = None
        self._lines = ExitStack()
        self._listener: threading.Thread | None = None
        self._since: dict[str, int] = {}
        self.came: queue.Queue[Json] = queue.Queue()
        self.seen: list[Json] = []
        self.open()

    def open(self) -> None:
        line = connect(self._address, open_timeout=10, additional_headers=self._headers)
        self._line = self._lines.enter_context(line)
        self._listener = threading.Thread(target=self._listen, args=(self._line,), daemon=True)
        self._listener.start()

    def _listen(self, line: ClientConnection) -> None:
        try:
            for text in line:
                self.came.put({**json.loads(text), "_at": time.monotonic()})
        except ConnectionClosed:
            return

    def lose(self) -> None:
        """The line breaks, as seen from here; what had come by then is read."""
        self._lines.close()
        if self._listener is not None:
            self._listener.join(5)
        while not self.came.empty():
            self.next()

    close = lose

    def send(self, message: Any) -> None:
        assert self._line is not None
        self._line.send(message if isinstance(message, str) else json.dumps(message))

    def subscribe_to_batch_job(self, job_id: str, since: int | None = None) -> None:
        self.send({"type": "subscribe", "jobId": job_id, **({} if since is None else {"since": since})})

    def unsubscribe_from_batch_job(self, job_id: str) -> None:
        self.send({"type": "unsubscribe", "jobId": job_id})

    def come_back(self) -> None:
        """A new line, with every job from where the old one left it."""
        self.open()
        for job_id, since in self._since.items():
            self.subscribe_to_batch_job(job_id, since)

    def next(self, seconds: float = 20.0) -> Json:
        try:
            message = self.came.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"nothing came in {seconds} s; before it: {self.seen[-5:]}") from None
        if "event" in message:
            self._since[message["data"]["jobId"]] = message["seq"]
        elif message["type"] == "subscribed":
            self._since.setdefault(message["jobId"], message["seq"])
        self.seen.append(message)
        return message

    def until(self, wanted: Callable[[Json], bool], seconds: float = 60.0) -> Json:
        """Read on to the first message that is wanted."""
        end = time.monotonic() + seconds
        while True:
            message = self.next(max(0.1, end - time.monotonic()))
            if wanted(message):
                return message

    def until_event(self, name: str, seconds: float = 60.0) -> Json:
        return self.until(lambda message: message.get("event") == name, seconds)

    def drain(self, quiet_s: float = 0.7) -> None:
        """Read all that comes until nothing has come for so long."""
        while True:
            try:
                self.next(quiet_s)
            except AssertionError:
                return

    def events(self, name: str) -> list[Json]:
        return [message["data"] for message in self.seen if message.get("event") == name]


def refusal_of(call: Callable[[], Any]) -> ApiError:
    """What the call is refused with."""
    with pytest.raises(ApiError) as error:
        call()
    assert error.value.code
    assert error.value.message
    return error.value
