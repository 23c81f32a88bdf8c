"""What came of every source, counted, and told once at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from reelyard.cli.exits import Exit, outcome
from reelyard.cli.reporting import Reporter, seconds

SHOWN = 20


@dataclass(slots=True)
class Tally:
    """The outcomes of one command."""

    done: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)  # source, reason
    refused: list[tuple[str, str]] = field(default_factory=list)
    made_by: Counter[str] = field(default_factory=Counter)
    better: str | None = None

    @property
    def exit_code(self) -> Exit:
        """0 when all is done, 1 when some failed, 3 when nothing succeeded."""
        return outcome(len(self.done) + len(self.skipped), len(self.failed) + len(self.refused))

    def tell(self, reporter: Reporter, out: Path, took_s: float) -> None:
        """The one summary."""
        counts = {name: len(getattr(self, name)) for name in ("done", "failed", "refused", "skipped")}
        reporter.tell(
            "summary", self._text(out, took_s), **counts, out=str(out), seconds=round(took_s, 1),
            made_by=dict(self.made_by), better=self.better,
            problems=[{"source": name, "reason": why} for name, why in (*self.refused, *self.failed)],
        )  # fmt: skip

    def _text(self, out: Path, took_s: float) -> str:
        numbers = {
            "done": len(self.done), "failed": len(self.failed), "refused": len(self.refused),
            "finished before": len(self.skipped),
        }  # fmt: skip
        parts = [f"{number} {word}" for word, number in numbers.items() if number or word == "done"]
        lines = ["", f"{', '.join(parts)}, in {seconds(took_s)}. Results are in {out}."]
        lines += _named("refused", self.refused) + _named("failed", self.failed)
        if self.made_by:
            made = (f"{name} ({number})" for name, number in self.made_by.most_common())
            lines.append(f"Recognised by {', '.join(made)}.")
        if self.better:
            lines.append(f"Note: {self.better}")
        return "\n".join(lines)


def _named(word: str, problems: list[tuple[str, str]]) -> list[str]:
    lines = [f"  {word}: {name}: {why}" for name, why in problems[:SHOWN]]
    return [*lines, f"  … and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else lines
