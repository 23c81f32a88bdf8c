"""Exports at the founding front end for films: ordered, downloaded, cancelled, refused."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from typing import Any

import httpx
from tests.acceptance.video_batches import ordered, until_exported
from tests.acceptance.video_front_end import ApiClient, refusal_of
from tests.acceptance.video_types import check_export
from tests.support.served import Served

Json = dict[str, Any]


def test_a_batch_is_exported_as_an_archive_and_downloaded(films: Served, front_end: ApiClient) -> None:
    job_id = ordered(films, front_end, "one.mp4", "bad.mp4", "two.mp4", name="Series")
    front_end.until_ended(job_id)

    asked = front_end.export_batch(job_id, {"format": "zip", "include_failed": False})
    export = until_exported(front_end, job_id, asked["export_id"])
    named = front_end.export_batch(job_id, {"format": "ZIP", "custom_naming": "{name}-{position}.{ext}"})
    again = front_end.export_batch(job_id, {"format": "zip"})

    assert asked.keys() == {"export_id", "export_job_id", "status"}
    assert asked["export_id"] == asked["export_job_id"] == again["export_id"] != named["export_id"]
    assert (export["status"], export["progress"], export["error"]) == ("completed", 100, None)
    data = httpx.get(export["download_url"]).content
    assert len(data) == export["file_size"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        films_in = [name for name in archive.namelist() if name.endswith(".mp4")]
        assert archive.testzip() is None
        assert sorted(hashlib.sha256(archive.read(name)).hexdigest() for name in films_in)
    assert [name[:4] for name in sorted(films_in)] == ["001_", "003_"]
    other = until_exported(front_end, job_id, named["export_id"])
    with zipfile.ZipFile(io.BytesIO(httpx.get(other["download_url"]).content)) as archive:
        assert any(name.startswith("one") and name.endswith("-001.mp4") for name in archive.namelist())


def test_exports_are_refused_as_agreed(films: Served, front_end: ApiClient) -> None:
    waiting = ordered(films, front_end, "one.mp4", start=False)
    failed = ordered(films, front_end, "bad.mp4")
    done = ordered(films, front_end, "good.mp4")
    front_end.until_ended(failed)
    front_end.until_ended(done)

    def told(job_id: str, **config: Any) -> tuple[int, str]:
        error = refusal_of(lambda: front_end.export_batch(job_id, config))
        return error.status, error.error

    assert told(waiting, format="zip") == (400, "invalid_status")
    assert told(failed, format="zip") == (400, "nothing_to_export")
    assert told(done, format="rar") == (422, "validation_error")
    for pattern in ("{number}.{ext}", "../{name}", "{name"):
        error = refusal_of(lambda p=pattern: front_end.export_batch(done, {"custom_naming": p}))  # type: ignore[misc]
        assert (error.status, error.error) == (422, "validation_error")
        assert "custom_naming" in error.detail
    for unknown in (str(uuid.uuid4()), "none"):
        error = refusal_of(lambda u=unknown: front_end.get_export_status(done, u))  # type: ignore[misc]
        assert (error.status, error.error) == (404, "export_not_found")
    export_id = front_end.export_batch(done, {"format": "zip"})["export_id"]
    until_exported(front_end, done, export_id)
    over = refusal_of(lambda: front_end.cancel_export(done, export_id))
    assert (over.status, over.error) == (400, "invalid_status")


def test_films_are_merged_or_listed_and_an_export_under_way_is_cancelled(
    front_end: ApiClient, film_bytes: bytes
) -> None:
    opened = front_end.create_batch_job(
        {"name": "Series", "video_count": 2, "file_names": ["one.mp4", "two.mp4"]}
    )
    job_id = opened["batch_job"]["id"]
    front_end.upload_batch_videos(opened["upload_urls"], [film_bytes] * 2)
    front_end.start_batch_processing(job_id)
    front_end.until_ended(job_id)

    first = front_end.export_batch(job_id, {"format": "merged"})
    front_end.cancel_export(job_id, first["export_id"])
    cancelled = check_export(front_end.get_export_status(job_id, first["export_id"]))
    again = front_end.export_batch(job_id, {"format": "merged"})
    merged = until_exported(front_end, job_id, again["export_id"])
    listed = until_exported(
        front_end, job_id, front_end.export_batch(job_id, {"format": "playlist"})["export_id"]
    )

    assert (cancelled["status"], cancelled["download_url"]) == ("cancelled", None)
    assert again["export_id"] != first["export_id"]
    assert (merged["format"], merged["status"], merged["error"]) == ("merged", "completed", None)
    assert httpx.get(merged["download_url"]).content[4:8] == b"ftyp"
    lines = httpx.get(listed["download_url"]).text.splitlines()
    assert lines[0] == "#EXTM3U"
    assert len([line for line in lines if line.startswith("#EXTINF:")]) == 2
