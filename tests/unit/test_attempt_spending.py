"""What a worker lets an attempt spend, and that it tells of it however the attempt ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reelyard.engine.messages import OUTCOME, Attempt, Ending
from reelyard.engine.workbench import Workbench, WorkbenchParts
from reelyard.errors import Retry, SpendingLimit, StorageFull
from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.registry import Registry
from reelyard.pipeline.stage import Stage
from reelyard.storage.disk import DiskStorage
from reelyard.storage.storage import Stored
from reelyard.testing.clock import ManualClock


class FullForOutcomes(DiskStorage):
    """There is no room for an outcome."""

    def put_bytes(self, key: str, data: bytes) -> Stored:
        if key.endswith(OUTCOME):
            raise StorageFull
        return super().put_bytes(key, data)


def bench(
    folder: Path, spend: Callable[[Context], None], storage: type[DiskStorage] = DiskStorage
) -> Workbench:
    def run(context: Context) -> dict[str, str]:
        spend(context)
        return {}

    stages = (Stage("draw", run),)
    pipeline = Pipeline("paid", "Paid", "Draws.", frozenset({Kind.AUDIO}), PipelineSettings, stages)
    (folder / "data").mkdir()
    parts = WorkbenchParts(
        storage=storage(folder / "data"),
        registry=Registry({}),
        internal=(pipeline,),
        scratch=folder / "scratch",
        clock=ManualClock(),
        worker="here",
        tell=lambda _told: None,
    )
    return Workbench(parts)


def attempt(allowance: float | None) -> Attempt:
    return Attempt(
        key="item:draw:1", subject_kind="item", subject_id="item", owner_id="owner", pipeline="paid", stage="draw",
        version=1, token=1, prefix="runs/owner/item/1/draw/", input_key="in", input_sha256=None, input_name="x",
        media=None, settings={}, tools={}, allowance=allowance,
    )  # fmt: skip


def test_what_was_spent_is_told_with_the_result(tmp_path: Path) -> None:
    def spend(context: Context) -> None:
        context.spend(0.25)
        context.spend(0.5)

    outcome = bench(tmp_path, spend).run(attempt(0.75))

    assert (outcome.ending, outcome.spent) == (Ending.DONE, 0.75)
    stored = json.loads(DiskStorage(tmp_path / "data").read_bytes(attempt(None).prefix + OUTCOME))
    assert stored["spent"] == 0.75


def test_what_would_be_too_much_is_refused_and_not_counted(tmp_path: Path) -> None:
    def spend(context: Context) -> None:
        context.spend(0.5)
        with pytest.raises(SpendingLimit):
            context.spend(0.5)
        context.spend(0.25)

    outcome = bench(tmp_path, spend).run(attempt(0.75))

    assert (outcome.ending, outcome.spent) == (Ending.DONE, 0.75)


def test_sums_of_many_small_amounts_are_not_refused_for_their_rounding(tmp_path: Path) -> None:
    def spend(context: Context) -> None:
        for _ in range(3):
            context.spend(0.1)

    outcome = bench(tmp_path, spend).run(attempt(0.3))

    assert outcome.ending is Ending.DONE


def test_without_an_allowance_everything_may_be_spent(tmp_path: Path) -> None:
    outcome = bench(tmp_path, lambda context: context.spend(1e6)).run(attempt(None))

    assert outcome.spent == 1e6


def test_a_refusal_names_what_is_left_and_the_way_out(tmp_path: Path) -> None:
    outcome = bench(tmp_path, lambda context: context.spend(2.0)).run(attempt(0.5))

    assert (outcome.ending, outcome.code, outcome.spent) == (Ending.REJECTED, "spending_limit", 0.0)
    assert "2 more, and 0.5 is left" in (outcome.message or "")
    assert "Raise the batch's spending limit" in (outcome.hint or "")


def test_what_was_spent_before_a_failure_is_told(tmp_path: Path) -> None:
    def spend(context: Context) -> None:
        context.spend(0.25)
        raise Retry("Not now.")

    outcome = bench(tmp_path, spend).run(attempt(1.0))

    assert (outcome.ending, outcome.spent) == (Ending.RETRY, 0.25)


def test_what_was_spent_is_told_even_where_the_outcome_cannot_be_stored(tmp_path: Path) -> None:
    outcome = bench(tmp_path, lambda context: context.spend(0.25), FullForOutcomes).run(attempt(1.0))

    assert (outcome.ending, outcome.code, outcome.spent) == (Ending.RETRY, "storage_full", 0.25)
