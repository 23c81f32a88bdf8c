"""Server-sent events as the client reads them, and how patient it is."""

from __future__ import annotations

import pytest

from reelyard.client.live import parse_stream, read_message
from reelyard.client.models import Event, Progress, Reset
from reelyard.client.transport import LONGEST_WAIT_S, Patience

EVENT = {
    "owner_seq": 7, "seq": 3, "kind": "item.completed", "batch_id": "b", "item_id": "i",
    "at": "2026-01-01T00:00:00+00:00", "data": {"item": {"status": "completed"}}, "from_the_future": 1,
}  # fmt: skip


def test_events_are_read_with_name_number_and_data_of_several_lines() -> None:
    lines = [
        "retry: 1000",
        "",
        "id: 7",
        "event: reset",
        "data: {",
        'data: "seq": 1}',
        "",
        ": still there",
        "",
    ]

    (raw,) = parse_stream(lines)

    assert (raw.event, raw.id, raw.data) == ("reset", "7", ["{", '"seq": 1}'])


def test_what_was_cut_off_before_its_empty_line_is_not_told() -> None:
    assert list(parse_stream(["id: 7", "data: {}"])) == []


def test_messages_are_read_by_their_name_and_newer_fields_left_aside() -> None:
    event = read_message("item.completed", EVENT)
    progress = read_message(
        "progress", {"batch_id": "b", "item_id": "i", "stage": "s", "progress": 5.0, "eta_s": None}
    )

    assert isinstance(event, Event)
    assert event.seq == 3
    assert isinstance(progress, Progress)
    assert isinstance(read_message("reset", {"seq": 9, "batches": []}), Reset)
    assert read_message("from-the-future", {"x": 1}) is None


@pytest.mark.parametrize(("retry", "most"), [(1, 0.5), (2, 1.0), (3, 2.0), (20, LONGEST_WAIT_S)])
def test_waits_double_up_to_a_limit_and_differ_by_chance(retry: int, most: float) -> None:
    assert Patience(chance=lambda: 1.0).wait_s(retry) == most
    assert Patience(chance=lambda: 0.0).wait_s(retry) == most / 2
