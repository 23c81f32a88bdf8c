"""A short storm: every named fault point, and some blows at random; `make faults` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults.storm import Storm, Weather

from reelyard.kit.faults import Point

AT_WORKERS = (Point.AFTER_OUTCOME_BEFORE_RETURN,)
AT_SERVER = (Point.AFTER_CLAIM_COMMIT, Point.BEFORE_RESULT_COMMIT)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whatever_is_killed_every_item_ends_once_and_nothing_half_made_is_seen(tmp_path: Path) -> None:
    weather = Weather(
        rounds=4, seed=11, items=24, batches=4, films=2, stories=1, points=(*AT_WORKERS, *AT_SERVER),
        ready_s=60.0,
        weights={"worker": 45, "child": 25, "server": 30},
    )  # fmt: skip

    storm = Storm(weather, tmp_path)
    verdict = storm.run()

    assert not verdict.wrong, storm.summary(verdict)
    assert verdict.items == {"completed": (24 + 2 + 1) * storm.waves}
    assert storm.clerk.done["downloaded"] >= 1
    assert sum(storm.done.values()) >= len(weather.points) + 2
