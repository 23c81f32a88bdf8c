"""One figure of a benchmark beside its limit or its peer, and the table of them all."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Result:
    """A figure that was promised. `ratio` is the figure over its limit, or over its peer when there is one."""

    name: str
    value: float
    unit: str
    limit: float
    at_most: bool = True  # else the limit is the least
    peer: float | None = None  # what the same work takes without us, in the same unit
    note: str = ""

    @property
    def ratio(self) -> float:
        beside = self.limit if self.peer is None else self.peer
        return self.value / beside if beside else float(self.value > 0)

    @property
    def ok(self) -> bool:
        """Held against the limit, which is of the ratio when there is a peer."""
        held = self.value if self.peer is None else self.ratio
        return held <= self.limit if self.at_most else held >= self.limit

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 4), "ok": self.ok}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that is not below `share` (0 to 1) of them; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def table(results: Iterable[Result]) -> str:
    """The results for people, one a line."""
    heading = ("what", "figure", "limit or peer", "ratio", "", "")
    rows = [heading, *(_row(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heading) - 1)]
    return "\n".join(_line(row, widths) for row in rows)


def _row(result: Result) -> tuple[str, ...]:
    sign = "≤" if result.at_most else "≥"
    beside = f"{sign} {_number(result.limit)} {result.unit}"
    if result.peer is not None:
        beside = f"{_number(result.peer)} {result.unit}, ratio {sign} {_number(result.limit)}"
    figure = f"{_number(result.value)} {result.unit}"
    return (
        result.name,
        figure,
        beside,
        f"{result.ratio:.2f}",
        "ok" if result.ok else "missed",
        result.note,
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
    return "  ".join((*cells, row[-1])).rstrip()


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def tell(text: str) -> None:
    """What is going on, for who waits."""
    print(text, file=sys.stderr, flush=True)
