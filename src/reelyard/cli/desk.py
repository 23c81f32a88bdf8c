"""What a transcribing command works with, and what it says of each source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reelyard.cli.reporting import Reporter
from reelyard.cli.results import Results
from reelyard.cli.sources import Source
from reelyard.cli.tally import Tally
from reelyard.errors import ReelyardError
from reelyard.kit.json import digest


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of every source: the pipeline's settings without its formats, and the formats to write."""

    settings: Mapping[str, Any]
    formats: tuple[str, ...]
    concurrency: int = 3
    again: bool = False  # also what was finished before

    @property
    def key(self) -> str:
        """The same for all wishes that would give the same text."""
        return digest({"pipeline": "transcription", "settings": dict(self.settings)})


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with: what is wanted, where it goes, who is told, what came of it so far."""

    wish: Wish
    results: Results
    reporter: Reporter
    tally: Tally = field(default_factory=Tally)

    def unfinished(self, sources: Sequence[Source]) -> list[Source]:
        """The sources that are not done yet; the others are counted and told."""
        left = []
        for source in sources:
            done = None if self.wish.again else self.results.finished(source.path, self.wish.key)
            if done is None or not set(self.wish.formats) <= set(done.files):
                left.append(source)
                continue
            name, files = str(source.path), [done.files[form] for form in self.wish.formats]
            self.tally.skipped.append(name)
            made_by = done.recogniser or "a recogniser not noted"
            text = f"skip {name}: finished before by {made_by}, see {files[0]} (--again does it anew)"
            self.reporter.tell("skipped", text, source=name, files=files, made_by=made_by)
        return left

    def refuse(self, source: Source, error: ReelyardError) -> None:
        """The source cannot be used."""
        self.tally.refused.append((str(source.path), str(error)))
        self.reporter.tell(
            "refused",
            f"refused {source.path}: {error}",
            source=str(source.path),
            code=error.code,
            reason=str(error),
        )

    def fail(self, source: Source, error: ReelyardError) -> None:
        """Something went wrong with the source."""
        self.tally.failed.append((str(source.path), str(error)))
        self.reporter.tell(
            "failed",
            f"failed {source.path}: {error}",
            source=str(source.path),
            code=error.code,
            reason=str(error),
        )
