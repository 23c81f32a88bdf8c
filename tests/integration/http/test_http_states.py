"""Every cell of the batches' table over HTTP, against an expectation written here by hand, and races between tabs."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.support.served import Json, Served

STATES = ("pending", "processing", "paused", "completed", "failed", "cancelled")
NO = "refused"
# fmt: off
EXPECTED: dict[str, tuple[str, ...]] = {
    #          pending        processing    paused        completed     failed        cancelled
    "start":  ("processing",  NO,           NO,           NO,           NO,           NO),
    "pause":  (NO,            "paused",     NO,           NO,           NO,           NO),
    "resume": (NO,            NO,           "processing", NO,           NO,           NO),
    "cancel": ("cancelled",   "cancelled",  "cancelled",  NO,           NO,           NO),
    "retry":  (NO,            "processing", "paused",     "processing", "processing", NO),
    "delete": ("gone",        NO,           NO,           "gone",       "gone",       "gone"),
}
# fmt: on
CELLS = [
    (state, action, outcome)
    for action, row in EXPECTED.items()
    for state, outcome in zip(STATES, row, strict=True)
]
COMMANDS = ("start", "pause", "resume", "cancel")


def do(served: Served, batch_id: str, action: str) -> tuple[int, Json]:
    if action == "delete":
        answer = served.http.delete(f"/batches/{batch_id}")
    else:
        answer = served.http.post(f"/batches/{batch_id}/{action}")
    return answer.status_code, answer.json() if answer.content else {}


def seen(served: Served, batch_id: str) -> tuple[Json, Json]:
    return (
        served.http.get(f"/batches/{batch_id}").json(),
        served.http.get(f"/batches/{batch_id}/items").json(),
    )


@pytest.mark.parametrize(("state", "action", "outcome"), CELLS)
def test_every_cell_of_the_table_answers_as_written(
    offline: Served, state: str, action: str, outcome: str
) -> None:
    batch_id = offline.batch_in(state)
    if action == "retry" and outcome != NO and state in ("processing", "paused"):
        offline.end_one(batch_id, "failed")
    before = seen(offline, batch_id)
    assert before[0]["status"] == state

    status, body = do(offline, batch_id, action)

    if outcome == NO:
        assert status == 409
        assert body["error"]["code"] == "illegal_transition"
        details = body["error"]["details"]
        assert (details["from"], details["action"]) == (state, action)
        assert details["allowed"] == before[0]["allowed"]
        assert action not in details["allowed"]
        assert seen(offline, batch_id) == before
    elif outcome == "gone":
        assert status == 204
        assert offline.http.get(f"/batches/{batch_id}").status_code == 404
    else:
        assert status == 200, body
        assert action in before[0]["allowed"]
        assert body["status"] == outcome
        assert offline.http.get(f"/batches/{batch_id}").json()["status"] == outcome


def test_there_are_thirty_six_cells() -> None:
    assert len(CELLS) == 36


def test_a_batch_without_a_failed_item_has_nothing_to_retry(offline: Served) -> None:
    batch_id = offline.batch_in("completed", items=("completed", "completed"))

    status, body = do(offline, batch_id, "retry")

    assert (status, body["error"]["code"]) == (409, "nothing_to_retry")


def test_start_is_refused_while_a_file_is_missing(offline: Served) -> None:
    opened = offline.http.post("/uploads", json={"files": [{"name": "talk.mp3", "size": 100}]}).json()
    batch = offline.order(file_ids=[opened["files"][0]["file"]["id"]])

    status, body = do(offline, batch["id"], "start")

    assert (status, body["error"]["code"]) == (409, "files_missing")
    assert body["error"]["details"]["missing"] == 1


MOVES = {
    ("pending", "start"): "processing",
    ("processing", "pause"): "paused",
    ("paused", "resume"): "processing",
    ("pending", "cancel"): "cancelled",
    ("processing", "cancel"): "cancelled",
    ("paused", "cancel"): "cancelled",
}


def explained(state: str, told: list[tuple[str, int]], end: str) -> bool:
    """Whether some order of the actions, one after another, gives these answers and this end."""
    if not told:
        return state == end
    for place, (action, status) in enumerate(told):
        after = MOVES.get((state, action))
        if (after is not None) == (status == 200):
            rest = told[:place] + told[place + 1 :]
            if explained(after or state, rest, end):
                return True
    return False


def test_racing_commands_can_be_told_as_one_after_another(offline: Served) -> None:
    chance = random.Random(25)
    clients = [offline.client_of(offline.owner) for _ in range(4)]
    file_ids = offline.files()
    with ThreadPoolExecutor(4) as pool:
        for _ in range(150):
            batch = offline.order(file_ids=file_ids, start=chance.random() < 0.6)
            batch_id, state = batch["id"], batch["status"]
            actions = [chance.choice(COMMANDS) for _ in clients]
            barrier = threading.Barrier(4)

            def one(
                place: int,
                batch_id: str = batch_id,
                actions: list[str] = actions,
                at: threading.Barrier = barrier,
            ) -> tuple[str, int]:
                at.wait()
                answer = clients[place].post(f"/batches/{batch_id}/{actions[place]}")
                if answer.status_code == 409:
                    assert answer.json()["error"]["details"]["from"] in STATES
                return actions[place], answer.status_code

            told = list(pool.map(one, range(4)))

            batch = offline.http.get(f"/batches/{batch_id}").json()
            assert {status for _, status in told} <= {200, 409}
            assert explained(state, told, batch["status"]), (state, told, batch["status"])
            assert batch["counts"]["cancelled"] == (1 if batch["status"] == "cancelled" else 0)
    for client in clients:
        client.close()


def test_two_retries_at_once_make_one_new_generation(offline: Served) -> None:
    batch_id = offline.batch_in("failed")
    item = offline.http.get(f"/batches/{batch_id}/items").json()["data"][0]
    path = f"/batches/{batch_id}/items/{item['id']}/retry"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: offline.http.post(path), range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    after = offline.http.get(f"/batches/{batch_id}/items/{item['id']}").json()
    assert after["generation"] == 2
    assert after["retry_count"] == 1
    assert after["status"] == "pending"


def test_an_item_of_a_cancelled_batch_is_not_retried(offline: Served) -> None:
    batch_id = offline.batch_in("cancelled")
    item = offline.http.get(f"/batches/{batch_id}/items").json()["data"][0]

    refused = offline.http.post(f"/batches/{batch_id}/items/{item['id']}/retry")

    assert refused.status_code == 409
    assert refused.json()["error"]["details"]["from"] == "cancelled"


def test_retries_by_hand_go_on_beyond_the_automatic_ones(offline: Served) -> None:
    batch_id = offline.batch_in("failed")
    item = offline.http.get(f"/batches/{batch_id}/items").json()["data"][0]

    for number in range(1, item["max_retries"] + 3):
        retried = offline.http.post(f"/batches/{batch_id}/items/{item['id']}/retry")
        assert retried.status_code == 200
        assert retried.json()["retry_count"] == number
        offline.end_one(batch_id, "failed")
