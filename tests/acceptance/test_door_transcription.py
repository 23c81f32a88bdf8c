"""The founding front end's API client against a running server: its seven cases, and every call's good and bad answers."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from tests.acceptance.transcription_front_end import ApiClient, ApiError, Live
from tests.acceptance.transcription_types import check_item, check_job, check_job_with_items, check_message
from tests.support.served import OWNER_HEADER, Served
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from reelyard.core.accounts.service import ensure_owner
from reelyard.core.batches.models import Batch
from reelyard.core.batches.service import BatchOrder
from reelyard.http.app import create_app
from reelyard.http.identity import LocalIdentity
from reelyard.testing.media import MediaMaker

Json = dict[str, Any]
NOBODYS = str(uuid.uuid4())


@pytest.fixture
def headers(served: Served) -> dict[str, str]:
    return {OWNER_HEADER: served.owner}


@pytest.fixture
def client(served: Served, headers: dict[str, str]) -> Iterator[ApiClient]:
    client = ApiClient(served.address, headers=headers)
    yield client
    client.close()


@pytest.fixture
def live(served: Served, headers: dict[str, str]) -> Iterator[Live]:
    line = Live(served.address, headers)
    yield line
    line.close()


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    maker = MediaMaker(tmp_path_factory.mktemp("tones"))
    return [maker.tone(f"{n}.wav", seconds=n) for n in range(1, 4)]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text("Dear friend,\nthis is not a recording.\n")
    return path


def refusal_of(call: Callable[[], Any]) -> ApiError:
    with pytest.raises(ApiError) as error:
        call()
    assert error.value.code
    assert error.value.message
    return error.value


def last_told(live: Live, job_id: str) -> Json:
    live.subscribe_to_batch_job(job_id)
    live.until(lambda message: message.get("type") == "subscribed")
    told: Json = live.until_event("batch:job_progress")["data"]
    return told


# --- the seven cases of section 4.5 -------------------------------------------------------------------


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


# --- the calls, one by one ------------------------------------------------------------------------------


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
        film = container.batches.create(tx, served.owner, BatchOrder("films", "transcription"))
        film.pipeline = "video"

    assert [job["id"] for job in client.get_batch_jobs()["data"]] == [ours.id]
    assert client.get_batch_job(ours.id)["concurrency"] == 7
    assert refusal_of(lambda: client.get_batch_job(film.id)).status == 404
    assert refusal_of(lambda: client.cancel_batch_job(film.id)).status == 404


# --- the socket -----------------------------------------------------------------------------------------


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
