"""Large batches and many of them at the founding front end for films (5.3); what outlives a restart."""

from __future__ import annotations

import hashlib
import io
import itertools
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import event
from tests.acceptance.video_batches import (
    created,
    films_at,
    front_end_of,
    library,
    ordered,
    statuses,
    tiered,
    until_exported,
)
from tests.acceptance.video_front_end import ApiClient, EventSource
from tests.acceptance.video_types import check_details
from tests.support.served import Served, as_owner

from reelyard.core.events.repository import since_batch
from reelyard.core.runs import repository as runs
from reelyard.http.server import Running

Json = dict[str, Any]
MOST = 50  # videos in a batch of the largest plan


@pytest.mark.timeout(180)
def test_fifty_videos_are_uploaded_in_one_batch_worked_on_and_taken_away_in_one_archive(
    films: Served, film_bytes: bytes
) -> None:
    _, client = tiered(films, "pro")
    names = [f"episode {n}.mp4" for n in range(MOST)]

    opened = client.create_batch_job({"name": "Season", "video_count": MOST, "file_names": names})
    job_id = opened["batch_job"]["id"]
    sent = client.upload_batch_videos(opened["upload_urls"], [film_bytes] * MOST)
    client.start_batch_processing(job_id)
    job = check_details(client.until_ended(job_id, seconds=120))
    export = until_exported(client, job_id, client.export_batch(job_id, {"format": "zip"})["export_id"])
    archive = httpx.get(export["download_url"]).content
    client.close()

    assert [each["status"] for each in sent] == ["completed"] * MOST
    assert (job["status"], job["completed_videos"], job["progress_percentage"]) == ("completed", MOST, 100)
    assert [video["file_name"] for video in job["videos"]] == names
    assert len(archive) == export["file_size"]
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        inside = [name for name in found.namelist() if name.endswith(".mp4")]
        sums = {hashlib.sha256(found.read(name)).hexdigest() for name in inside}
    assert inside == [f"{n + 1:03}_{name}" for n, name in enumerate(names)]
    assert sums == {hashlib.sha256(film_bytes).hexdigest()}


def test_five_videos_are_worked_on_in_parallel_and_never_six(tmp_path: Path) -> None:
    with films_at(tmp_path / "data", workers=6) as running:
        user = as_owner(running)
        with front_end_of(running, user.owner) as client:
            job_id = ordered(user, client, *(f"slow {n}.mp4" for n in range(12)), concurrency=5)
            client.until_ended(job_id)

        with running.container.db.read() as tx:
            kinds = [seen.kind for seen in since_batch(tx, user.owner, job_id, 0, 10_000)]
            of_items = [runs.runs_of(tx, video["id"]) for video in videos_of(running, user, job_id)]
        user.close()

    at_work = list(itertools.accumulate(CHANGES.get(kind, 0) for kind in kinds))
    assert max(at_work) == 5
    assert at_work[-1] == 0
    times = [(run.started_at, run.ended_at) for each in of_items for run in each if run.stage == "render"]
    together = [sum(begun <= at < over for begun, over in times if begun and over) for at, _ in times if at]
    assert max(together) == 5


CHANGES = {"item.started": 1, "item.completed": -1, "item.failed": -1}


def videos_of(running: Running, user: Served, job_id: str) -> list[Json]:
    with front_end_of(running, user.owner) as client:
        videos: list[Json] = client.get_batch_job(job_id)["videos"]
        return videos


def test_a_page_of_a_hundred_batches_costs_as_many_questions_as_a_page_of_five(
    films: Served, front_end: ApiClient
) -> None:
    for n in range(5):
        created(front_end, name=f"series {n}")
    few = asked(films, front_end)
    for n in range(5, 120):
        created(front_end, name=f"series {n}")

    many = asked(films, front_end)

    assert front_end.get_batch_jobs(limit=100)["total"] == 120
    assert len(front_end.get_batch_jobs(limit=100)["batch_jobs"]) == 100
    assert len(front_end.get_batch_jobs(limit=100, offset=100)["batch_jobs"]) == 20
    assert 0 < len(many) == len(few) <= 6
    assert plans_without_an_index(films, many) == []


Question = tuple[str, tuple[Any, ...]]


def asked(films: Served, client: ApiClient) -> list[Question]:
    """What the database is asked by readers for one page."""
    with films.container.db.read() as tx:
        engine = tx.session.get_bind()
    heard: list[Question] = []

    def hear(_c: object, _cursor: object, statement: str, values: tuple[Any, ...], *_: object) -> None:
        if "batches" in statement and films.owner in values:
            heard.append((statement, values))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        client.get_batch_jobs(limit=100)
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return heard


def plans_without_an_index(films: Served, questions: list[Question]) -> list[str]:
    with films.container.db.read() as tx:
        connection = tx.session.connection()
        plans = [
            " / ".join(
                str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            )
            for text, values in questions
        ]
    return [plan for plan in plans if "INDEX" not in plan or "TEMP B-TREE" in plan]


def test_a_batch_goes_on_where_it_stood_after_the_server_was_started_again(
    tmp_path: Path, film_bytes: bytes
) -> None:
    with films_at(tmp_path / "data") as running:
        user = as_owner(running)
        with front_end_of(running, user.owner) as client:
            done = ordered(user, client, "one.mp4")
            client.until_ended(done)
            export = until_exported(client, done, client.export_batch(done, {"format": "zip"})["export_id"])
            archive = httpx.get(export["download_url"]).content
            paused = ordered(user, client, "slow.mp4", "two.mp4")
            client.until(paused, lambda job: job["videos"][0]["status"] == "processing")
            client.pause_batch_job(paused)
            working = ordered(user, client, "quick.mp4", "slow.mp4", "three.mp4")
            source = client.subscribe_to_batch_progress(working)
            heard = source.until_event("video_completed")
            source.close()
            opened = client.create_batch_job({"name": "Episodes", "video_count": 1})
        user.close()

    with films_at(tmp_path / "data") as running, front_end_of(running, user.owner) as client:
        still = client.get_batch_job(paused)
        rest = EventSource(
            f"{running.address}/api/batch-jobs/{working}/progress", client.headers, heard["_id"]
        )
        over = client.until_ended(working)
        rest.until_over()
        rest.close()
        put = client.storage.put(moved(opened["upload_urls"][0], running), content=film_bytes)
        again = httpx.get(moved(export["download_url"], running)).content
        client.resume_batch_job(paused)
        ended = client.until_ended(paused)
        late = client.start_batch_processing(opened["batch_job"]["id"])
        client.until_ended(late["job_id"])
        uploaded = statuses(client, late["job_id"])

    assert still["status"] == "paused"
    assert (over["status"], over["completed_videos"]) == ("completed", 3)
    assert [video["retry_count"] for video in over["videos"]] == [0, 0, 0]  # a restart counts as no retry
    told = [message["video_id"] for message in rest.of("video_completed")]
    assert sorted(told) == sorted(video["video_id"] for video in over["videos"][1:])
    assert rest.messages[-1]["event"] == "batch_completed"
    assert (ended["status"], ended["completed_videos"]) == ("completed", 2)
    assert put.is_success
    assert uploaded == ["completed"]
    assert again == archive


def moved(url: str, running: Running) -> str:
    """The link at the address where the server is now."""
    return urlsplit(url)._replace(netloc=urlsplit(running.address).netloc).geturl()


def test_many_videos_of_the_library_join_one_batch(films: Served) -> None:
    user, client = tiered(films, "pro")
    job_id = created(client)["id"]

    job = client.add_videos_to_batch(job_id, library(user, *(f"{n}.mp4" for n in range(MOST))))
    client.close()

    assert job["total_videos"] == MOST
