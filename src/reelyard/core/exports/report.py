"""The papers that lie in an archive beside the outputs: its manifest, and what is said of items that are not in it. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reelyard.core.exports.layout import Entry
from reelyard.core.exports.models import Export

MANIFEST_SCHEMA = "reelyard.export/1"
_COLUMNS = ("position", "name", "status", "code", "message", "hint")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def manifest(export: Export, batch_name: str, entries: Iterable[Entry]) -> bytes:
    """Every file of the archive but this one, with its size and SHA-256, as JSON."""
    value = {
        "schema": MANIFEST_SCHEMA,
        "batch": {"id": export.batch_id, "name": batch_name},
        "export": {"id": export.id, "ordered_at": export.created_at.isoformat(), **export.options},
        "items": export.items,
        "files": [
            {
                "name": entry.name,
                "size": entry.blob.size,
                "sha256": entry.blob.sha256,
                "item_id": entry.item_id,
                "role": entry.role,
            }
            for entry in entries
        ],
        "not_included": list(export.failures or ()),
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def as_table(failures: Sequence[Mapping[str, Any]]) -> bytes:
    """One line for each item that is not in the archive, as CSV that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(_COLUMNS)
    for failure in failures:
        writer.writerow([_cell(failure.get(column)) for column in _COLUMNS])
    return text.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets that it is UTF-8


def as_text(batch_name: str, failures: Sequence[Mapping[str, Any]]) -> bytes:
    """The same for people."""
    if not failures:
        return f"Every item of “{batch_name}” was completed.\n".encode()
    lines = [f"Items of “{batch_name}” that were not completed: {len(failures)}", ""]
    for failure in failures:
        lines.append(f"{failure['position']}. {_line(failure['name'])}: {failure['status']}")
        lines.append(f"   {_line(failure['message'])} ({failure['code']})")
        if failure["hint"]:
            lines.append(f"   {_line(failure['hint'])}")
        if not failure["original"]:
            lines.append("   Its original did not arrive, so that it is not in “failed” either.")
        lines.append("")
    return "\n".join(lines).encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(text: str) -> str:
    return " ".join(text.split())
