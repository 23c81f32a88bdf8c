"""In the middle of every stage of a story: a worker dies, a tool dies, its user pauses, its user cancels.

With real voices, pictures and films; the result is the undisturbed one to the byte, and no sound, picture or piece
of film that was finished is made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import psutil
import pytest
from tests.faults.filming import frames_of
from tests.faults.server import gone
from tests.faults.storytelling import BURNT, CHUNKS, STAGES, TOLD, story_studio
from tests.faults.studio import Studio, cancelled, children_of, is_model, made, parts, runs_of, whole_stages
from tests.support.engine import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FILM_BURNT = "film_with_captions"
ONCE = {(stage, what): 1 for stage in STAGES for what in ("start", "end")}
PARTS = {"narrate": CHUNKS, "illustrate": CHUNKS + 1, "film": 1}  # with the cover; the film is short
KEPT = {"narrate": 1, "illustrate": CHUNKS + 2, "film": CHUNKS + (CHUNKS + 1) + 1}  # in the middle of these


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    studio = story_studio(tmp_path_factory.mktemp("studio"), {"REELYARD_ENGINE__MAX_RETRIES": "100"})
    studio.server.start()

    yield studio

    assert studio.server.stop() == 0
    assert studio.wrong() == []


@pytest.fixture(scope="module")
def undisturbed(studio: Studio) -> Mapping[str, Any]:
    """How it comes out when nothing happens."""
    item = studio.over(studio.start([studio.upload()]))
    assert item["status"] == "completed", item["error"]
    assert item["result"]["chunk"]["chunks"] == CHUNKS
    noted = studio.noted()
    assert whole_stages(noted) == ONCE
    assert made_once(noted)
    return item


def made_once(noted: Mapping[tuple[str, str], int]) -> bool:
    """Whether each part was made, and none twice."""
    found = parts(noted)
    counted = {stage: sum(1 for of, _ in found if of == stage) for stage in PARTS}
    return counted == PARTS and set(found.values()) == {1}


def looks_the_same(studio: Studio, item: Mapping[str, Any], undisturbed: Mapping[str, Any]) -> None:
    assert item["status"] == "completed", item["error"]
    assert item["result"] == undisturbed["result"]
    assert item["warnings"] == undisturbed["warnings"]
    assert made(dict(item)) == made(dict(undisturbed))
    assert frames_of(studio.fetch(dict(item), "story.mp4")) == item["result"]["film"]["frames"]


def test_a_story_whose_worker_dies_in_every_stage_comes_out_as_if_nothing_had_happened(
    studio: Studio, undisturbed: Mapping[str, Any]
) -> None:
    before = studio.kept_parts()
    kept = {}
    for stage in STAGES:
        studio.halt(stage)

    batch = studio.start([studio.upload()])
    for stage in STAGES:
        tool = studio.stopped()
        assert studio.item(batch)["stage"] == stage
        kept[stage] = studio.kept_parts() - before
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
    assert made_once(noted)
    assert {stage: kept[stage] for stage in PARTS} == KEPT


@pytest.mark.parametrize("victim", ["the child with the voices", "a fork of it"])
def test_a_voice_that_is_killed_in_the_middle_of_its_sound_speaks_again(
    studio: Studio, undisturbed: Mapping[str, Any], victim: str
) -> None:
    studio.halt("narrate")  # of the second chunk a part was heard

    batch = studio.start([studio.upload()], {"images": False})
    tool = studio.stopped()
    worker = tool.parent()
    assert worker is not None
    voices: list[psutil.Process] = [one for one in children_of(worker) if is_model(one)]
    for one in voices:
        if (one.ppid() == worker.pid) is (victim == "the child with the voices"):
            one.kill()
    tool.resume()
    item = studio.over(batch)

    assert item["status"] == "completed", item["error"]
    assert len(voices) >= 2
    assert made(item).items() <= made(dict(undisturbed)).items()
    assert list(parts(studio.noted()).values()) == [1] * CHUNKS


def test_a_story_that_is_paused_and_whose_tools_die_in_every_stage_loses_nothing(
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
    noted = studio.noted()
    assert whole_stages(noted) == ONCE
    assert made_once(noted)


def test_a_cancel_in_any_stage_of_a_story_ends_every_tool_within_two_seconds_and_leaves_nothing_half_made(
    studio: Studio, undisturbed: Mapping[str, Any]
) -> None:
    text = studio.upload()
    workers = {one.pid for one in studio.server.worker_processes()}
    took: dict[str, float] = {}

    for stage, settings in [*((stage, TOLD) for stage in STAGES), (FILM_BURNT, BURNT)]:
        studio.halt(stage)
        batch = studio.start([text], settings)
        tool = studio.stopped()
        assert studio.item(batch)["stage"] == stage
        took[stage] = cancelled(studio, batch, tool)
        assert (studio.status(batch), studio.item(batch)["status"]) == ("cancelled", "cancelled")
        assert studio.item(batch)["outputs"] == []
        wait_until(lambda: studio.scratch() == [])
    noted = studio.noted()
    item = studio.over(studio.start([text]))

    print("gone after a cancel:", {stage: round(seconds, 2) for stage, seconds in took.items()})  # noqa: T201
    assert max(took.values()) <= 2.0
    assert {one.pid for one in studio.server.worker_processes()} <= workers  # none had to be replaced
    looks_the_same(studio, item, undisturbed)
    assert {of for of, what in noted if what == "end"} == {*STAGES} - {"film"}


def test_a_film_with_its_captions_drawn_is_finished_when_its_worker_dies_and_is_told_of_nothing_else(
    studio: Studio, undisturbed: Mapping[str, Any]
) -> None:
    text = undisturbed["file"]["id"]
    studio.noted()
    studio.halt(FILM_BURNT)

    batch = studio.start([text], BURNT)
    tool = studio.stopped()
    worker = tool.parent()
    assert worker is not None
    worker.kill()
    item = studio.over(batch)

    assert [run for run in runs_of(item) if not run[2]] == [
        ("caption", "done", False), (FILM_BURNT, "lost", False), (FILM_BURNT, "done", False),
    ]  # fmt: skip
    assert frames_of(studio.fetch(item, "story.mp4")) == undisturbed["result"]["film"]["frames"]
    assert set(parts(studio.noted()).values()) == {1}
