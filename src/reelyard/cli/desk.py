"""What a command that works on sources works with, and what it says of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from reelyard.cli.reporting import Reporter
from reelyard.cli.results import Results
from reelyard.cli.sources import MEDIA, Likely, Source
from reelyard.cli.tally import Tally
from reelyard.client import Item
from reelyard.client.models import Output
from reelyard.errors import ReelyardError
from reelyard.kit.file_names import word_and_extension
from reelyard.kit.json import digest


@dataclass(frozen=True, slots=True)
class Account:
    """What is said of an item that is done: a sentence's worth for people, facts for machines."""

    text: str
    facts: Mapping[str, Any]
    lines: tuple[str, ...] = ()  # further ones for people
    made_by: str | None = None  # which recogniser
    better: str | None = None  # how to get better results


class Taking(Protocol):
    """Which files of an item a command takes away, and what it says of them."""

    def files(self, item: Item) -> Mapping[str, Output]:
        """By what follows the source's name, such as “.srt”."""
        ...

    def is_whole(self, endings: Collection[str]) -> bool:
        """Whether what was taken before is all that is wanted now."""
        ...

    def account(self, item: Item) -> Account:
        """What came out."""
        ...


def by_ending(item: Item) -> dict[str, Output]:
    """All outputs of an item by what they add to its name, such as “.mp4” and “-cuts.json”."""
    named = ((word_and_extension(each.role), each) for each in item.outputs)
    return {f"{word}.{extension}": each for (word, extension), each in named}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of every source."""

    pipeline: str
    settings: Mapping[str, Any]  # those that another result would come of
    taking: Taking
    besides: Mapping[str, Any] = field(default_factory=dict)  # settings that only choose among the results
    concurrency: int = 3
    again: bool = False  # also what was finished before
    likely: Likely = MEDIA  # what is taken out of folders

    @property
    def key(self) -> str:
        """The same for all wishes that would give the same."""
        return digest({"pipeline": self.pipeline, "settings": dict(self.settings)})


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
            if done is None or not self.wish.taking.is_whole(done.files):
                left.append(source)
                continue
            name, files = str(source.path), list(done.files.values())
            self.tally.skipped.append(name)
            made_by = done.recogniser
            by = f" by {made_by}" if made_by else ""
            text = f"skip {name}: finished before{by}, see {files[0]} (--again does it anew)"
            self.reporter.tell("skipped", text, source=name, files=files, made_by=made_by)
        return left

    def refuse(self, source: Source, error: ReelyardError) -> None:
        """The source cannot be used."""
        self.tally.refused.append((str(source.path), str(error)))
        self._tell_problem("refused", source, error)

    def fail(self, source: Source, error: ReelyardError) -> None:
        """Something went wrong with the source."""
        self.tally.failed.append((str(source.path), str(error)))
        self._tell_problem("failed", source, error)

    def _tell_problem(self, event: str, source: Source, error: ReelyardError) -> None:
        name, reason = str(source.path), str(error)
        self.reporter.tell(event, f"{event} {name}: {reason}", source=name, code=error.code, reason=reason)
