"""What tests of the founding front end for films begin with: servers, batches, library videos, users of a plan, exports."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.acceptance.video_front_end import ApiClient
from tests.acceptance.video_types import check_export
from tests.support.engine import ready_files
from tests.support.films import NAME as FILMS
from tests.support.served import OWNER_HEADER, Served, site

from reelyard.core.accounts.service import ensure_owner
from reelyard.http.server import Running

Json = dict[str, Any]


@contextmanager
def films_at(data: Path, **engine: Any) -> Iterator[Running]:
    """A server over that folder with the stand-in for films."""
    with site(data, pipelines=FILMS, **engine) as running:
        yield running


@contextmanager
def front_end_of(running: Running, owner: str) -> Iterator[ApiClient]:
    client = ApiClient(running.address, {OWNER_HEADER: owner})
    yield client
    client.close()


def created(client: ApiClient, **data: Any) -> Json:
    job: Json = client.create_batch_job({"name": "a series", **data})["batch_job"]
    return job


def library(films: Served, *names: str) -> list[str]:
    """Videos that are in the library; what becomes of them stands in their names."""
    ids = ready_files(films.container, films.owner, (uuid.uuid4().hex for _ in names))
    with films.container.db.write() as tx:
        for file_id, name in zip(ids, names, strict=True):
            films.container.library.get(tx, films.owner, file_id).name = name
    return ids


def ordered(films: Served, client: ApiClient, *names: str, start: bool = True, **data: Any) -> str:
    """A batch of such videos, started."""
    job_id: str = created(client, **data)["id"]
    client.add_videos_to_batch(job_id, library(films, *names))
    if start:
        client.start_batch_processing(job_id)
    return job_id


def tiered(films: Served, tier: str) -> tuple[Served, ApiClient]:
    """A new user of this plan."""
    owner = ensure_owner(films.container.db, str(uuid.uuid4()), tier, tier)
    user = Served(films.running, owner)
    user.close()
    return user, ApiClient(films.address, {OWNER_HEADER: owner})


def statuses(client: ApiClient, job_id: str) -> list[str]:
    return [video["status"] for video in client.get_batch_job(job_id)["videos"]]


def until_exported(client: ApiClient, job_id: str, export_id: str) -> Json:
    client.until(
        job_id,
        lambda _: client.get_export_status(job_id, export_id)["status"] not in ("pending", "processing"),
    )
    return check_export(client.get_export_status(job_id, export_id))
