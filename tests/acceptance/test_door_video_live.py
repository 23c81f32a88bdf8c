"""The live progress of films as a browser's EventSource hears it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import httpx
import pytest
from tests.acceptance.video_batches import created, ordered
from tests.acceptance.video_front_end import ApiClient, EventSource
from tests.acceptance.video_types import check_event
from tests.support.films import NAME
from tests.support.served import OWNER_HEADER, Served, as_owner

from reelyard.core.events.models import Event
from reelyard.http.server import running_server
from reelyard.settings import load_settings


@pytest.fixture
def sources(films: Served) -> Iterator[list[EventSource]]:
    opened: list[EventSource] = []
    yield opened
    for each in opened:
        each.close()


def listen(films: Served, sources: list[EventSource], job_id: str, last_id: str = "") -> EventSource:
    url = f"{films.address}/api/batch-jobs/{job_id}/progress"
    source = EventSource(url, {OWNER_HEADER: films.owner}, last_id)
    sources.append(source)
    source._wait(lambda: source.statuses or None, 10)
    return source


def check_all(source: EventSource, job_id: str) -> None:
    for message in source.messages:
        check_event(message)
        assert message["batch_id"] == message["batch"]["batch_job_id"] == job_id
    numbers = [int(message["_id"]) for message in source.messages if message["_id"]]
    assert numbers == sorted(numbers)
    assert source.named == []


def kept(source: EventSource) -> list[tuple[str, str | None]]:
    """The events that are numbered, in order: name and video."""
    ids = [message["_id"] for message in source.messages]
    fresh = [n for n, (before, now) in enumerate(itertools.pairwise(["", *ids])) if now != before]
    return [(source.messages[n]["event"], source.messages[n]["video_id"]) for n in fresh]


def test_a_batch_is_told_from_its_start_to_its_end(
    films: Served, front_end: ApiClient, sources: list[EventSource]
) -> None:
    job_id = ordered(films, front_end, "slow.mp4", "bad.mp4", start=False)
    source = listen(films, sources, job_id)

    front_end.start_batch_processing(job_id)
    source.until_event("batch_completed")
    source.until_over()

    check_all(source, job_id)
    slow, bad = front_end.get_batch_job(job_id)["videos"]
    told = [message["event"] for message in source.messages if message["event"] != "video_progress"]
    assert told == ["video_started", "video_completed", "video_started", "video_failed", "batch_completed"]
    progress = source.of("video_progress")
    assert {message["type"] for message in progress} == {"progress"}
    assert {message["current_stage"] for message in progress} >= {"transcribing", "exporting"}
    of_slow = [message["progress"] for message in progress if message["video_id"] == slow["video_id"]]
    assert of_slow == sorted(of_slow)
    assert 0 < of_slow[-1] < 100
    during = progress[-1]["batch"] if progress[-1]["video_id"] == slow["video_id"] else progress[0]["batch"]
    assert (during["current_video_id"], during["current_video_name"]) == (slow["video_id"], "slow.mp4")
    completed, failed = source.of("video_completed")[0], source.of("video_failed")[0]
    assert (completed["video_id"], completed["batch_video_id"]) == (slow["video_id"], slow["id"])
    assert (completed["progress"], completed["batch"]["completed_count"]) == (100, 1)
    assert completed["batch"]["progress_percentage"] == 50
    assert (failed["batch_video_id"], failed["message"]) == (bad["id"], bad["error_message"])
    end = source.messages[-1]
    assert (end["event"], end["status"], end["progress"]) == ("batch_completed", "completed", 100)
    assert end["batch"]["pending_count"] == 0


def test_a_line_that_was_lost_is_taken_up_again_and_nothing_is_missed(
    films: Served, front_end: ApiClient, sources: list[EventSource]
) -> None:
    job_id = ordered(films, front_end, *(f"slow {n}.mp4" for n in range(2)), start=False)
    witness, source = (listen(films, sources, job_id) for _ in range(2))
    front_end.start_batch_processing(job_id)

    for name in ("video_started", "video_completed"):
        source.until_event(name)
        source.lose()
    witness.until_event("batch_completed")
    source.until_event("batch_completed")
    source.until_over()

    check_all(source, job_id)
    assert source.statuses.count(200) >= 3
    assert kept(source) == kept(witness)


def test_one_who_comes_back_after_the_end_is_told_what_he_missed_and_then_nothing(
    films: Served, front_end: ApiClient, sources: list[EventSource]
) -> None:
    job_id = ordered(films, front_end, "a.mp4", "b.mp4", start=False)
    witness = listen(films, sources, job_id)
    front_end.start_batch_processing(job_id)
    witness.until_event("video_completed")
    first = next(message for message in witness.messages if message["event"] == "video_completed")
    witness.until_over()

    late = listen(films, sources, job_id, first["_id"])
    late.until_over()
    url, headers = f"{films.address}/api/batch-jobs/{job_id}/progress", {OWNER_HEADER: films.owner}
    nothing = httpx.get(url, headers={**headers, "Last-Event-ID": witness.last_id})
    everything = listen(films, sources, job_id, "0")
    everything.until_over()

    check_all(late, job_id)
    after = witness.messages.index(first) + 1
    expected = [message for message in witness.messages[after:] if message["_id"] != first["_id"]]
    assert kept(late)[-1] == ("batch_completed", None)
    assert [m["event"] for m in late.messages if m["event"] != "video_progress"] == [
        m["event"] for m in expected if m["event"] != "video_progress"
    ]
    assert (nothing.status_code, nothing.content) == (204, b"")
    assert [m["event"] for m in everything.messages].count("video_completed") == 2


def test_one_who_comes_first_after_the_end_is_told_of_the_end(
    films: Served, front_end: ApiClient, sources: list[EventSource]
) -> None:
    job_id = ordered(films, front_end, "bad.mp4")
    front_end.until_ended(job_id)

    source = listen(films, sources, job_id)
    source.until_over()

    check_all(source, job_id)
    assert [(m["event"], m["status"]) for m in source.messages] == [("batch_completed", "failed")]


def test_pauses_resumptions_and_cancellations_are_told(
    films: Served, front_end: ApiClient, sources: list[EventSource]
) -> None:
    job_id = ordered(films, front_end, "slow.mp4", "b.mp4", "c.mp4", start=False)
    source = listen(films, sources, job_id)
    front_end.start_batch_processing(job_id)
    source.until_event("video_started")

    front_end.pause_batch_job(job_id)
    source.until_event("batch_paused")
    front_end.resume_batch_job(job_id)
    source.until_event("batch_resumed")
    front_end.cancel_batch_job(job_id)
    source.until_over()

    check_all(source, job_id)
    cancelled = {message["batch_video_id"] for message in source.of("video_cancelled")}
    shown = front_end.get_batch_job(job_id)["videos"]
    assert cancelled == {video["id"] for video in shown if video["status"] == "cancelled"}
    assert len(cancelled) >= 2
    end = source.messages[-1]
    assert (end["event"], end["status"]) == ("batch_completed", "cancelled")


def test_uploads_are_told(
    films: Served, front_end: ApiClient, sources: list[EventSource], film_bytes: bytes
) -> None:
    opened = front_end.create_batch_job({"name": "Episodes", "video_count": 1, "file_names": ["a.mp4"]})
    source = listen(films, sources, opened["batch_job"]["id"])

    front_end.upload_batch_videos(opened["upload_urls"], [film_bytes])

    message = source.until(lambda message: message["current_stage"] == "uploading")
    check_event(message)
    assert (message["event"], message["message"]) == ("video_progress", "“a.mp4”: uploading")


def test_a_number_whose_events_are_forgotten_brings_the_state_of_every_video(
    films: Served, front_end: ApiClient, sources: list[EventSource]
) -> None:
    job_id = ordered(films, front_end, "good.mp4", "bad.mp4")
    front_end.until_ended(job_id)
    with films.container.db.write() as tx:
        tx.session.query(Event).filter(Event.batch_id == job_id).delete()

    source = listen(films, sources, job_id, "2")
    source.until_over()
    waiting = ordered(films, front_end, "a.mp4", start=False)
    beyond = listen(films, sources, waiting, "1000")
    state = beyond.until(lambda message: message["batch_id"] == waiting)

    check_all(source, job_id)
    check_all(beyond, waiting)
    told = [message["event"] for message in source.messages]
    assert told == ["video_completed", "video_failed", "batch_completed"]
    assert (state["event"], state["progress"]) == ("video_progress", 0)


def test_a_stream_that_has_nothing_to_tell_says_that_it_lives(tmp_path: Path) -> None:
    settings = load_settings(
        data=tmp_path / "data", server={"port": 0, "heartbeat_s": 0.3}, engine={"workers": 1}
    )
    from tests.support.served import HeaderIdentity, IdleCluster

    with (
        mock.patch.dict("os.environ", {"REELYARD_PIPELINES": NAME}),
        running_server(settings, identity=HeaderIdentity(), cluster=IdleCluster(), drain_s=0.0) as running,
    ):
        user = as_owner(running)
        client = ApiClient(user.address, {OWNER_HEADER: user.owner})
        job_id = created(client)["id"]
        source = EventSource(f"{user.address}/api/batch-jobs/{job_id}/progress", client.headers)
        source._wait(lambda: len(source.comments) >= 4 or None, 10)
        source.close()
        gaps = [after - before for (before, _), (after, _) in itertools.pairwise(source.comments)]
        client.close()
        user.close()

    assert {text for _, text in source.comments} == {"heartbeat"}
    assert all(0.2 < gap < 2.0 for gap in gaps)
    assert source.messages == []


def test_a_user_has_so_many_streams_and_no_more(
    films: Served, front_end: ApiClient, sources: list[EventSource]
) -> None:
    job_id = created(front_end)["id"]
    for _ in range(films.container.settings.server.max_streams):
        listen(films, sources, job_id)

    refused = httpx.get(
        f"{films.address}/api/batch-jobs/{job_id}/progress", headers={OWNER_HEADER: films.owner}
    )

    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_streams")
