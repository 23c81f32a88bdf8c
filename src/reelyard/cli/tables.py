"""Batches and items as text for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reelyard.cli.reporting import seconds
from reelyard.client import Batch, Item


def batch_table(batches: Sequence[Batch]) -> str:
    """One line a batch."""
    rows = [["ID", "NAME", "STATUS", "DONE", "FAILED", "OF", "LEFT", "CREATED"]]
    for batch in batches:
        counts = batch.counts
        left = seconds(batch.eta_s) if batch.status == "processing" else ""
        rows.append(
            [
                batch.id[:8], cut(batch.name, 40), batch.status, str(counts.completed), str(counts.failed),
                str(counts.total), left, _moment(batch.created_at),
            ]
        )  # fmt: skip
    return aligned(rows)


def batch_page(batch: Batch, items: Sequence[Item]) -> str:
    """A batch with its items."""
    counts = batch.counts
    numbers = (
        f"{counts.completed} done, {counts.failed} failed, {counts.cancelled} cancelled, {counts.left} left"
    )
    lines = [
        f"{batch.name} ({batch.id})",
        f"{batch.pipeline}, {batch.status}, {batch.progress:.0f} %: {numbers} of {counts.total}",
        f"settings: {', '.join(f'{name} {_plain(value)}' for name, value in batch.settings.items())}",
        f"created {_moment(batch.created_at)}, started {_moment(batch.started_at)}, ended {_moment(batch.completed_at)}",
        "",
    ]
    rows = [["#", "FILE", "STATUS", "%", "STAGE", "NOTE"]]
    for item in items:
        note = str(item.error) if item.error else "; ".join(item.warnings) or item.note
        rows.append(
            [
                str(item.position),
                cut(item.file.name, 40),
                item.status,
                f"{item.progress:.0f}",
                item.stage or "",
                note,
            ]
        )
    return "\n".join(lines) + aligned(rows)


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns of text, the first row being their heads."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _moment(value: datetime | None) -> str:
    return value.astimezone().strftime("%Y-%m-%d %H:%M") if value is not None else "-"


def _plain(value: object) -> str:
    return "+".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def cut(text: str, most: int) -> str:
    """A text in one line, shortened where it is too long for its column."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
