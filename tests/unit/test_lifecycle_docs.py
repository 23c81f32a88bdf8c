"""The page that draws the lifecycle says what the tables say."""

from __future__ import annotations

import pytest
from scripts import draw_lifecycle

from reelyard.core.batches.lifecycle import BatchAction, BatchStatus, ItemEvent


def test_the_page_matches_the_tables() -> None:
    text = draw_lifecycle.PAGE.read_text(encoding="utf-8")

    assert draw_lifecycle.filled(text) == text, "run: python -m scripts.draw_lifecycle"


@pytest.mark.parametrize("name", draw_lifecycle.BLOCKS)
def test_the_page_shows_every_block(name: str) -> None:
    assert f"<!-- begin {name} -->" in draw_lifecycle.PAGE.read_text(encoding="utf-8")


def test_the_tables_show_every_action_event_and_state() -> None:
    batch, item = draw_lifecycle.batch_table(), draw_lifecycle.item_table()

    assert all(f"| **{action}** |" in batch for action in BatchAction)
    assert all(f"| {status} |" in batch for status in BatchStatus)
    assert all(f"| **{event}** |" in item for event in ItemEvent)


def test_the_drawing_leads_from_pending_to_every_end() -> None:
    drawing = draw_lifecycle.batch_drawing()

    assert "[*] --> pending" in drawing
    assert "processing --> completed: settle" in drawing
    assert "processing --> pending: settle" in drawing
    assert "paused --> pending" not in drawing
