"""The front end of the founding plan for stories, from the plan alone: its API service and its socket hook."""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

Json = dict[str, Any]
BATCH_EVENTS = {f"batch-stories-{end}" for end in ("start", "progress", "complete", "error")}
STORY_EVENTS = {f"auto-mode-{end}" for end in ("start", "progress", "complete", "error")}
STATES = {"pending", "uploading", "processing", "completed", "failed", "cancelled"}
STEPS = {"story", "audio", "images", None}


@dataclass(eq=False)
class ApiError(Exception):
    """What every refusal becomes."""

    status: int
    message: str
    error: str


class StoriesApi:
    """The four calls of the plan."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self.http = httpx.Client(base_url=base_url, headers=headers, timeout=60)

    def close(self) -> None:
        self.http.close()

    def batch_upload(self, files: Sequence[tuple[str, bytes]], field_name: str = "files") -> Json:
        return self._answer(201, "POST", "/stories/batch-upload", files=[(field_name, one) for one in files])

    def batch_create(self, file_ids: Sequence[str], **options: Any) -> Json:
        body = {"autoMode": True, "generateImages": True, "generateAudio": True, **options}
        return self._answer(201, "POST", "/stories/batch-create", json={"fileIds": list(file_ids), **body})

    def generate(self, story_id: str, options: Json | None = None) -> Json:
        more = {} if options is None else {"json": options}
        return self._answer(202, "POST", f"/stories/{story_id}/generate", **more)

    def batch_status(self, batch_id: str) -> Json:
        return check_status(self._answer(200, "GET", f"/stories/batch/{batch_id}/status"))

    def story(self, batch_id: str, story_id: str) -> Json:
        told: Json = next(one for one in self.batch_status(batch_id)["stories"] if one["id"] == story_id)
        return told

    def fetch(self, link: str) -> bytes:
        """What a signed link gives to anybody."""
        return httpx.get(link).raise_for_status().content

    def _answer(self, status: int, verb: str, path: str, **request: Any) -> Json:
        answer = self.http.request(verb, path, **request)
        body: Json = answer.json()
        if answer.is_success:
            assert answer.status_code == status
            return body
        assert body.keys() == {"statusCode", "message", "error"}
        assert body["statusCode"] == answer.status_code
        raise ApiError(answer.status_code, body["message"], body["error"])


class BatchProcessingSocket:
    """The hook: rooms, what came in them, and how to come back after the line was lost."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        self._headers = headers
        self._address = base_url.replace("http", "ws", 1) + "/stories/ws"
        self._lines = ExitStack()
        self._line: ClientConnection | None = None
        self._listener: threading.Thread | None = None
        self._since: dict[str, int] = {}
        self.came: queue.Queue[Json] = queue.Queue()
        self.seen: list[Json] = []
        self.open()

    def open(self) -> None:
        line = connect(self._address, open_timeout=10, additional_headers=self._headers, max_size=None)
        self._line = self._lines.enter_context(line)
        self._listener = threading.Thread(target=self._listen, args=(self._line,), daemon=True)
        self._listener.start()

    def _listen(self, line: ClientConnection) -> None:
        try:
            for text in line:
                self.came.put(json.loads(text))
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

    def join(self, room: str, since: int | None = None) -> Json:
        """Joins, and waits until it is confirmed or refused."""
        self.send({"type": "join", "room": room, **({} if since is None else {"since": since})})
        return self.until(lambda message: message.get("room") == room)

    def leave(self, room: str) -> None:
        self.send({"type": "leave", "room": room})
        self.until(lambda message: message.get("type") == "left")
        self._since.pop(room, None)

    def come_back(self) -> None:
        """A new line, with the one room from where the old one left it."""
        self.open()
        for room, since in list(self._since.items()):
            self.join(room, since)

    def next(self, seconds: float = 30.0) -> Json:
        try:
            message = self.came.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"nothing came in {seconds} s; before it: {self.seen[-5:]}") from None
        if "event" in message:
            check_message(message)
            for room in self._since:
                self._since[room] = max(self._since[room], message["seq"])
        elif message["type"] == "joined":
            self._since[message["room"]] = message["seq"]
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

    def drain(self, quiet_s: float = 0.8) -> None:
        """Read all that comes until nothing has come for so long."""
        while True:
            try:
                self.next(quiet_s)
            except AssertionError:
                return

    def events(self, name: str) -> list[Json]:
        return [message["data"] for message in self.seen if message.get("event") == name]

    def landmarks(self) -> list[tuple[str, str | None]]:
        """What happened, in order, without how far it was in between: the event, and its story."""
        return [
            (message["event"], message["data"].get("storyId"))
            for message in self.seen
            if "event" in message and not message["event"].endswith("-progress")
        ]


def check_status(value: Json) -> Json:
    """The status as the plan's contract has it."""
    facts = {"batchId", "status", "progress", "currentFile", "currentStep", "completed", "failed", "total"}
    assert value.keys() == facts | {"estimatedTimeRemaining", "stories"}
    check_facts(value)
    for story in value["stories"]:
        assert story.keys() == {"id", "title", "fileName", "status", "step", "progress", "error", "outputs"}
        assert story["outputs"].keys() <= {"text", "chunks", "audio", "images", "captions", "film"}
        assert isinstance(story["outputs"]["images"], list)
        check_story(story)
    return value


def check_facts(value: Json) -> None:
    assert value["status"] in {"pending", "processing", "paused", "completed", "failed", "cancelled"}
    assert 0 <= value["progress"] <= 100
    assert value["currentStep"] in STEPS
    assert value["completed"] + value["failed"] <= value["total"]
    assert value["estimatedTimeRemaining"] is None or value["estimatedTimeRemaining"] >= 0


def check_story(story: Json) -> None:
    assert story["status"] in STATES
    assert story["step"] in STEPS
    assert 0 <= story["progress"] <= 100
    assert (story["error"] is not None) == (story["status"] == "failed")
    assert story["title"]
    assert story["fileName"]


def check_message(message: Json) -> None:
    """One of the eight events."""
    assert message.keys() == {"event", "seq", "data"}
    assert message["event"] in BATCH_EVENTS | STORY_EVENTS
    assert isinstance(message["seq"], int)
    data = message["data"]
    if message["event"] in STORY_EVENTS:
        assert data.keys() == {"batchId", "storyId", "step", "progress", "message"}
        assert data["step"] in STEPS
        assert 0 <= data["progress"] <= 100
        assert data["message"]
        return
    check_facts(data)
    for story in data["stories"]:
        check_story(story)
    if message["event"] == "batch-stories-error":
        assert data["storyId"]
        assert data["error"]


def unsigned(stories: Any) -> Any:
    """Stories with their links as they are whenever they are asked for: without the signatures, which end."""
    return json.loads(re.sub(r'\?[^"]*', "", json.dumps(stories)))


def refusal_of(call: Callable[[], Any]) -> ApiError:
    """What the call is refused with."""
    with pytest.raises(ApiError) as error:
        call()
    assert error.value.message
    assert error.value.error
    return error.value
