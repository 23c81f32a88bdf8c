"""The whole server is killed in the middle of a film's stages; each time it goes on by itself. The storm kills it in all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults.filming import STAGES, film_studio, frames_of, spoken_film
from tests.faults.studio import made, runs_of

KILLED_IN = ("transcribe", "render", "clips")  # whose parts are kept, and the last: a start takes seconds


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_film_whose_server_dies_in_its_stages_comes_out_as_if_nothing_had_happened(tmp_path: Path) -> None:
    (media := tmp_path / "media").mkdir()
    studio = film_studio(tmp_path, spoken_film(media), {"REELYARD_ENGINE__MAX_RETRIES": "100"})
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
    assert item["result"]["render"] == undisturbed["result"]["render"]
    assert frames_of(studio.fetch(item, "film-captioned.mp4")) == item["result"]["render"]["frames"]
    done = [stage for stage, how, _ in runs_of(item) if how == "done"]
    noted = studio.noted()
    assert done == list(STAGES)
    assert {stage: noted[stage, "end"] for stage in STAGES} == dict.fromkeys(STAGES, 1)
    assert max(number for (_, what), number in noted.items() if what.startswith("part ")) == 1
    assert studio.server.stop() == 0
    assert studio.wrong() == []
