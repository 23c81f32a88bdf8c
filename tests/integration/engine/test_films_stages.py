"""In the middle of every stage of a film's edit: a worker dies, a tool dies, its user pauses, its user cancels.

On real films with real tools; the result is the undisturbed one, and nothing that was finished is done again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.faults.filming import EDIT, ENCODED, STAGES, film_studio, frames_of, salted, spoken_film
from tests.faults.server import gone
from tests.faults.studio import Studio, cancelled, made, parts, runs_of, whole_stages
from tests.support.engine import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ONCE = {(stage, what): 1 for stage in STAGES for what in ("start", "end")}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    (media := folder / "media").mkdir()
    studio = film_studio(folder, spoken_film(media), {"REELYARD_ENGINE__MAX_RETRIES": "100"})
    studio.server.start()

    yield studio

    assert studio.server.stop() == 0
    assert studio.wrong() == []


@pytest.fixture(scope="module")
def undisturbed(studio: Studio) -> Mapping[str, Any]:
    """How it comes out when nothing happens."""
    item = studio.over(studio.start([studio.upload()]))
    assert item["status"] == "completed", item["error"]
    assert item["result"]["render"]["way"] == "smart cut"
    assert item["result"]["clips"]["clips"]
    assert whole_stages(studio.noted()) == ONCE
    return item


def looks_the_same(studio: Studio, item: Mapping[str, Any], undisturbed: Mapping[str, Any]) -> None:
    assert item["status"] == "completed", item["error"]
    assert item["result"]["render"] == undisturbed["result"]["render"]
    assert made(dict(item)) == made(dict(undisturbed))
    assert frames_of(studio.fetch(dict(item), "film-captioned.mp4")) == item["result"]["render"]["frames"]


def test_a_film_whose_worker_dies_in_every_stage_comes_out_as_if_nothing_had_happened(
    studio: Studio, undisturbed: Mapping[str, Any]
) -> None:
    for stage in STAGES:
        studio.halt(stage)

    batch = studio.start([studio.upload()])
    for stage in STAGES:
        tool = studio.stopped()
        assert studio.item(batch)["stage"] == stage
        if stage == "render":
            wait_until(lambda: studio.kept_parts() >= 2 + 2)  # of both films: a window, and a piece
        worker = tool.parent()
        assert worker is not None
        worker.kill()
        gone([tool])
    item = studio.over(batch)

    looks_the_same(studio, item, undisturbed)
    assert item["retry_count"] == len(STAGES)
    assert runs_of(item) == [(stage, how, False) for stage in STAGES for how in ("lost", "done")]
    noted = studio.noted()
    assert whole_stages(noted) == {key: 1 + (key[1] == "start") for key in ONCE}
    assert set(parts(noted).values()) == {1}


def test_a_film_that_is_paused_and_whose_tools_die_in_every_stage_loses_nothing(
    studio: Studio, undisturbed: Mapping[str, Any]
) -> None:
    for stage in STAGES:
        studio.halt(stage)

    batch = studio.start([studio.upload(), undisturbed["file"]["id"]], concurrency=1)
    for stage in STAGES:
        tool = studio.stopped()
        assert studio.call("POST", f"/batches/{batch}/pause")["status"] == "paused"
        tool.kill()
        again = studio.stopped(tool)  # it is run once more at once, by the same worker
        assert studio.item(batch)["stage"] == stage
        if stage != STAGES[-1]:
            studio.call("POST", f"/batches/{batch}/resume")
        again.resume()
        gone([again])
    wait_until(lambda: studio.item(batch)["status"] == "completed", 60)
    waiting = studio.item(batch, 1)
    studio.call("POST", f"/batches/{batch}/resume")
    item = studio.over(batch)

    looks_the_same(studio, item, undisturbed)
    assert (waiting["status"], waiting["runs"]) == ("pending", [])
    assert item["retry_count"] == 0
    assert runs_of(item) == [(stage, "done", False) for stage in STAGES]
    assert whole_stages(studio.noted()) == ONCE


def test_a_cancel_in_any_stage_ends_every_tool_within_two_seconds_and_leaves_nothing_half_made(
    studio: Studio, undisturbed: Mapping[str, Any]
) -> None:
    film = studio.upload()
    workers = {one.pid for one in studio.server.worker_processes()}
    took: dict[str, float] = {}

    for stage, settings in [*((stage, EDIT) for stage in STAGES), ("burn", ENCODED)]:
        studio.halt(stage)
        batch = studio.start([film], settings)
        tool = studio.stopped()
        assert studio.item(batch)["stage"] == stage
        took[stage] = cancelled(studio, batch, tool)
        assert (studio.status(batch), studio.item(batch)["status"]) == ("cancelled", "cancelled")
        assert studio.item(batch)["outputs"] == []
        wait_until(lambda: studio.scratch() == [])
    noted = studio.noted()
    item = studio.over(studio.start([film]))

    print("gone after a cancel:", {stage: round(seconds, 2) for stage, seconds in took.items()})  # noqa: T201
    assert max(took.values()) <= 2.0
    assert {one.pid for one in studio.server.worker_processes()} <= workers  # none had to be replaced
    looks_the_same(studio, item, undisturbed)
    assert noted["clips", "start"] == 1


def test_a_film_that_is_encoded_as_a_whole_is_encoded_again_when_its_worker_dies(
    studio: Studio, undisturbed: Mapping[str, Any]
) -> None:
    film = undisturbed["file"]["id"]
    studio.halt("burn")

    batch = studio.start([film], ENCODED)
    tool = studio.stopped()
    worker = tool.parent()
    assert worker is not None
    worker.kill()
    item = studio.over(batch)

    assert item["result"]["burn"]["way"] == "encoded"
    assert [run for run in runs_of(item) if not run[2]][:2] == [
        ("burn", "lost", False), ("burn", "done", False),
    ]  # fmt: skip
    assert frames_of(studio.fetch(item, "film.mp4")) == undisturbed["result"]["render"]["frames"]


def test_salt_changes_a_film_s_hash_and_no_picture(studio: Studio) -> None:
    one, other = salted(studio.source), salted(studio.source)
    (path := studio.folder / "salted.mp4").write_bytes(one)

    assert one != other
    assert frames_of(path) == 704
