"""The founding transcription front end as a user whose plan has limits."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance.transcription_front_end import ApiClient, refusal_of
from tests.support.served import OWNER_HEADER, Served

from reelyard.core.accounts.service import ensure_owner


@pytest.fixture
def free(served: Served) -> Iterator[ApiClient]:
    owner = ensure_owner(served.container.db, str(uuid.uuid4()), "somebody", "free")
    client = ApiClient(served.address, headers={OWNER_HEADER: owner}, tries=1)
    yield client
    client.close()


def test_files_beyond_the_plan_are_named_and_the_others_taken(free: ApiClient, tones: list[Path]) -> None:
    job_id = free.create_batch_job("talks")["id"]

    first = free.add_files_to_batch(job_id, tones[:2])
    second = free.add_files_to_batch(job_id, tones[:2])
    refused = refusal_of(lambda: free.add_files_to_batch(job_id, tones[:1]))

    assert (len(first["items"]), first["errors"]) == (2, [])
    assert (len(second["items"]), len(second["errors"])) == (1, 1)
    assert "3 files" in second["errors"][0]["message"]
    assert (refused.status, refused.code) == (403, "quota_exceeded")
    assert free.get_batch_job(job_id)["totalItems"] == 3


def test_jobs_beyond_the_hours_rate_are_refused_with_a_time_to_come_back(free: ApiClient) -> None:
    for number in range(5):
        free.create_batch_job(f"talks {number}")

    answer = free.http.post("/jobs", json={"name": "one more"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "rate_limited")
    assert int(answer.headers["retry-after"]) > 3500
    assert answer.headers["ratelimit-policy"] == '"hour";q=5;w=3600'
