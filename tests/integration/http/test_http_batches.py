from __future__ import annotations

import pytest
from tests.support.served import Json, Served

NOWHERE = "6f1c9d52-2b1e-4b57-9d0e-0c6f6f3a8a10"


def test_a_batch_is_ordered_with_the_pipelines_defaults(offline: Served) -> None:
    batch = offline.order(name="  Interviews ", settings={"language": "en"}, priority=7)

    assert batch["name"] == "Interviews"
    assert batch["status"] == "pending"
    assert batch["settings"]["language"] == "en"
    assert batch["settings"]["line_length"] == 42
    assert batch["concurrency"] == 3
    assert batch["priority"] == 7
    assert batch["counts"]["total"] == 0
    assert batch["eta_s"] is None
    assert batch["created_at"].endswith("Z")


def test_a_batch_is_ordered_with_files_and_started_in_one_request(offline: Served) -> None:
    batch = offline.order(files=3, start=True)

    assert batch["status"] == "processing"
    assert batch["counts"] == {
        "total": 3, "pending": 3, "uploading": 0, "processing": 0, "completed": 0, "failed": 0, "cancelled": 0,
    }  # fmt: skip
    assert batch["strip"] == ["p", "p", "p"]
    assert offline.http.get(f"/batches/{batch['id']}").json() == {**batch, "seq": batch["seq"] + 3}


def test_nothing_is_created_when_the_start_is_refused(offline: Served) -> None:
    order = {"name": "empty", "pipeline": "transcription", "start": True}

    refused = offline.http.post("/batches", json=order)

    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "nothing_to_do"
    assert offline.http.get("/batches").json()["total"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("pipeline", "nothing"),
        ("concurrency", 0),
        ("concurrency", 11),
        ("concurrency", "3"),
        ("concurrency", True),
        ("priority", 11),
        ("settings", {"language": 5}),
        ("settings", {"unknown": 5}),
        ("settings", []),
        ("owner_id", NOWHERE),
        ("user_id", NOWHERE),
        ("tier", "pro"),
        ("status", "completed"),
        ("retry_count", 0),
    ],
)
def test_what_is_not_allowed_in_an_order_is_refused_by_name(
    offline: Served, field: str, value: object
) -> None:
    order = {"name": "a", "pipeline": "transcription", field: value}

    refused = offline.http.post("/batches", json=order)

    assert refused.status_code == 422
    body = refused.json()
    assert body["error"]["code"] == "invalid_input"
    assert field in str(body["error"])
    assert body["request_id"] == refused.headers["X-Request-Id"]
    assert offline.http.get("/batches").json()["total"] == 0


def test_batches_are_listed_by_page_filter_and_order(offline: Served) -> None:
    for name in ("delta", "alpha", "charlie", "bravo"):
        offline.order(name=name, files=1, start=name == "charlie")

    def names(**query: object) -> list[str]:
        page = offline.http.get("/batches", params=query)  # type: ignore[arg-type]
        assert page.status_code == 200, page.text
        return [batch["name"] for batch in page.json()["data"]]

    assert names() == ["bravo", "charlie", "alpha", "delta"]
    assert names(sort="name") == ["alpha", "bravo", "charlie", "delta"]
    assert names(sort="-name", limit=2, offset=1) == ["charlie", "bravo"]
    assert names(status="processing") == ["charlie"]
    assert names(search="LPH") == ["alpha"]
    assert names(pipeline="video") == []
    assert offline.http.get("/batches", params={"sort": "settings"}).status_code == 422
    assert offline.http.get("/batches", params={"limit": 0}).status_code == 422


def test_a_batch_is_changed_and_says_so_in_an_event(offline: Served) -> None:
    batch = offline.order()

    changed = offline.http.patch(
        f"/batches/{batch['id']}", json={"name": "new", "concurrency": 5, "settings": {}}
    )

    assert changed.status_code == 200
    assert changed.json()["name"] == "new"
    assert changed.json()["concurrency"] == 5


def test_settings_stay_as_they_are_after_the_start_and_concurrency_may_change(offline: Served) -> None:
    batch = offline.order(files=1, start=True)

    settings = offline.http.patch(f"/batches/{batch['id']}", json={"settings": {"language": "de"}})
    concurrency = offline.http.patch(f"/batches/{batch['id']}", json={"concurrency": 1})
    nothing = offline.http.patch(f"/batches/{batch['id']}", json={"name": None})

    assert settings.status_code == 409
    assert concurrency.json()["concurrency"] == 1
    assert nothing.status_code == 422


def test_a_deleted_batch_is_gone(offline: Served) -> None:
    batch = offline.order()

    assert offline.http.delete(f"/batches/{batch['id']}").status_code == 204

    assert offline.http.get(f"/batches/{batch['id']}").status_code == 404
    assert offline.http.delete(f"/batches/{batch['id']}").status_code == 404
    assert offline.http.get("/batches").json()["total"] == 0


def test_an_ended_batch_keeps_its_report(offline: Served) -> None:
    batch_id = offline.batch_in("completed")

    batch: Json = offline.http.get(f"/batches/{batch_id}").json()
    report: Json = offline.http.get(f"/batches/{batch_id}/report").json()

    assert batch["partial"] is True
    assert batch["progress"] == 100
    assert report["final"] is True
    assert report["counts"] == batch["counts"]
    assert report["success_rate"] == 0.5
    assert report["failures"] == [{"code": "asked_for", "items": 1, "message": "The test says so."}]
    assert report["media_done_s"] == pytest.approx(1.0)


def test_a_report_before_the_end_tells_of_now_and_a_retry_takes_the_final_one_back(offline: Served) -> None:
    running = offline.http.get(f"/batches/{offline.batch_in('processing')}/report").json()
    ended = offline.batch_in("completed")
    offline.http.post(f"/batches/{ended}/retry")

    assert running["final"] is False
    assert offline.http.get(f"/batches/{ended}/report").json()["final"] is False
