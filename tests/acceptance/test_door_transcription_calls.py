"""Every call of the transcription door: its good and its bad answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.acceptance.transcription_front_end import ApiClient, Live, refusal_of
from tests.acceptance.transcription_types import check_job, check_job_with_items
from tests.support.served import OWNER_HEADER, Served

from reelyard.core.accounts.service import ensure_owner
from reelyard.core.batches.models import Batch
from reelyard.core.batches.service import BatchOrder
from reelyard.http.app import create_app
from reelyard.http.identity import LocalIdentity

Json = dict[str, Any]
NOBODYS = "3f0d7d6e-5a0c-4d1c-9b57-0d9f6a1c2b3e"  # the id of nothing


def test_name_and_concurrency_are_changed_each_by_itself(client: ApiClient) -> None:
    job_id = client.create_batch_job("talks", 2)["id"]

    renamed = check_job(client.update_batch_job(job_id, {"name": "other talks"}))
    wider = check_job(client.update_batch_job(job_id, {"concurrency": 9}))

    assert (renamed["name"], renamed["concurrency"]) == ("other talks", 2)
    assert (wider["name"], wider["concurrency"]) == ("other talks", 9)
    assert wider["updatedAt"] >= renamed["updatedAt"]
    for wrong in ({"name": ""}, {"concurrency": 0}, {"concurrency": "many"}):
        assert refusal_of(lambda: client.update_batch_job(job_id, wrong)).status == 400  # noqa: B023 - called at once


def test_fields_that_are_not_the_clients_are_ignored(client: ApiClient, served: Served) -> None:
    foreign = {
        "id": NOBODYS,
        "status": "COMPLETED",
        "userId": NOBODYS,
        "totalItems": 9,
        "priority": 9,
        "x": {"y": 1},
    }
    job = client._answer("POST", "/jobs", json={"name": "talks", **foreign, "settings": {"language": "xx"}})
    changed = client.update_batch_job(job["id"], {"name": "other talks", **foreign})

    assert (changed["status"], changed["totalItems"], changed["id"]) == ("DRAFT", 0, job["id"])
    assert job["id"] != NOBODYS
    with served.container.db.read() as tx:
        batch = tx.session.get_one(Batch, job["id"])
        assert (batch.owner_id, batch.priority, batch.pipeline) == (served.owner, 5, "transcription")
        defaults = served.container.registry.get("transcription").settings().model_dump(mode="json")
        assert batch.settings == defaults


def test_a_draft_is_deleted_and_then_it_is_not_there(client: ApiClient) -> None:
    job_id = client.create_batch_job("talks")["id"]

    client.delete_batch_job(job_id)

    assert client.get_batch_jobs()["data"] == []
    assert refusal_of(lambda: client.delete_batch_job(job_id)).status == 404


def test_an_empty_job_is_not_started_and_a_draft_neither_paused_nor_resumed(client: ApiClient) -> None:
    job_id = client.create_batch_job("talks")["id"]

    for call in (client.start_batch_job, client.pause_batch_job, client.resume_batch_job):
        assert refusal_of(lambda: call(job_id)).status == 409  # noqa: B023 - called at once


def test_a_draft_that_is_cancelled_reads_error_and_takes_no_files(
    client: ApiClient, tones: list[Path]
) -> None:
    job_id = client.create_batch_job("talks")["id"]
    client.add_files_to_batch(job_id, tones[:1])

    cancelled = check_job(client.cancel_batch_job(job_id))

    assert cancelled["status"] == "ERROR"
    assert refusal_of(lambda: client.add_files_to_batch(job_id, tones[:1])).status == 409
    assert refusal_of(lambda: client.cancel_batch_job(job_id)).status == 409
    client.delete_batch_job(job_id)


def test_an_item_is_removed_from_a_draft(client: ApiClient, tones: list[Path]) -> None:
    job_id = client.create_batch_job("tones")["id"]
    items = client.add_files_to_batch(job_id, tones)["items"]

    client.remove_batch_item(job_id, items[1]["id"])

    job = check_job_with_items(client.get_batch_job(job_id))
    assert [item["id"] for item in job["items"]] == [items[0]["id"], items[2]["id"]]
    assert job["totalItems"] == 2
    assert refusal_of(lambda: client.remove_batch_item(job_id, items[1]["id"])).status == 404


def test_what_did_not_fail_is_not_tried_again(client: ApiClient, tones: list[Path]) -> None:
    job_id = client.create_batch_job("tones")["id"]
    item_id = client.add_files_to_batch(job_id, tones[:1])["items"][0]["id"]

    assert refusal_of(lambda: client.retry_batch_item(job_id, item_id)).status == 409


def test_a_file_that_is_no_recording_is_named_and_the_others_are_taken(
    client: ApiClient, tones: list[Path], letter: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.wav"
    empty.touch()
    job_id = client.create_batch_job("tones")["id"]

    added = client.add_files_to_batch(job_id, [letter, tones[0], empty])

    assert [item["fileName"] for item in added["items"]] == ["1.wav"]
    assert [error["fileName"] for error in added["errors"]] == ["letter.txt", "empty.wav"]
    assert all(error.keys() == {"fileName", "message"} and error["message"] for error in added["errors"])
    assert client.get_batch_job(job_id)["totalItems"] == 1


def test_a_form_without_a_single_recording_is_refused(client: ApiClient, letter: Path) -> None:
    job_id = client.create_batch_job("tones")["id"]

    assert refusal_of(lambda: client.add_files_to_batch(job_id, [letter])).status == 400
    assert refusal_of(lambda: client._send("POST", f"/jobs/{job_id}/items", json={"files": []})).status == 400
    assert client.get_batch_job(job_id)["items"] == []


def test_a_form_holds_ten_files(client: ApiClient, tones: list[Path]) -> None:
    job_id = client.create_batch_job("tones")["id"]

    ten = client.add_files_to_batch(job_id, [tones[0]] * 10)
    eleven = client.add_files_to_batch(job_id, [tones[0]] * 11)

    assert (len(ten["items"]), ten["errors"]) == (10, [])
    assert (len(eleven["items"]), len(eleven["errors"])) == (10, 1)


IDS = (NOBODYS, "nope", "1", "..%2f..", "%00", "x" * 300)


@pytest.mark.parametrize("job_id", IDS)
def test_a_job_that_is_not_there_is_404_on_every_call(
    client: ApiClient, tones: list[Path], job_id: str
) -> None:
    calls: tuple[Callable[[], Any], ...] = (
        lambda: client.get_batch_job(job_id),
        lambda: client.update_batch_job(job_id, {"name": "x"}),
        lambda: client.delete_batch_job(job_id),
        lambda: client.start_batch_job(job_id),
        lambda: client.pause_batch_job(job_id),
        lambda: client.resume_batch_job(job_id),
        lambda: client.cancel_batch_job(job_id),
        lambda: client.add_files_to_batch(job_id, tones[:1]),
        lambda: client.remove_batch_item(job_id, NOBODYS),
        lambda: client.retry_batch_item(job_id, NOBODYS),
    )

    assert [(refusal_of(call).status, refusal_of(call).code) for call in calls] == [(404, "not_found")] * len(
        calls
    )


def test_an_id_in_capitals_is_the_same_id(client: ApiClient, live: Live, tones: list[Path]) -> None:
    job_id = client.create_batch_job("talks")["id"]
    item_id = client.add_files_to_batch(job_id.upper(), tones[:1])["items"][0]["id"]

    live.subscribe_to_batch_job(job_id.upper())
    told = live.next()
    client.remove_batch_item(job_id.upper(), item_id.upper())
    renamed = client.update_batch_job(job_id.upper(), {"name": "songs"})

    assert (told["type"], told["jobId"]) == ("subscribed", job_id.upper())
    assert (renamed["id"], renamed["name"], renamed["totalItems"]) == (job_id, "songs", 0)


@pytest.mark.parametrize("item_id", IDS)
def test_an_item_that_is_not_there_is_404(client: ApiClient, item_id: str) -> None:
    job_id = client.create_batch_job("talks")["id"]

    assert refusal_of(lambda: client.remove_batch_item(job_id, item_id)).status == 404
    assert refusal_of(lambda: client.retry_batch_item(job_id, item_id)).status == 404


def test_anothers_job_is_not_there(served: Served, client: ApiClient, live: Live, tones: list[Path]) -> None:
    somebody = ensure_owner(served.container.db, str(uuid.uuid4()), "somebody else")
    other = ApiClient(served.address, headers={OWNER_HEADER: somebody})
    theirs = other.create_batch_job("theirs")["id"]
    item_id = other.add_files_to_batch(theirs, tones[:1])["items"][0]["id"]

    assert client.get_batch_jobs()["data"] == []
    assert refusal_of(lambda: client.get_batch_job(theirs)).status == 404
    assert refusal_of(lambda: client.add_files_to_batch(theirs, tones[:1])).status == 404
    assert refusal_of(lambda: client.remove_batch_item(theirs, item_id)).status == 404
    live.subscribe_to_batch_job(theirs)
    assert live.next()["message"] == "Batch job not found"
    other.close()


def test_who_may_not_ask_hears_it_in_the_doors_form(served: Served) -> None:
    elsewhere = TestClient(create_app(served.container, LocalIdentity("the-credential")))

    refused = elsewhere.get("/api/batch/jobs")
    known = elsewhere.get("/api/batch/jobs", headers={"authorization": "Bearer the-credential"})

    assert refused.status_code == 401
    assert refused.json().keys() == {"error"}
    assert refused.json()["error"].keys() == {"code", "message"}
    assert known.status_code == 200


def test_jobs_of_other_clients_are_shown_and_those_of_other_pipelines_are_not(
    served: Served, client: ApiClient
) -> None:
    container = served.container
    with container.db.write() as tx:
        ours = container.batches.create(
            tx, served.owner, BatchOrder("by another client", "transcription", concurrency=7)
        )
        film = container.batches.create(tx, served.owner, BatchOrder("films", "video"))

    assert [job["id"] for job in client.get_batch_jobs()["data"]] == [ours.id]
    assert client.get_batch_job(ours.id)["concurrency"] == 7
    assert refusal_of(lambda: client.get_batch_job(film.id)).status == 404
    assert refusal_of(lambda: client.cancel_batch_job(film.id)).status == 404
