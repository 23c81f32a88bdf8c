"""Batches that real workers work on, ordered and watched over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.engine import ready_files, wait_until
from tests.support.served import Json, Served


@pytest.fixture(autouse=True)
def _workers(served: Served) -> None:
    wait_until(lambda: len(served.container.cluster.capacity()) == 3)


def order(served: Served, words: list[str], *, pipeline: str = "work", **facts: Any) -> str:
    files = ready_files(served.container, served.owner, words)
    batch = served.order(pipeline=pipeline, file_ids=files, start=True, **facts)
    batch_id: str = batch["id"]
    return batch_id


def batch_of(served: Served, batch_id: str) -> Json:
    found: Json = served.http.get(f"/batches/{batch_id}").json()
    return found


def items_of(served: Served, batch_id: str) -> list[Json]:
    found: list[Json] = served.http.get(f"/batches/{batch_id}/items").json()["data"]
    return found


def details_of(served: Served, item: Json) -> Json:
    found: Json = served.http.get(f"/batches/{item['batch_id']}/items/{item['id']}").json()
    return found


def wait_for(served: Served, batch_id: str, status: str = "completed") -> None:
    wait_until(lambda: batch_of(served, batch_id)["status"] == status)


@pytest.fixture
def done(served: Served) -> Iterator[str]:
    batch_id = order(served, ["fine one"])
    wait_for(served, batch_id)
    return (yield batch_id)


def test_an_item_tells_what_its_stages_did_and_hands_its_outputs_over(served: Served, done: str) -> None:
    item = details_of(served, items_of(served, done)[0])

    assert [run["stage"] for run in item["runs"]] == item["plan"] == ["prepare", "parts", "write"]
    assert {run["status"] for run in item["runs"]} == {"done"}
    for run in item["runs"]:
        assert run["queued_at"] <= run["started_at"] <= run["ended_at"]
    assert item["result"]["parts"] == {"parts": 2}
    (output,) = item["outputs"]
    assert output["role"] == "out.txt"
    assert output["mime"] == "text/plain"
    fetched = served.http.get(f"{served.address}{output['url']}")
    assert fetched.status_code == 200
    assert fetched.text.startswith("plain\npart 0 of fine one")
    assert len(fetched.content) == output["size"]
    assert output["file_name"] in fetched.headers["Content-Disposition"]
    again = served.http.get(f"/artifacts/{output['id']}").json()
    assert {**again, "url": ""} == {**output, "url": ""}


def test_the_report_tells_what_each_stage_took(served: Served, done: str) -> None:
    report = served.http.get(f"/batches/{done}/report").json()

    assert report["final"] is True
    assert [stage["stage"] for stage in report["stages"]] == ["prepare", "parts", "write"]
    assert report["elapsed_s"] > 0
    assert report["work_s"] == pytest.approx(sum(stage["seconds"] for stage in report["stages"]))
    assert report["success_rate"] == 1


def test_a_redo_with_another_style_does_only_what_differs(served: Served, done: str) -> None:
    item = items_of(served, done)[0]

    served.http.post(f"/batches/{done}/items/{item['id']}/redo", json={"settings": {"style": "fancy"}})
    wait_until(lambda: items_of(served, done)[0]["served_generation"] == 2)

    redone = details_of(served, item)
    second = [run for run in redone["runs"] if run["generation"] == 2]
    assert [run["cached"] for run in second] == [True, True, False]
    text = served.http.get(f"{served.address}{redone['outputs'][0]['url']}").text
    assert text.startswith("fancy\n")


def test_the_yard_shows_names_to_their_owner_only(served: Served, done: str) -> None:
    name = items_of(served, done)[0]["file"]["name"]

    mine = served.http.get("/engine").json()
    with served.client_of(served.stranger()) as other:
        theirs = other.get("/engine").json()

    assert {lane["worker"] for lane in mine["lanes"] if lane["present"]} == {"light", "slot-1", "slot-2"}
    spans = [span for lane in mine["lanes"] for span in lane["spans"] if span["name"] == name]
    assert {span["stage"] for span in spans} == {"prepare", "parts", "write"}
    assert name not in str(theirs)
    foreign = [span for lane in theirs["lanes"] for span in lane["spans"]]
    assert foreign
    assert {(span["subject_id"], span["batch_id"], span["name"]) for span in foreign} == {(None, None, None)}


def test_a_failed_item_says_why_and_the_others_go_on(served: Served) -> None:
    batch_id = order(served, ["reject it", "fine"])
    wait_for(served, batch_id)

    first, second = items_of(served, batch_id)

    assert first["error"]["code"] == "asked_for"
    assert first["error"]["message"] == "The file says so."
    assert second["status"] == "completed"
    assert batch_of(served, batch_id)["partial"] is True


def test_after_pause_nothing_new_begins_and_what_runs_ends(served: Served) -> None:
    settings = {"nap_s": 0.3, "parts": 2}
    batch_id = order(served, [f"fine {n}" for n in range(6)], settings=settings, concurrency=2)
    wait_until(lambda: batch_of(served, batch_id)["counts"]["processing"] > 0)

    paused = served.http.post(f"/batches/{batch_id}/pause")

    assert paused.status_code == 200
    begun = 6 - paused.json()["counts"]["pending"]
    wait_until(lambda: batch_of(served, batch_id)["counts"]["processing"] == 0)
    after = batch_of(served, batch_id)
    assert after["status"] == "paused"
    assert after["counts"]["completed"] == begun
    assert served.http.post(f"/batches/{batch_id}/resume").status_code == 200
    assert wait_until(lambda: batch_of(served, batch_id)["counts"]["processing"] > 0) < 5.0
    wait_for(served, batch_id)


def test_cancel_ends_what_runs_and_hands_nothing_over(served: Served) -> None:
    batch_id = order(
        served, ["fine", "fine too", "and more"], settings={"nap_s": 30, "parts": 1}, concurrency=3
    )
    wait_until(lambda: batch_of(served, batch_id)["counts"]["processing"] >= 2)

    cancelled = served.http.post(f"/batches/{batch_id}/cancel").json()

    assert cancelled["status"] == "cancelled"
    assert cancelled["counts"]["cancelled"] == 3
    assert cancelled["eta_s"] is None
    assert wait_until(lambda: not list(served.container.dispatcher.flights)) < 5.0
    for item in items_of(served, batch_id):
        assert details_of(served, item)["outputs"] == []


def test_progress_grows_while_it_works_and_is_full_only_at_the_end(served: Served) -> None:
    batch_id = order(served, ["fine"], settings={"nap_s": 0.25, "parts": 6})
    seen: list[float] = []

    def ended() -> bool:
        batch = batch_of(served, batch_id)
        seen.append(batch["progress"])
        return bool(batch["status"] == "completed")

    wait_until(ended)

    assert seen == sorted(seen)
    assert seen[-1] == 100
    assert any(0 < each < 100 for each in seen)
