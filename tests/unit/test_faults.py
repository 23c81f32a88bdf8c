"""Fault points do nothing unless they are asked for, and then exactly what was asked, where it was asked."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reelyard.errors import BadSetting
from reelyard.kit.faults import FaultAsked, Faults, Point, reach


def test_no_environment_variable_no_fault() -> None:
    assert Faults.from_environment({}) is None
    reach(Point.MID_STAGE)


def test_the_fault_happens_at_the_passage_that_was_asked_for_and_at_no_other() -> None:
    faults = Faults.from_environment({"REELYARD_FAULTS": "mid_stage:break:3,seal_before_commit:kill"})
    assert faults is not None

    faults.reach(Point.MID_STAGE)
    faults.reach(Point.AFTER_CLAIM_COMMIT)
    faults.reach(Point.MID_STAGE)
    with pytest.raises(FaultAsked):
        faults.reach(Point.MID_STAGE)
    faults.reach(Point.MID_STAGE)


def test_a_fault_that_is_spent_happens_in_no_other_process(tmp_path: Path) -> None:
    environment = {"REELYARD_FAULTS": "mid_stage:break", "REELYARD_FAULTS_SPENT": str(tmp_path)}
    first, second = Faults.from_environment(environment), Faults.from_environment(environment)
    assert first is not None
    assert second is not None

    with pytest.raises(FaultAsked):
        first.reach(Point.MID_STAGE)
    second.reach(Point.MID_STAGE)

    assert [path.name for path in tmp_path.iterdir()] == ["mid_stage"]


def test_a_process_is_really_killed() -> None:
    code = "from reelyard.kit.faults import Point, reach; reach(Point.MID_STAGE); print('here')"
    environment = {"REELYARD_FAULTS": "mid_stage:kill", "PYTHONPATH": ":".join(sys.path)}

    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)

    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, b"")


@pytest.mark.parametrize("text", ["nowhere:kill", "mid_stage:dance", "mid_stage", "mid_stage:kill:often"])
def test_what_is_not_a_fault_point_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(BadSetting, match="is not a fault point") as refused:
        Faults.from_environment({"REELYARD_FAULTS": text})

    assert "mid_stage" in str(refused.value.hint)
