"""The socket of the transcription door: what is subscribed to, and what is said to who asks wrongly."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from tests.acceptance.transcription_front_end import ApiClient, Live
from tests.support.served import Served
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

Json = dict[str, Any]
NOBODYS = "3f0d7d6e-5a0c-4d1c-9b57-0d9f6a1c2b3e"  # the id of nothing


def last_told(live: Live, job_id: str) -> Json:
    live.subscribe_to_batch_job(job_id)
    live.until(lambda message: message.get("type") == "subscribed")
    told: Json = live.until_event("batch:job_progress")["data"]
    return told


@pytest.mark.parametrize("job_id", [NOBODYS, "nope", ""])
def test_an_unknown_job_is_told_and_the_line_kept(client: ApiClient, live: Live, job_id: str) -> None:
    job = client.create_batch_job("talks")

    live.subscribe_to_batch_job(job_id)
    told = live.next()

    assert {**told, "_at": 0} == {
        "type": "error",
        "jobId": job_id,
        "message": "Batch job not found",
        "_at": 0,
    }
    assert last_told(live, job["id"])["jobId"] == job["id"]


@pytest.mark.parametrize(
    "message",
    [
        "",
        "gibberish",
        "[]",
        "{}",
        '{"type": "dance"}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "jobId": 7}',
    ],
)
def test_what_cannot_be_understood_is_told_and_the_line_kept(
    client: ApiClient, live: Live, message: str
) -> None:
    job = client.create_batch_job("talks")

    live.send(message)
    told = live.next()

    assert told["type"] == "error"
    assert last_told(live, job["id"])["jobId"] == job["id"]


def test_one_line_carries_several_jobs(client: ApiClient, live: Live) -> None:
    first, second = (client.create_batch_job(name)["id"] for name in ("first", "second"))
    for job_id in (first, second):
        last_told(live, job_id)

    client.update_batch_job(second, {"name": "other"})
    client.update_batch_job(first, {"name": "other"})
    told = {live.until_event("batch:job_progress")["data"]["jobId"] for _ in range(2)}

    assert told == {first, second}


def test_a_job_that_is_deleted_under_its_subscription_is_not_found_any_more(
    client: ApiClient, live: Live
) -> None:
    job_id = client.create_batch_job("talks")["id"]
    last_told(live, job_id)

    client.delete_batch_job(job_id)
    told = live.until(lambda message: message.get("type") == "error")

    assert (told["jobId"], told["message"]) == (job_id, "Batch job not found")


def test_changes_in_quick_succession_are_told_together(client: ApiClient, live: Live) -> None:
    job_id = client.create_batch_job("talks")["id"]
    last_told(live, job_id)

    for n in range(20):
        client.update_batch_job(job_id, {"name": f"talks {n}"})
    live.drain()

    told = [message for message in live.seen if message.get("event") == "batch:job_progress"]
    assert 2 <= len(told) <= 6
    assert told[-1]["seq"] == 21
    assert all(later["_at"] - earlier["_at"] > 0.45 for earlier, later in itertools.pairwise(told))


def test_a_user_has_so_many_lines_and_no_more(served: Served, headers: dict[str, str]) -> None:
    most = served.container.settings.server.max_streams
    lines = [Live(served.address, headers=headers) for _ in range(most)]

    address = served.address.replace("http", "ws", 1) + "/api/batch/ws"
    with pytest.raises(InvalidStatus) as refused, connect(address, additional_headers=headers):
        pass
    assert refused.value.response.status_code == 429

    for line in lines:
        line.close()
