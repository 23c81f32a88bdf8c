"""Faults and rivals at the founding front end for films (5.4): each is told in its form, and the work goes on by itself."""

from __future__ import annotations

import sqlite3
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from tests.acceptance.video_batches import (
    created,
    films_at,
    front_end_of,
    library,
    ordered,
    statuses,
    until_exported,
)
from tests.acceptance.video_front_end import ApiClient, ApiError, refusal_of
from tests.acceptance.video_types import check_export
from tests.support.films import NAME as FILMS
from tests.support.outputs import output
from tests.support.served import Served, as_owner, site

from reelyard.core.batches import repository
from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.events.live import EXPORT, Progress
from reelyard.core.exports.models import Export, ExportStatus

Json = dict[str, Any]
Call = Callable[[ApiClient, str], Any]


# --- storage during an export -------------------------------------------------------------------------------


def test_an_export_whose_film_is_gone_fails_by_its_name_and_a_new_one_succeeds_when_it_is_back(
    films: Served, front_end: ApiClient
) -> None:
    job_id = ordered(films, front_end, "one.mp4", "two.mp4")
    front_end.until_ended(job_id)
    film = film_of(films, front_end.get_batch_job(job_id)["videos"][1]["id"])
    aside = film.rename(film.with_name("aside"))

    told = [exported(front_end, job_id, kind) for kind in ("zip", "playlist")]
    job = front_end.get_batch_job(job_id)
    aside.rename(film)
    again = exported(front_end, job_id, "zip")

    for failed in told:
        assert (failed["status"], failed["download_url"]) == ("failed", None)
        assert "two" in failed["error"]
        assert "is not where it was stored" in failed["error"]
    assert job["status"] == "completed"
    assert (again["status"], again["error"]) == ("completed", None)
    assert again["id"] not in {failed["id"] for failed in told}
    with zipfile.ZipFile(BytesIO(httpx.get(again["download_url"]).content)) as archive:
        assert archive.testzip() is None


def test_a_film_that_is_lost_after_the_export_breaks_its_download_off_and_is_never_passed_over(
    films: Served, front_end: ApiClient
) -> None:
    job_id = ordered(films, front_end, "one.mp4", "two.mp4")
    front_end.until_ended(job_id)
    export = exported(front_end, job_id, "zip")
    film = film_of(films, front_end.get_batch_job(job_id)["videos"][1]["id"])
    aside = film.rename(film.with_name("aside"))

    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(export["download_url"])
    aside.rename(film)

    assert len(httpx.get(export["download_url"]).content) == export["file_size"]


def film_of(films: Served, item_id: str) -> Path:
    """Where the item's film lies on the disk."""
    (found,) = (films.container.settings.data / "objects").glob(f"work/{films.owner}/{item_id}/*/film.mp4")
    return found


def exported(client: ApiClient, job_id: str, kind: str) -> Json:
    export_id = client.export_batch(job_id, {"format": kind})["export_id"]
    export: Json = until_exported(client, job_id, export_id)
    return export


# --- the database is away -----------------------------------------------------------------------------------


@contextmanager
def locked(films: Served) -> Iterator[None]:
    """Another program writes to the database, and does not end."""
    other = sqlite3.connect(films.container.settings.data / "reelyard.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def test_work_and_exports_outlive_a_database_that_is_away_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock.patch("reelyard.db.session.LOCK_WAIT_S", 0.2), films_at(tmp_path / "data") as running:
        films = as_owner(running)
        with front_end_of(running, films.owner) as client:
            done = ordered(films, client, "one.mp4")
            client.until_ended(done)
            job_id = ordered(films, client, "slow.mp4", "two.mp4", "slow three.mp4")
            source = client.subscribe_to_batch_progress(job_id)
            client.until(job_id, lambda job: job["videos"][0]["status"] == "processing")
            near, away = threading.Event(), threading.Event()

            def hold(_: object) -> None:
                near.set()
                assert away.wait(20)

            monkeypatch.setattr("reelyard.core.exports.packing.reach", hold)
            under_way = client.export_batch(done, {"format": "zip"})["export_id"]
            assert near.wait(20)  # it is about to be completed

            with locked(films):
                away.set()
                refused = [
                    refusal_of(lambda: client.pause_batch_job(job_id)),
                    refusal_of(lambda: client.export_batch(done, {"format": "playlist"})),
                    refusal_of(lambda: created(client)),
                ]
                shown = client.get_batch_job(job_id)
            job = client.until_ended(job_id)
            export = until_exported(client, done, under_way)
            source.until_over()
            source.close()
        films.close()

    assert {(each.status, each.error) for each in refused} == {(503, "database_busy")}
    assert all(each.detail and "Traceback" not in each.detail for each in refused)
    assert shown["status"] == "processing"  # readers are not held up
    assert (job["status"], job["completed_videos"]) == ("completed", 3)
    assert [video["retry_count"] for video in job["videos"]] == [0, 0, 0]
    assert export["status"] == "completed"
    assert source.messages[-1]["event"] == "batch_completed"


# --- rivals -------------------------------------------------------------------------------------------------


def outcome(call: Callable[[], Any]) -> int:
    """200, or the status of the refusal."""
    try:
        call()
    except ApiError as error:
        return error.status
    return 200


def test_of_equal_exports_that_are_ordered_at_once_there_is_one(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "one.mp4", "two.mp4")
    front_end.until_ended(job_id)

    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: front_end.export_batch(job_id, {"format": "zip"}), range(8)))

    assert len({each["export_id"] for each in asked}) == 1
    with films.container.db.read() as tx:
        assert tx.session.query(Export).filter(Export.batch_id == job_id).count() == 1


def test_front_ends_that_export_cancel_retry_and_delete_at_once_are_all_answered(
    films: Served, front_end: ApiClient
) -> None:
    job_id = ordered(films, front_end, "good.mp4", "bad.mp4")
    front_end.until_ended(job_id)
    merged = front_end.export_batch(job_id, {"format": "merged"})["export_id"]
    calls: list[Callable[[], Any]] = [
        lambda: front_end.export_batch(job_id, {"format": "zip"}),
        lambda: front_end.cancel_export(job_id, merged),
        lambda: front_end.retry_failed_videos(job_id),
        lambda: front_end.get_export_status(job_id, merged),
        lambda: front_end.delete_batch_job(job_id),
        lambda: front_end.cancel_batch_job(job_id),
    ]

    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(outcome, calls * 4))

    assert set(told) <= {200, 400, 404}
    assert told[1::6].count(200) <= 1  # an export is cancelled once
    assert told[4::6].count(200) <= 1  # and a batch deleted once
    again = outcome(lambda: front_end.get_batch_job(job_id))
    assert again == (404 if 200 in told[4::6] else 200)


def test_two_front_ends_that_start_pause_and_cancel_are_heard_one_after_the_other(
    films: Served, front_end: ApiClient
) -> None:
    other = ApiClient(front_end.base_url, front_end.headers)
    job_id = ordered(films, front_end, "slow.mp4", "slow two.mp4", start=False)
    both = [front_end, other]

    with ThreadPoolExecutor(8) as pool:
        starts = list(pool.map(lambda c: outcome(lambda: c.start_batch_processing(job_id)), both * 4))
        pauses = list(pool.map(lambda c: outcome(lambda: c.pause_batch_job(job_id)), both * 4))
        resumes = list(pool.map(lambda c: outcome(lambda: c.resume_batch_job(job_id)), both * 4))
        cancels = list(pool.map(lambda c: outcome(lambda: c.cancel_batch_job(job_id)), both * 4))
    other.close()

    for told in (starts, pauses, resumes, cancels):
        assert sorted(told) == [200] + [400] * 7
    assert statuses(front_end, job_id) == ["cancelled", "cancelled"]


# --- invalid transitions: every call in every state -----------------------------------------------------------

STATES = ("pending", "processing", "paused", "completed", "failed", "cancelled")
ENDED = "Batch has already ended"
ADDING = "Videos can only be added before the batch is started"
DELETING = "Batch must be completed, failed or cancelled before it can be deleted"
NOT_ENDED = "Batch must have ended before it can be exported"
OK = ""
CALLS: dict[str, Call] = {
    "start": lambda client, job_id: client.start_batch_processing(job_id),
    "pause": lambda client, job_id: client.pause_batch_job(job_id),
    "resume": lambda client, job_id: client.resume_batch_job(job_id),
    "cancel": lambda client, job_id: client.cancel_batch_job(job_id),
    "retry": lambda client, job_id: client.retry_failed_videos(job_id),
    "delete": lambda client, job_id: client.delete_batch_job(job_id),
    "export": lambda client, job_id: client.export_batch(job_id, {"format": "zip"}),
}
TOLD: dict[str, tuple[str, ...]] = {  # what is said in each of the states; nothing: it is done
    "start": (OK, "Batch is already processing", "Batch is paused", ENDED, ENDED, ENDED),
    "pause": ("Batch is not processing", OK, *["Batch is not processing"] * 4),
    "resume": ("Batch is not paused", "Batch is not paused", OK, *["Batch is not paused"] * 3),
    "cancel": (OK, OK, OK, ENDED, ENDED, ENDED),
    "retry": ("Batch has not been started", OK, OK, OK, OK, ENDED),
    "delete": (DELETING, DELETING, DELETING, OK, OK, OK),
    "add": (OK, ADDING, ADDING, ADDING, ADDING, ADDING),
    "export": (NOT_ENDED, NOT_ENDED, NOT_ENDED, OK, "No video of the batch was completed", OK),
}


@pytest.fixture(scope="module")
def resting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server without workers: batches stay as they are put."""
    with site(tmp_path_factory.mktemp("resting") / "data", idle=True, pipelines=FILMS) as running:
        found = as_owner(running)
        yield found
        found.close()


def batch_in(films: Served, client: ApiClient, state: str) -> str:
    """A batch in that state; a video failed and another was completed, where that can be."""
    job_id = ordered(films, client, "a.mp4", "b.mp4", "c.mp4", "d.mp4", start=state != "pending")
    if state == "pending":
        return job_id
    if state == "failed":
        films.end(job_id, ["failed"] * 4)
    elif state == "completed":
        films.end(job_id, ["failed", *["completed"] * 3])
    else:
        films.end(job_id, ["failed", "completed"])
    if state == "paused":
        client.pause_batch_job(job_id)
    elif state == "cancelled":
        client.cancel_batch_job(job_id)
    store_films(films, job_id)
    return job_id


def store_films(films: Served, job_id: str) -> None:
    with films.container.db.write() as tx:
        batch = repository.engine_batch(tx, job_id)
        for item in repository.items_of(tx, batch, status=ItemStatus.COMPLETED):
            output(films.container, tx, item, ("write", "film.mp4"), b"film")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", TOLD)
def test_every_call_in_every_state_is_done_or_refused_as_written(
    resting: Served, state: str, name: str
) -> None:
    with front_end_of(resting.running, resting.owner) as client:
        job_id = batch_in(resting, client, state)
        more = library(resting, "e.mp4")
        adding: Call = lambda client, job_id: client.add_videos_to_batch(job_id, more)  # noqa: E731 - beside the others
        call = CALLS.get(name, adding)

        said = TOLD[name][STATES.index(state)]
        if said == OK:
            call(client, job_id)
            return
        error = refusal_of(lambda: call(client, job_id))
        assert client.get_batch_job(job_id)["status"] == state

    assert error.status == 400
    assert error.error == ("nothing_to_export" if said.startswith("No video") else "invalid_status")
    assert error.detail == said


def test_an_export_that_has_ended_is_not_cancelled(resting: Served) -> None:
    with front_end_of(resting.running, resting.owner) as client:
        job_id = batch_in(resting, client, "completed")
        done = exported(client, job_id, "zip")["id"]
        merged = client.export_batch(job_id, {"format": "merged"})["export_id"]
        client.cancel_export(job_id, merged)
        with resting.container.db.write() as tx:
            tx.session.get_one(Export, done).expires_at = tx.now

        expired = client.get_export_status(job_id, done)
        refused = [refusal_of(lambda e=e: client.cancel_export(job_id, e)) for e in (done, merged)]  # type: ignore[misc]
        unknown = refusal_of(lambda: client.cancel_export(job_id, str(uuid.uuid4())))

    assert (expired["status"], expired["download_url"]) == ("expired", None)
    for error in refused:
        assert (error.status, error.error, error.detail) == (
            400,
            "invalid_status",
            "Export has already ended",
        )
    assert (unknown.status, unknown.error) == (404, "export_not_found")


def test_an_export_under_way_tells_how_far_it_is_now(resting: Served) -> None:
    container = resting.container
    with front_end_of(resting.running, resting.owner) as client:
        job_id = batch_in(resting, client, "completed")
        export_id = client.export_batch(job_id, {"format": "merged"})["export_id"]
        with container.db.write() as tx:
            tx.session.get_one(Export, export_id).status = ExportStatus.PROCESSING
        container.board.show(
            Progress(resting.owner, job_id, export_id, "merge", 42.7, 3.0, "Joining", kind=EXPORT)
        )

        now = check_export(client.get_export_status(job_id, export_id))
        container.board.forget(export_id)

    assert (now["status"], now["progress"], now["download_url"]) == ("processing", 42, None)


def test_a_filter_that_is_left_empty_is_none(front_end: ApiClient) -> None:
    job_id = created(front_end)["id"]

    assert [job["id"] for job in front_end.get_batch_jobs(status="")["batch_jobs"]] == [job_id]
