"""The whole server is killed in the middle of a story's stages; each time it goes on by itself. The storm does it in all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults.filming import frames_of
from tests.faults.storytelling import STAGES, story_studio
from tests.faults.studio import made, parts, runs_of

KILLED_IN = ("narrate", "illustrate", "film")  # whose parts are kept: a start takes seconds


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_story_whose_server_dies_in_its_stages_comes_out_as_if_nothing_had_happened(tmp_path: Path) -> None:
    studio = story_studio(tmp_path, {"REELYARD_ENGINE__MAX_RETRIES": "100"})
    studio.server.start()
    undisturbed = studio.over(studio.start([studio.upload()]))
    studio.noted()
    for stage in KILLED_IN:
        studio.halt(stage)

    batch = studio.start([studio.upload()])
    for stage in KILLED_IN:
        studio.stopped()
        assert studio.item(batch)["stage"] == stage
        studio.server.kill()  # waits until every worker and every tool is gone, the stopped one too
        studio.server.start()
    item = studio.over(batch)

    assert item["status"] == "completed", item["error"]
    assert made(item) == made(undisturbed)
    assert item["result"] == undisturbed["result"]
    assert frames_of(studio.fetch(item, "story.mp4")) == item["result"]["film"]["frames"]
    done = [stage for stage, how, _ in runs_of(item) if how == "done"]
    noted = studio.noted()
    assert done == list(STAGES)
    assert {stage: noted[stage, "end"] for stage in STAGES} == dict.fromkeys(STAGES, 1)
    assert set(parts(noted).values()) == {1}
    assert studio.server.stop() == 0
    assert studio.wrong() == []
