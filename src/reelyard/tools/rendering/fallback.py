"""Hardware first, the processor when it fails: cards are busy, drivers old, and the film is wanted all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from reelyard.errors import ResourceLimit, StageEnd, ToolCrash, ToolFailed, ToolTimeout
from reelyard.tools.rendering.encoders import hardware
from reelyard.tools.rendering.target import SOFTWARE, Target

FAILURES = (ToolFailed, ToolCrash, ToolTimeout, ResourceLimit)

log = structlog.get_logger(__name__)


def encoded(target: Target, encode: Callable[[Target], object]) -> tuple[str, tuple[str, ...]]:
    """Encode by `target`'s encoder, else by the processor; the encoder that did it, and a warning that says so.

    Raises what `encode` raises when there is nothing to fall back to.
    """
    if hardware(target.encoder) is None:
        encode(target)
        return target.encoder, ()
    try:
        encode(target)
    except FAILURES as problem:
        log.warning("encoder.failed", encoder=target.encoder, reason=str(problem))
        software = replace(target, encoder=SOFTWARE[target.codec])
        encode(software)
        return software.encoder, (fell_back(target.encoder, problem),)
    return target.encoder, ()


def fell_back(encoder: str, problem: StageEnd) -> str:
    """The warning for a film that the graphics card could not encode."""
    return (
        f"The graphics card's encoder {encoder} failed ({problem.message.rstrip('.')}); "
        "the processor encoded the film instead."
    )
