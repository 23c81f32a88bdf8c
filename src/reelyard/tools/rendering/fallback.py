"""Hardware first, the processor when it fails: cards are busy, drivers old, and the film is wanted all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import structlog

from reelyard.errors import ResourceLimit, StageEnd, ToolCrash, ToolFailed, ToolTimeout
from reelyard.tools.rendering.encoders import hardware
from reelyard.tools.rendering.target import SOFTWARE, Target

Result = TypeVar("Result")
FAILURES = (ToolFailed, ToolCrash, ToolTimeout, ResourceLimit)

log = structlog.get_logger(__name__)


def encoded(target: Target, encode: Callable[[Target], Result]) -> tuple[str, Result, tuple[str, ...]]:
    """Encode by `target`'s encoder, else by the processor.

    Returns the encoder that did it, what `encode` returned, and a warning where it was not the first.

    Raises what `encode` raises when there is nothing to fall back to.
    """
    try:
        return target.encoder, encode(target), ()
    except FAILURES as problem:
        if hardware(target.encoder) is None:
            raise
        log.warning("encoder.failed", encoder=target.encoder, reason=str(problem))
        warning = fell_back(target.encoder, problem)
    software = replace(target, encoder=SOFTWARE[target.codec])
    return software.encoder, encode(software), (warning,)


def fell_back(encoder: str, problem: StageEnd) -> str:
    """The warning for a film that the graphics card could not encode."""
    return (
        f"The graphics card's encoder {encoder} failed ({problem.message.rstrip('.')}); "
        "the processor encoded the film instead."
    )
