"""The founding front end for films with the product's own pipeline: spoken films go in, edited ones come out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.acceptance.video_batches import until_exported
from tests.acceptance.video_front_end import ApiClient
from tests.acceptance.video_types import check_details, check_event
from tests.support.served import OWNER_HEADER, as_owner, site

from reelyard.kit.processes import runner_in
from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.probe import inspect

SPOKEN = "The old man looked at the river.\n\n\n\n\nPeople work hard in the big city."


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    with site(tmp_path_factory.mktemp("real") / "data") as running:
        user = as_owner(running)
        client = ApiClient(user.address, {OWNER_HEADER: user.owner})
        yield client
        client.close()
        user.close()


def test_spoken_films_are_uploaded_tightened_and_taken_away(client: ApiClient, tmp_path: Path) -> None:
    film = MediaMaker(tmp_path).spoken_film("talk.mp4", SPOKEN).read_bytes()
    before = inspect(tmp_path / "talk.mp4", run=runner_in(tmp_path), name="talk.mp4")
    settings = {
        "transcribe": True,
        "remove_silence": True,
        "min_silence_duration": 0.5,
        "padding": 0.05,
    }

    opened = client.create_batch_job(
        {"name": "Talks", "video_count": 2, "file_names": ["talk.mp4", "broken.mp4"], "settings": settings}
    )
    job_id = opened["batch_job"]["id"]
    source = client.subscribe_to_batch_progress(job_id)
    source._wait(lambda: source.statuses or None, 10)
    broken = b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 20
    client.upload_batch_videos(opened["upload_urls"], [film, broken])
    client.start_batch_processing(job_id)
    source.until_event("batch_completed", seconds=110)
    source.close()

    for message in source.messages:
        check_event(message)
    stages = {message["current_stage"] for message in source.of("video_progress")}
    assert stages >= {"transcribing", "removing_silence", "exporting"}
    job = check_details(client.get_batch_job(job_id))
    assert job["status"] == "completed"
    talk, failed = job["videos"]
    assert (talk["status"], failed["status"]) == ("completed", "failed")
    assert failed["error_message"]
    (tmp_path / "edited.mp4").write_bytes(httpx.get(talk["output_video_url"]).content)
    after = inspect(tmp_path / "edited.mp4", run=runner_in(tmp_path), name="edited.mp4")
    assert 0.5 < (after.duration_s or 0) < (before.duration_s or 0) - 0.3

    export = until_exported(client, job_id, client.export_batch(job_id, {"format": "zip"})["export_id"])
    with zipfile.ZipFile(io.BytesIO(httpx.get(export["download_url"]).content)) as archive:
        names = archive.namelist()
    assert any(name.startswith("001_talk") and name.endswith(".mp4") for name in names)
    assert any(name.endswith(".srt") for name in names)
