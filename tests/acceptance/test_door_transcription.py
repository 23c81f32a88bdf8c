"""The seven cases of the founding front end's API client (section 4.5), against a running server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.acceptance.transcription_front_end import ApiClient, Live, refusal_of
from tests.acceptance.transcription_types import check_item, check_job, check_job_with_items, check_message
from tests.support.served import Served


def test_1_jobs_are_listed_page_by_page_the_newest_first(client: ApiClient) -> None:
    made = [client.create_batch_job(f"job {n}")["id"] for n in range(5)]

    pages = [client.get_batch_jobs(page, 2) for page in (1, 2, 3, 4)]
    whole = client.get_batch_jobs()

    listed = [check_job(job)["id"] for page in pages for job in page["data"]]
    assert listed == list(reversed(made))
    assert pages[0]["pagination"] == {"page": 1, "limit": 2, "total": 5, "totalPages": 3}
    assert pages[3] == {"data": [], "pagination": {"page": 4, "limit": 2, "total": 5, "totalPages": 3}}
    assert whole["pagination"] == {"page": 1, "limit": 20, "total": 5, "totalPages": 1}


def test_2_a_job_is_created_from_the_documents_payload(client: ApiClient) -> None:
    plain = check_job(client.create_batch_job("Weekly talks"))
    wide = check_job(client.create_batch_job("Weekly talks", 10))

    assert (plain["name"], plain["status"], plain["concurrency"]) == ("Weekly talks", "DRAFT", 3)
    assert (plain["totalItems"], plain["completedItems"], plain["failedItems"]) == (0, 0, 0)
    assert wide["concurrency"] == 10
    assert check_job_with_items(client.get_batch_job(wide["id"])) == {**wide, "items": []}


def test_3_a_job_is_started(client: ApiClient, tones: list[Path]) -> None:
    job_id = client.create_batch_job("tones")["id"]
    client.add_files_to_batch(job_id, tones[:1])

    started = check_job(client.start_batch_job(job_id))

    assert (started["id"], started["status"], started["totalItems"]) == (job_id, "RUNNING", 1)
    assert refusal_of(lambda: client.start_batch_job(job_id)).status == 409


@pytest.mark.parametrize("field_name", ["files", "file", "files[]", "anything at all"])
def test_4_files_are_uploaded_with_progress_under_any_field_name(
    client: ApiClient, tones: list[Path], field_name: str
) -> None:
    job_id = client.create_batch_job("tones")["id"]
    progress: list[tuple[float, int, int]] = []

    added = client.add_files_to_batch(
        job_id,
        tones,
        lambda _job, percent, loaded, total: progress.append((percent, loaded, total)),
        field_name,
    )

    assert added.keys() == {"items", "errors"}
    assert added["errors"] == []
    assert [check_item(item)["fileName"] for item in added["items"]] == ["1.wav", "2.wav", "3.wav"]
    assert [item["fileSize"] for item in added["items"]] == [tone.stat().st_size for tone in tones]
    assert {item["status"] for item in added["items"]} == {"PENDING"}
    assert len(progress) > 3
    assert progress == sorted(progress)
    assert progress[-1][0] == 100
    assert [item["id"] for item in client.get_batch_job(job_id)["items"]] == [
        item["id"] for item in added["items"]
    ]


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (lambda client: client.create_batch_job(""), 400, "invalid_input"),
        (lambda client: client.create_batch_job("x" * 101), 400, "invalid_input"),
        (lambda client: client.create_batch_job("x", 11), 400, "invalid_input"),
        (lambda client: client.create_batch_job("x", 0), 400, "invalid_input"),
        (lambda client: client._send("POST", "/jobs", json={}), 400, "invalid_input"),
        (lambda client: client._send("POST", "/jobs", json=[]), 400, "invalid_input"),
        (lambda client: client.get_batch_jobs(0), 400, "invalid_input"),
        (lambda client: client.get_batch_jobs(1, 0), 400, "invalid_input"),
        (lambda client: client.get_batch_jobs(1, 101), 400, "invalid_input"),
        (lambda client: client._send("GET", "/jobs", params={"page": "two"}), 400, "invalid_input"),
        (lambda client: client._send("GET", "/job"), 404, "not_found"),
    ],
)
def test_5_refusals_have_one_form(
    client: ApiClient, call: Callable[[ApiClient], Any], status: int, code: str
) -> None:
    error = refusal_of(lambda: call(client))

    assert (error.status, error.code) == (status, code)


def test_5_a_body_that_is_not_json_is_refused_in_the_same_form(client: ApiClient) -> None:
    answer = client.http.post("/jobs", content=b'{"name":', headers={"content-type": "application/json"})

    assert answer.status_code == 400
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"].keys() == {"code", "message"}


class Stumbling(httpx.BaseTransport):
    """A network that fails a few times: by no answer, or by that of a busy server."""

    def __init__(self, failures: int, *, busy: bool = False) -> None:
        self.left = failures
        self._busy = busy
        self._network = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.left:
            self.left -= 1
            if not self._busy:
                raise httpx.ConnectError("no way there", request=request)
            busy = {"error": {"code": "database_busy", "message": "Try again."}}
            return httpx.Response(503, json=busy, request=request)
        return self._network.handle_request(request)

    def close(self) -> None:
        self._network.close()


@pytest.mark.parametrize("busy", [False, True])
def test_6_an_upload_is_tried_again_with_growing_waits(
    served: Served, headers: dict[str, str], tones: list[Path], busy: bool
) -> None:
    client = ApiClient(served.address, headers=headers)
    job_id = client.create_batch_job("tones")["id"]
    stumbling = ApiClient(served.address, Stumbling(2, busy=busy), headers=headers)

    added = stumbling.add_files_to_batch(job_id, tones[:1])

    assert stumbling.waits == [0.01, 0.02]
    assert len(added["items"]) == client.get_batch_job(job_id)["totalItems"] == 1
    stumbling.close()
    client.close()


def test_6_a_refusal_is_not_tried_again_and_a_dead_network_is_told(
    served: Served, headers: dict[str, str]
) -> None:
    client = ApiClient(served.address, headers=headers)
    dead = ApiClient(served.address, Stumbling(99), headers=headers)

    refused = refusal_of(lambda: client.create_batch_job(""))
    unheard = refusal_of(lambda: dead.create_batch_job("talks"))

    assert (refused.status, client.waits) == (400, [])
    assert (unheard.status, unheard.code, len(dead.waits)) == (0, "network_error", 3)
    client.close()
    dead.close()


def test_7_a_job_is_subscribed_to_and_unsubscribed_from(client: ApiClient, live: Live) -> None:
    job_id = client.create_batch_job("talks")["id"]

    live.subscribe_to_batch_job(job_id)
    confirmed = live.next()
    first = live.next()
    client.update_batch_job(job_id, {"name": "other talks"})
    changed = live.next()
    live.unsubscribe_from_batch_job(job_id)
    gone = live.next()
    client.update_batch_job(job_id, {"name": "more talks"})
    live.drain()

    assert {**confirmed, "_at": 0} == {"type": "subscribed", "jobId": job_id, "seq": 1, "_at": 0}
    check_message(first)
    check_message(changed)
    assert (first["event"], first["data"]["status"]) == ("batch:job_progress", "DRAFT")
    assert changed["seq"] == 2
    assert (gone["type"], gone["jobId"]) == ("unsubscribed", job_id)
    assert live.seen[-1] is gone
