"""Exports as they are shown, and the links to them."""

from __future__ import annotations

from dataclasses import dataclass

from reelyard.bootstrap import Container
from reelyard.core.exports.models import Export, ExportStatus
from reelyard.core.exports.service import status_of


@dataclass(frozen=True, slots=True)
class ExportNow:
    """What moves while an export is made: its state, per cent done, what is being done, seconds left."""

    status: ExportStatus
    progress: float
    note: str
    eta_s: float | None


def export_now(services: Container, export: Export) -> ExportNow:
    """How the export is at this moment."""
    status = status_of(export, services.clock.now())
    live = services.board.of_item(export.id) if status is ExportStatus.PROCESSING else None
    if live is None:
        return ExportNow(status, export.progress, export.note, None)
    return ExportNow(status, max(export.progress, live.progress), live.note or export.note, live.eta_s)


def export_url(services: Container, export: Export) -> str | None:
    """A link that gives the export to whoever has it until it expires, is removed, or its batch is; else None."""
    over = status_of(export, services.clock.now()) is not ExportStatus.COMPLETED
    return None if over else services.export_links.of_export(export)
