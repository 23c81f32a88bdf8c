"""A film done again with something changed: only the stages that depend on it run, as its user reads it over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.faults.filming import EDIT, frames_of, runs_of, salted, spoken_film
from tests.support.engine import wait_until
from tests.support.served import Served, as_owner, site

from reelyard.core.invariants import broken
from reelyard.core.runs import repository as runs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

Json = dict[str, Any]
STAGES = (
    "index", "prepare", "detect", "transcribe", "listen", "silence", "highlights", "render", "write", "embed",
    "clips",
)  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return spoken_film(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with site(tmp_path_factory.mktemp("films") / "data") as running:
        served = as_owner(running)
        yield served
        served.close()
        found = broken(running.container.db, running.container.storage)
        assert not found, "\n".join(map(str, found))


@pytest.fixture(scope="module")
def file(server: Served, film: bytes) -> str:
    """The film in the library, and its edit done once."""
    order = {"files": [{"name": "talk.mp4", "size": len(salted(film))}]}
    opened = server.http.post("/uploads", json=order).json()["files"][0]
    put(server, opened["part_urls"][0]["url"], salted(film))
    server.http.post(f"/uploads/{opened['upload']['id']}/complete")
    file_id: str = opened["file"]["id"]
    wait_until(lambda: server.http.get(f"/files/{file_id}").json()["status"] == "ready", 60)
    first = done(server, file_id)
    assert fresh(first) == list(STAGES)
    assert first["result"]["render"]["way"] == "smart cut"
    return file_id


def put(server: Served, url: str, data: bytes) -> None:
    server.http.put(server.address + url, content=data).raise_for_status()


def done(server: Served, file_id: str, **settings: Any) -> Json:
    """The edit of the film in a new batch; its item when it has ended."""
    order = {
        "name": "films",
        "pipeline": "video",
        "settings": {**EDIT, **settings},
        "file_ids": [file_id],
        "start": True,
    }
    batch = server.http.post("/batches", json=order)
    assert batch.status_code == 201, batch.text
    return ended(server, batch.json()["id"])


def ended(server: Served, batch_id: str) -> Json:
    def status() -> str:
        return str(server.http.get(f"/batches/{batch_id}").json()["status"])

    wait_until(lambda: status() in ("completed", "failed"), 90, 0.05)
    (row,) = server.http.get(f"/batches/{batch_id}/items").json()["data"]
    item: Json = server.http.get(f"/batches/{batch_id}/items/{row['id']}").json()
    assert item["status"] == "completed", item["error"]
    return item


def path_of(item: Json) -> str:
    return f"/batches/{item['batch_id']}/items/{item['id']}"


def redone(server: Served, item: Json, **settings: Any) -> Json:
    answer = server.http.post(f"{path_of(item)}/redo", json={"settings": settings})
    assert answer.status_code == 200, answer.text
    return ended(server, item["batch_id"])


def fresh(item: Json) -> list[str]:
    """The stages that really ran for the newest generation."""
    of_it = runs_of(item, item["generation"])
    assert {how for _, how, _ in of_it} == {"done"}
    assert tuple(stage for stage, _, _ in of_it) == STAGES
    return [stage for stage, _, cached in of_it if not cached]


def fetched(server: Served, item: Json, role: str, folder: Path) -> Path:
    (output,) = [one for one in item["outputs"] if one["role"] == role]
    path = folder / f"{item['generation']}-{role}"
    path.write_bytes(server.http.get(server.address + output["url"]).raise_for_status().content)
    return path


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ({}, []),
        ({"line_length": 20}, ["write", "embed"]),
        ({"captions": ["vtt", "embedded"]}, ["write"]),
        ({"padding": 0.05}, ["silence", "render", "write", "embed", "clips"]),
        ({"silence_threshold": -41}, ["silence"]),  # and decides nothing else
        ({"keywords": ["man"]}, ["highlights", "write", "clips"]),
        ({"export_format": "mov"}, ["render", "embed", "clips"]),
        ({"export_quality": "720p"}, ["render"]),  # it is smaller already: the same film, byte by byte
        ({"timelines": ["fcpxml"]}, ["write"]),
    ],
    ids=lambda value: ",".join(value) or "nothing",
)
def test_only_what_depends_on_a_change_runs_anew(
    server: Served, file: str, changed: Json, anew: list[str]
) -> None:
    item = done(server, file)

    again = redone(server, item, **changed)

    assert fresh(item) == []
    assert again["generation"] == 2
    assert fresh(again) == anew


def test_what_is_forgotten_is_made_again_only_for_those_who_miss_it(server: Served, file: str) -> None:
    """The sound is kept as a hash alone once the film is done."""
    item = done(server, file)
    with server.container.db.write() as tx:
        runs.forget_cache(tx, tx.now + timedelta(seconds=1))

    narrow = redone(server, item, line_length=16)
    padded = redone(server, narrow, padding=0.1)
    timeless = redone(server, padded, word_times=False)

    assert fresh(narrow) == ["write", "embed"]
    assert fresh(padded) == ["silence", "render", "write", "embed", "clips"]
    assert {"prepare", "transcribe"} <= set(fresh(timeless))
    assert not {"index", "detect", "listen"} & set(fresh(timeless))


def test_an_edited_cut_list_is_rendered_to_the_frame_and_nothing_is_analysed_again(
    server: Served, file: str, tmp_path: Path
) -> None:
    item = done(server, file)
    told = server.http.get(f"{path_of(item)}/cuts").json()
    cut = next(span for span in told["spans"] if not span["keep"])
    decisions = [
        {"start": cut["start"], "end": cut["end"], "keep": True},
        {"start": 311, "end": 377, "keep": False},
        {"start": 500, "end": 501, "keep": False},
    ]

    edited = server.http.patch(
        f"{path_of(item)}/cuts", json={"decisions": decisions, "revision": told["revision"]}
    ).json()
    rendered = server.http.post(f"{path_of(item)}/cuts/render")
    again = ended(server, item["batch_id"])

    assert rendered.status_code == 200, rendered.text
    kept = sum(span["end"] - span["start"] for span in edited["spans"] if span["keep"])
    was = sum(span["end"] - span["start"] for span in told["spans"] if span["keep"])
    assert kept == was + cut["end"] - cut["start"] - 67
    assert fresh(again) == ["render", "write", "embed", "clips"]
    assert again["result"]["render"]["frames"] == kept
    assert frames_of(fetched(server, again, "film-captioned.mp4", tmp_path)) == kept
    assert server.http.get(f"{path_of(again)}/cuts").json()["rendered"]


def test_an_edit_stands_when_its_film_is_done_again_in_another_format(server: Served, file: str) -> None:
    item = done(server, file)
    decisions = [{"start": 400, "end": 450, "keep": False}]
    server.http.patch(f"{path_of(item)}/cuts", json={"decisions": decisions, "revision": 0})
    server.http.post(f"{path_of(item)}/cuts/render")
    edited = ended(server, item["batch_id"])

    again = redone(server, edited, export_format="mov")

    assert fresh(again) == ["render", "embed", "clips"]
    assert again["result"]["render"]["frames"] == edited["result"]["render"]["frames"]
    assert edited["result"]["render"]["frames"] == item["result"]["render"]["frames"] - 50
