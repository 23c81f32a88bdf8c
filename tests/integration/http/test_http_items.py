from __future__ import annotations

import uuid

from tests.support.served import Json, Served


def items_of(served: Served, batch_id: str, **query: str | int) -> list[Json]:
    answer = served.http.get(f"/batches/{batch_id}/items", params=query)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["data"]
    return found


def names_of(served: Served, batch_id: str, **query: str | int) -> list[str]:
    return [item["file"]["name"] for item in items_of(served, batch_id, **query)]


def test_files_are_added_in_order_and_each_once(offline: Served) -> None:
    batch = offline.order()
    files = offline.files(3)

    added = offline.http.post(f"/batches/{batch['id']}/items", json={"file_ids": files})
    twice = offline.http.post(f"/batches/{batch['id']}/items", json={"file_ids": files[:1]})
    double = offline.http.post(
        "/batches", json={"name": "a", "pipeline": "transcription", "file_ids": files[:1] * 2}
    )

    assert added.status_code == 201
    items = items_of(offline, batch["id"])
    assert [item["id"] for item in items] == added.json()["item_ids"]
    assert [item["file"]["id"] for item in items] == files
    assert [item["position"] for item in items] == [1, 2, 3]
    assert added.json()["batch"]["counts"]["total"] == 3
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "duplicate_file")
    assert (double.status_code, double.json()["error"]["code"]) == (409, "duplicate_file")


def test_anothers_file_is_not_found(offline: Served) -> None:
    batch = offline.order()
    theirs = offline.files(1, owner=offline.stranger())

    refused = offline.http.post(f"/batches/{batch['id']}/items", json={"file_ids": theirs})
    unknown = offline.http.post(f"/batches/{batch['id']}/items", json={"file_ids": [str(uuid.uuid4())]})

    assert refused.status_code == unknown.status_code == 404
    assert refused.json()["error"]["message"] == unknown.json()["error"]["message"]


def test_items_are_listed_by_page_state_and_name(offline: Served) -> None:
    batch_id = offline.order(files=4, start=True)["id"]
    offline.end(batch_id, ["completed", "failed"])
    everything = names_of(offline, batch_id)

    assert names_of(offline, batch_id, limit=2, offset=1) == everything[1:3]
    assert names_of(offline, batch_id, status="failed") == everything[1:2]
    assert names_of(offline, batch_id, search=everything[2].upper()) == everything[2:3]
    page = offline.http.get(f"/batches/{batch_id}/items", params={"status": "pending"}).json()
    assert page["total"] == 2


def test_an_item_tells_why_it_failed_and_what_may_be_done(offline: Served) -> None:
    batch_id = offline.batch_in("completed")

    done, failed = items_of(offline, batch_id)

    assert done["progress"] == 100
    assert done["error"] is None
    assert done["allowed"] == ["redo"]
    assert failed["error"] == {"code": "asked_for", "message": "The test says so.", "hint": None}
    assert failed["allowed"] == ["retry", "redo", "remove"]


def test_items_are_put_into_another_order_before_the_start_only(offline: Served) -> None:
    batch_id = offline.order(files=3)["id"]
    first, second, third = (item["id"] for item in items_of(offline, batch_id))
    path = f"/batches/{batch_id}/items/reorder"

    ordered = offline.http.post(path, json={"item_ids": [third, first]})
    double = offline.http.post(path, json={"item_ids": [third, third]})
    foreign = offline.http.post(path, json={"item_ids": [str(uuid.uuid4())]})

    assert ordered.status_code == 200
    assert [item["id"] for item in items_of(offline, batch_id)] == [third, first, second]
    assert double.status_code == 422
    assert foreign.status_code == 404

    offline.http.post(f"/batches/{batch_id}/start")
    late = offline.http.post(path, json={"item_ids": [first]})
    assert late.status_code == 409
    assert late.json()["error"]["details"]["from"] == "processing"
    assert "pause" in late.json()["error"]["details"]["allowed"]


def test_items_are_removed_one_or_many_and_positions_close(offline: Served) -> None:
    batch_id = offline.order(files=5)["id"]
    ids = [item["id"] for item in items_of(offline, batch_id)]

    one = offline.http.delete(f"/batches/{batch_id}/items/{ids[0]}")
    many = offline.http.post(f"/batches/{batch_id}/items/remove", json={"item_ids": ids[1:3]})
    gone = offline.http.delete(f"/batches/{batch_id}/items/{ids[0]}")

    assert one.status_code == 204
    assert many.json()["counts"]["total"] == 2
    assert [(i["id"], i["position"]) for i in items_of(offline, batch_id)] == [(ids[3], 1), (ids[4], 2)]
    assert gone.status_code == 404


def test_a_completed_item_stays_and_then_none_of_those_named_goes(offline: Served) -> None:
    batch_id = offline.batch_in("completed")
    ids = [item["id"] for item in items_of(offline, batch_id)]

    refused = offline.http.post(f"/batches/{batch_id}/items/remove", json={"item_ids": ids[::-1]})

    assert refused.status_code == 409
    assert refused.json()["error"]["details"]["from"] == "completed"
    assert len(items_of(offline, batch_id)) == 2


def test_removing_the_last_live_item_settles_the_batch(offline: Served) -> None:
    batch_id = offline.order(files=2, start=True)["id"]
    offline.end(batch_id, ["completed"])
    pending = items_of(offline, batch_id, status="pending")[0]

    offline.http.delete(f"/batches/{batch_id}/items/{pending['id']}")

    assert offline.http.get(f"/batches/{batch_id}").json()["status"] == "completed"


def test_one_failed_item_is_retried_with_the_others_untouched(offline: Served) -> None:
    batch_id = offline.batch_in("failed")
    first, second = items_of(offline, batch_id)

    retried = offline.http.post(f"/batches/{batch_id}/items/{first['id']}/retry")
    again = offline.http.post(f"/batches/{batch_id}/retry", json={"item_ids": [first["id"]]})

    assert retried.status_code == 200
    assert (retried.json()["status"], retried.json()["generation"]) == ("pending", 2)
    assert items_of(offline, batch_id)[1] == second
    assert again.status_code == 409
    assert offline.http.get(f"/batches/{batch_id}").json()["status"] == "processing"


def test_an_item_is_redone_with_settings_of_its_own(offline: Served) -> None:
    batch_id = offline.batch_in("completed")
    done = items_of(offline, batch_id)[0]
    path = f"/batches/{batch_id}/items/{done['id']}"

    wrong = offline.http.post(f"{path}/redo", json={"settings": {"line_length": 1}})
    redone = offline.http.post(f"{path}/redo", json={"settings": {"line_length": 30}})

    assert wrong.status_code == 422
    assert redone.status_code == 200
    assert (redone.json()["status"], redone.json()["retry_count"]) == ("pending", 0)
    details = offline.http.get(path).json()
    assert details["settings"]["line_length"] == 30
    assert details["settings"]["caption_lines"] == 2
    assert details["served_generation"] == 1


def test_a_batch_on_request_starts_the_items_that_are_asked_for(offline: Served) -> None:
    batch_id = offline.order(files=3, on_request=True)["id"]
    first, second, third = (item["id"] for item in items_of(offline, batch_id))

    one = offline.http.post(
        f"/batches/{batch_id}/items/{first}/request", json={"settings": {"language": "en"}}
    )
    more = offline.http.post(f"/batches/{batch_id}/request", json={"item_ids": [second]})

    assert one.json()["requested"] is True
    assert more.json()["status"] == "processing"
    assert [item["requested"] for item in items_of(offline, batch_id)] == [True, True, False]
    offline.end(batch_id, ["completed", "completed"])
    assert offline.http.get(f"/batches/{batch_id}").json()["status"] == "pending"
    ended = offline.http.post(f"/batches/{batch_id}/items/{first}/request")
    assert ended.status_code == 409
    assert offline.http.post(f"/batches/{batch_id}/items/{third}/request").status_code == 200


def test_an_item_names_its_plan(offline: Served) -> None:
    batch_id = offline.order(files=1)["id"]
    item = items_of(offline, batch_id)[0]

    details = offline.http.get(f"/batches/{batch_id}/items/{item['id']}").json()

    assert details["plan"][-1] == "write"
    assert details["runs"] == details["outputs"] == []
    assert details["settings"]["language"] == "auto"


def test_pipelines_tell_their_settings_as_a_schema(offline: Served) -> None:
    found = offline.http.get("/pipelines").json()["data"]

    transcription = next(each for each in found if each["name"] == "transcription")
    assert transcription["accepts"] == ["audio", "video"]
    assert transcription["settings_schema"]["additionalProperties"] is False
    assert transcription["settings_schema"]["properties"]["line_length"]["minimum"] == 16
    assert transcription["defaults"]["line_length"] == 42
    assert offline.http.get("/pipelines/transcription").json() == transcription
    assert offline.http.get("/pipelines/nothing").status_code == 404


def test_the_yard_says_who_is_next_and_why_he_waits(offline: Served) -> None:
    paused = offline.batch_in("paused")
    first = offline.order(files=2, start=True, name="first")["id"]
    with offline.client_of(offline.stranger()) as other:
        theirs = other.get("/engine").json()
        yard = offline.http.get("/engine").json()

    assert theirs["head"] == []
    assert [(each["batch_id"], each["position"]) for each in yard["head"]] == [
        (first, 1),
        (first, 2),
        (paused, 1),
        (paused, 2),
    ]
    assert yard["head"][0]["batch_name"] == "first"
    assert "there is none" in yard["head"][0]["reason"]
    assert yard["head"][2]["reason"] == "paused"
    assert yard["waiting"] >= 2


def test_the_server_says_which_it_is_and_how_its_parts_are(offline: Served) -> None:
    version = offline.http.get("/version").json()
    health = offline.http.get("/health").json()

    assert (version["name"], version["api"]) == ("reelyard", "v1")
    assert health["dispatcher"] is True
    assert health["workers"] == 0
    assert health["database_ms"] >= 0


def test_a_stage_names_outputs_that_differ_in_their_number_once(offline: Served) -> None:
    stages = {
        stage["name"]: stage["outputs"] for stage in offline.http.get("/pipelines/story").json()["stages"]
    }

    assert stages["illustrate"] == ["picture-*.jpg", "cover.jpg"]
    assert "narration.m4a" in stages["sound"]
