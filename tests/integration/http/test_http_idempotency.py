from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from tests.support.served import Served

from reelyard.core.requests.models import AnsweredRequest

ORDER = {"name": "once", "pipeline": "transcription"}
KEY = {"Idempotency-Key": "a-key"}


def post(http: httpx.Client, **order: object) -> httpx.Response:
    return http.post("/batches", json={**ORDER, **order}, headers=KEY)


def test_the_same_request_under_the_same_key_gets_the_same_answer(offline: Served) -> None:
    first, second = post(offline.http), post(offline.http)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert offline.http.get("/batches").json()["total"] == 1


def test_fifty_at_once_make_one_batch(offline: Served) -> None:
    barrier = threading.Barrier(50)

    def one(_: int) -> httpx.Response:
        with offline.client_of(offline.owner) as http:
            barrier.wait()
            return post(http)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(one, range(50)))

    done = [answer for answer in answers if answer.status_code == 201]
    others = [answer for answer in answers if answer.status_code != 201]
    assert done
    assert len({answer.content for answer in done}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in done) == 1
    assert {(a.status_code, a.json()["error"]["code"]) for a in others} <= {(409, "idempotency_in_flight")}
    assert offline.http.get("/batches").json()["total"] == 1


def test_another_request_under_the_same_key_is_refused(offline: Served) -> None:
    batch = post(offline.http).json()

    body = post(offline.http, name="other")
    path = offline.http.post(f"/batches/{batch['id']}/start", headers=KEY)

    for refused in (body, path):
        assert refused.status_code == 422
        assert refused.json()["error"]["code"] == "idempotency_key_reused"


def test_keys_belong_to_their_owner(offline: Served) -> None:
    with offline.client_of(offline.stranger()) as other:
        mine, theirs = post(offline.http), post(other)

    assert mine.json()["id"] != theirs.json()["id"]
    assert "Idempotency-Replayed" not in theirs.headers


def test_a_key_may_be_used_anew_after_a_day(offline: Served) -> None:
    first = post(offline.http).json()
    with offline.container.db.write() as tx:
        row = tx.session.get_one(AnsweredRequest, (offline.owner, "a-key"))
        row.created_at -= timedelta(hours=24)

    second = post(offline.http)

    assert second.status_code == 201
    assert second.json()["id"] != first["id"]
    assert "Idempotency-Replayed" not in second.headers


def test_a_refusal_is_not_kept_so_that_it_may_succeed_later(offline: Served) -> None:
    batch = offline.order()
    path = f"/batches/{batch['id']}/start"

    refused = offline.http.post(path, headers=KEY)
    offline.http.post(f"/batches/{batch['id']}/items", json={"file_ids": offline.files()})
    started = offline.http.post(path, headers=KEY)
    again = offline.http.post(path, headers=KEY)

    assert refused.status_code == 409
    assert started.status_code == 200
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == started.content


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
def test_a_key_that_is_none_is_refused(offline: Served, key: str) -> None:
    refused = offline.http.post("/batches", json=ORDER, headers={"Idempotency-Key": key})

    assert refused.status_code == 422
    assert offline.http.get("/batches").json()["total"] == 0
