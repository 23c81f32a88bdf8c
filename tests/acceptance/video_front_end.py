"""The founding front end for films, from its documents alone: API client (4.3), uploads, and a browser's EventSource."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

Json = dict[str, Any]
Progress = Callable[[int, Json], None]  # index of the file, UploadProgress
ENDED = {"completed", "failed", "cancelled"}


@dataclass(eq=False)
class ApiError(Exception):
    """What every refusal becomes: `{error, detail}`."""

    status: int
    error: str
    detail: str
    headers: httpx.Headers = field(default_factory=httpx.Headers)


@dataclass
class ApiClient:
    """The functions of the document over its API."""

    base_url: str
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=f"{self.base_url}/api", headers=self.headers, timeout=30)
        self.storage = httpx.Client(timeout=30)  # uploads and downloads carry no credential but their link

    def close(self) -> None:
        self.http.close()
        self.storage.close()

    def create_batch_job(self, data: Json) -> Json:
        return self.call("POST", "/batch-jobs", 201, json=data)

    def add_videos_to_batch(self, job_id: str, video_ids: Sequence[str]) -> Json:
        return self.call("POST", f"/batch-jobs/{job_id}/videos", json={"video_ids": list(video_ids)})

    def start_batch_processing(self, job_id: str) -> Json:
        return self.call("POST", f"/batch-jobs/{job_id}/start")

    def get_batch_jobs(self, **params: Any) -> Json:
        return self.call("GET", "/batch-jobs", params=params)

    def get_batch_job(self, job_id: str) -> Json:
        return self.call("GET", f"/batch-jobs/{job_id}")

    def pause_batch_job(self, job_id: str) -> Json:
        return self.call("POST", f"/batch-jobs/{job_id}/pause")

    def resume_batch_job(self, job_id: str) -> Json:
        return self.call("POST", f"/batch-jobs/{job_id}/resume")

    def cancel_batch_job(self, job_id: str) -> Json:
        return self.call("POST", f"/batch-jobs/{job_id}/cancel")

    def retry_failed_videos(self, job_id: str, video_ids: Sequence[str] | None = None) -> Json:
        more: Json = {} if video_ids is None else {"json": {"video_ids": list(video_ids)}}
        return self.call("POST", f"/batch-jobs/{job_id}/retry-failed", **more)

    def delete_batch_job(self, job_id: str) -> None:
        self.call("DELETE", f"/batch-jobs/{job_id}", 204)

    def export_batch(self, job_id: str, config: Json) -> Json:
        return self.call("POST", f"/batch-jobs/{job_id}/export", 202, json=config)

    def get_export_status(self, job_id: str, export_id: str) -> Json:
        return self.call("GET", f"/batch-jobs/{job_id}/export/{export_id}")

    def cancel_export(self, job_id: str, export_id: str) -> None:
        self.call("DELETE", f"/batch-jobs/{job_id}/export/{export_id}", 204)

    def subscribe_to_batch_progress(self, job_id: str) -> EventSource:
        return EventSource(f"{self.base_url}/api/batch-jobs/{job_id}/progress", self.headers)

    def upload_batch_videos(
        self,
        urls: Sequence[str],
        files: Sequence[bytes],
        on_progress: Progress | None = None,
        at_once: int = 5,
    ) -> list[Json]:
        """Each file by one PUT, so many in parallel, three attempts each."""
        tell = on_progress or (lambda _index, _progress: None)

        def upload(index: int) -> Json:
            error = ""
            for _ in range(3):
                tell(index, {"file_index": index, "progress": 0, "status": "uploading"})
                try:
                    answer = self.storage.put(urls[index], content=_pieces(files[index]))
                    error = "" if answer.is_success else answer.text
                except httpx.TransportError as broken:
                    error = str(broken)
                if not error:
                    tell(index, {"file_index": index, "progress": 100, "status": "completed"})
                    return {"file_index": index, "status": "completed"}
            tell(index, {"file_index": index, "progress": 0, "status": "failed", "error": error})
            return {"file_index": index, "status": "failed", "error": error}

        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(upload, range(len(files))))

    def until(self, job_id: str, wanted: Callable[[Json], bool], seconds: float = 60) -> Json:
        """Poll the batch, as the list does, until it is as wanted."""
        end = time.monotonic() + seconds
        while not wanted(job := self.get_batch_job(job_id)):
            assert time.monotonic() < end, f"it did not happen in {seconds} s: {job}"
            time.sleep(0.05)
        return job

    def until_ended(self, job_id: str, seconds: float = 60) -> Json:
        return self.until(job_id, lambda job: job["status"] in ENDED, seconds)

    def call(self, verb: str, path: str, expected: int = 200, **more: Any) -> Json:
        answer = self.http.request(verb, path, **more)
        if not answer.is_success:
            told = answer.json()
            assert told.keys() == {"error", "detail"}, answer.text
            raise ApiError(answer.status_code, told["error"], told["detail"], answer.headers)
        assert answer.status_code == expected, answer.text
        body: Json = answer.json() if answer.content else {}
        return body


def _pieces(data: bytes) -> Iterable[bytes]:
    for start in range(0, len(data), 64 * 1024):
        yield data[start : start + 64 * 1024]


class EventSource:
    """As browsers have it: nameless messages go to `onmessage`, lost lines come back with the last id, 204 ends it."""

    def __init__(
        self, url: str, headers: dict[str, str], last_id: str = "", *, come_back: bool = True
    ) -> None:
        self.messages: list[Json] = []
        self.named: list[str] = []  # events that `onmessage` would not see
        self.comments: list[tuple[float, str]] = []
        self.statuses: list[int] = []
        self.connections: list[list[float]] = []  # when something came on each
        self.last_id = last_id
        self._url, self._headers = url, headers
        self._retry_s = 3.0
        self._come_back = come_back
        self._closed = threading.Event()
        self._changed = threading.Condition()
        self._response: httpx.Response | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        self.lose()
        self._thread.join(10)

    def lose(self) -> None:
        """The line breaks."""
        response = self._response
        if response is not None:
            stream = response.extensions["network_stream"]
            with contextlib.suppress(OSError):  # it has ended by itself
                stream.get_extra_info("socket").shutdown(2)

    def until(self, wanted: Callable[[Json], bool], seconds: float = 60) -> Json:
        """The first message that is wanted, of those that came and come."""
        found: Json = self._wait(lambda: next((m for m in self.messages if wanted(m)), None), seconds)
        return found

    def until_event(self, name: str, seconds: float = 60) -> Json:
        return self.until(lambda message: message["event"] == name, seconds)

    def until_over(self, seconds: float = 30) -> None:
        """Until the server has said, by 204, that there is nothing to come back for."""
        self._wait(lambda: self.statuses[-1:] == [204] or None, seconds)

    def of(self, name: str) -> list[Json]:
        return [message for message in self.messages if message["event"] == name]

    def _wait(self, found: Callable[[], Any], seconds: float) -> Any:
        with self._changed:
            self._changed.wait_for(lambda: found() is not None, seconds)
            value = found()
        assert value is not None, (
            f"it did not come in {seconds} s; last: {self.messages[-3:]}, {self.statuses}"
        )
        return value

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                if not self._connect():
                    return
            except (httpx.TransportError, OSError):
                pass
            if not self._come_back:
                return
            self._closed.wait(self._retry_s)

    def _connect(self) -> bool:
        """One connection to its end; False when the browser would not come back."""
        headers = {**self._headers, "Accept": "text/event-stream"}
        if self.last_id:
            headers["Last-Event-ID"] = self.last_id
        with httpx.stream("GET", self._url, headers=headers, timeout=60) as response:
            self._response = response
            with self._changed:
                self.statuses.append(response.status_code)
                self._changed.notify_all()
            kind = response.headers.get("content-type", "")
            if response.status_code != 200 or not kind.startswith("text/event-stream"):
                return False
            self._read(response)
        return True

    def _read(self, response: httpx.Response) -> None:
        data: list[str] = []
        name, number = "", self.last_id
        self.connections.append(came := [time.monotonic()])
        for line in response.iter_lines():
            if not line:
                came.append(time.monotonic())
                with self._changed:
                    self.last_id = number
                    if data and not name:
                        self.messages.append({**json.loads("\n".join(data)), "_id": number})
                    elif data:
                        self.named.append(name)
                    self._changed.notify_all()
                data, name = [], ""
                continue
            key, _, value = line.partition(":")
            value = value.removeprefix(" ")
            match key:
                case "":
                    with self._changed:
                        self.comments.append((time.monotonic(), value))
                        self._changed.notify_all()
                case "data":
                    data.append(value)
                case "event":
                    name = value
                case "id":
                    number = value
                case "retry":
                    self._retry_s = min(int(value) / 1000, 0.2)  # tests are in a hurry


def refusal_of(call: Callable[[], Any]) -> ApiError:
    """What the call is refused with."""
    with pytest.raises(ApiError) as error:
        call()
    return error.value
