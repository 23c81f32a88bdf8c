"""What stages are expected to take: learnt rates, kept across restarts, and the declared cost until there are some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from reelyard.core.batches import estimate
from reelyard.core.batches.estimate import Estimate, Kind, Rate, Rates, Size
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import StageRun
from reelyard.db.session import Transaction
from reelyard.engine.flights import Flight
from reelyard.media.info import MediaInfo
from reelyard.pipeline.stage import Stage

KEEP_EVERY_S = 5.0


class Estimates:
    """Belongs to the dispatcher's thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._rates: Rates = {}
        self._kept: dict[str, float] = {}

    def load(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Take up what was kept."""
        self._rates = {_key_from(text): Rate(**state) for text, state in rows.items()}

    def learn(self, tx: Transaction, flight: Flight, took_s: float) -> None:
        """A stage has ended well after `took_s` seconds of work."""
        self._rates = estimate.learn(self._rates, flight.kind, flight.size, took_s)
        key = (flight.kind, flight.size.by_media)
        text = _text_of(key)
        now = self._monotonic()
        if now - self._kept.get(text, -KEEP_EVERY_S) >= KEEP_EVERY_S:
            self._kept[text] = now
            runs.keep_rate(tx, text, asdict(self._rates[key]))

    def known(self, kind: Kind, size: Size) -> Estimate | None:
        """What finished work of the same kind tells; None when there is none."""
        return estimate.whole(self._rates, kind, size)

    def seconds(self, kind: Kind, size: Size) -> float | None:
        """What finished work of the same kind tells, in seconds alone."""
        found = self.known(kind, size)
        return found.seconds if found is not None else None

    def of_stage(
        self, pipeline: str, stage: Stage, file: LibraryFile, tools: Mapping[str, Any] | None = None
    ) -> float:
        """Seconds to charge for: learnt, or declared."""
        found = self.known(Kind(pipeline, stage.name, tools_text(tools)), size_of(file))
        if found is not None:
            return found.seconds
        info = MediaInfo.from_json(file.info) if file.info else None
        return stage.cost.seconds(info, file.size or 0)

    def rest_of(self, flight: Flight) -> Estimate | None:
        """What a running stage still takes."""
        elapsed = self._monotonic() - flight.begun
        return estimate.rest(self.known(flight.kind, flight.size), flight.fraction, elapsed)


def kind_of(run: StageRun) -> Kind:
    """What the time of a run is comparable with."""
    return Kind(run.pipeline, run.stage, tools_text(run.tools))


def size_of(file: LibraryFile) -> Size:
    return Size(file.duration_s, file.size or 0)


def tools_text(tools: Mapping[str, Any] | None) -> str:
    """Which tools were meant, shortly: times of another recogniser or model tell nothing."""
    known = tools or {}
    return ":".join(
        str(known[name]) for name in ("recogniser", "name", "model", "device") if known.get(name)
    )[:120]


def _text_of(key: tuple[Kind, bool]) -> str:
    kind, by_media = key
    return "|".join((kind.pipeline, kind.stage, kind.tools, "media" if by_media else "bytes"))


def _key_from(text: str) -> tuple[Kind, bool]:
    pipeline, stage, tools, measure = text.split("|")
    return Kind(pipeline, stage, tools), measure == "media"
