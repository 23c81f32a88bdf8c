"""What makes two pieces of work the same."""

from __future__ import annotations

from reelyard.engine.cache import Source, cache_key
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import PipelineSettings
from reelyard.pipeline.stage import Facts, Stage


class Style(PipelineSettings):
    colour: str = "red"
    size: int = 3


def nothing(_context: Context) -> Facts:
    return {}


PLAIN = Stage("plain", nothing, reads=("colour",))
NAMED = Stage("named", nothing, reads=("colour",), named=True)
FILE, RENAMED, OTHER = Source("a1", "one.txt"), Source("a1", "two.txt"), Source("b2", "one.txt")


def key(stage: Stage, source: Source, settings: Style | None = None) -> str:
    return cache_key(stage, settings or Style(), {}, source, {"text": "hash"})


def test_equal_files_are_equal_work_whatever_they_are_called() -> None:
    assert key(PLAIN, FILE) == key(PLAIN, RENAMED)
    assert key(PLAIN, FILE) != key(PLAIN, OTHER)


def test_a_stage_that_tells_the_name_does_other_work_for_another_name() -> None:
    assert key(NAMED, FILE) != key(NAMED, RENAMED)
    assert key(NAMED, FILE) == key(NAMED, FILE)


def test_only_the_settings_that_a_stage_reads_make_other_work() -> None:
    assert key(PLAIN, FILE, Style(size=9)) == key(PLAIN, FILE)
    assert key(PLAIN, FILE, Style(colour="blue")) != key(PLAIN, FILE)
