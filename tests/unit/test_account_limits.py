"""What a plan includes, counted in the database: batches an hour, files, minutes a month, room."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import pytest
from tests.support.engine import Order, items_of, new_batch, ready_files
from tests.support.manual import ENVIRONMENT, Manual, manual

from reelyard.core.accounts import usage
from reelyard.core.accounts.models import Usage
from reelyard.core.accounts.service import ensure_owner
from reelyard.core.batches import repository
from reelyard.core.batches.lifecycle import ItemEvent, ItemStatus
from reelyard.core.batches.models import Batch
from reelyard.core.batches.service import BatchOrder
from reelyard.core.library.models import LibraryFile
from reelyard.core.library.service import NewFile, Original
from reelyard.errors import QuotaExceeded, RateLimited
from reelyard.media.info import AudioStream, Kind, MediaInfo
from reelyard.settings import load_settings
from reelyard.testing.clock import ManualClock

TIERS = {
    "free": {"storage_bytes": 1_000},
    "pro": {"batches_per_hour": 2, "priority": 8},
}


@pytest.fixture
def control(tmp_path: Path) -> Iterator[Manual]:
    settings = load_settings(data=tmp_path / "data", engine={"workers": 2}, tiers=TIERS)
    with mock.patch.dict(os.environ, ENVIRONMENT):
        found = manual(settings, ManualClock(datetime(2031, 1, 31, 22, 30, tzinfo=UTC)))
        yield found
        found.container.stop(drain_s=0)


def owner_of(control: Manual, tier: str) -> str:
    return ensure_owner(control.container.db, str(uuid.uuid4()), tier, tier)


def make(control: Manual, owner: str) -> str:
    with control.container.db.write() as tx:
        return control.container.batches.create(tx, owner, BatchOrder("a batch", "noop")).id


def lasting(control: Manual, owner: str, *minutes: float) -> list[str]:
    """Verified files that last so long."""
    ids = ready_files(control.container, owner, (f"{n}" for n, _ in enumerate(minutes)))
    with control.container.db.write() as tx:
        for file_id, each in zip(ids, minutes, strict=True):
            tx.session.get_one(LibraryFile, file_id).duration_s = each * 60
    return ids


def start(control: Manual, owner: str, batch_id: str) -> None:
    with control.container.db.write() as tx:
        control.container.commands.start(tx, owner, batch_id)


def test_the_hour_slides_and_deleted_batches_count(control: Manual) -> None:
    owner = owner_of(control, "pro")
    first = make(control, owner)
    with control.container.db.write() as tx:
        control.container.batches.delete(tx, owner, first)
    control.clock.advance(20 * 60)
    make(control, owner)

    with pytest.raises(RateLimited) as refused:
        make(control, owner)
    control.clock.advance(refused.value.retry_after_s - 1)
    with pytest.raises(RateLimited):
        make(control, owner)
    control.clock.advance(1)
    make(control, owner)

    assert refused.value.retry_after_s == 40 * 60
    with pytest.raises(RateLimited):
        make(control, owner)


def test_a_local_user_has_no_limit_of_batches(control: Manual) -> None:
    owner = owner_of(control, "local")

    assert len({make(control, owner) for _ in range(25)}) == 25


def test_an_unknown_plan_is_the_smallest(control: Manual) -> None:
    owner = owner_of(control, "platinum")
    for _ in range(5):
        make(control, owner)

    with pytest.raises(RateLimited):
        make(control, owner)


def test_a_batch_without_a_priority_has_that_of_the_plan(control: Manual) -> None:
    pro, local = owner_of(control, "pro"), owner_of(control, "local")
    made = [make(control, pro), make(control, local)]

    with control.container.db.read() as tx:
        assert [tx.session.get_one(Batch, one).priority for one in made] == [8, 5]


def test_minutes_are_those_of_this_month_and_of_what_is_under_way(control: Manual) -> None:
    owner = owner_of(control, "free")
    one, two, three = lasting(control, owner, 100, 20, 1)
    jobs = [
        new_batch(control.container, owner, [each], Order("noop", start=False)) for each in (one, two, three)
    ]

    start(control, owner, jobs[0])
    start(control, owner, jobs[1])
    with pytest.raises(QuotaExceeded) as refused:
        start(control, owner, jobs[2])
    with control.container.db.write() as tx:
        control.container.commands.cancel(tx, owner, jobs[1])
    start(control, owner, jobs[2])  # what was cancelled is given back

    assert refused.value.details["limit"] == "minutes"


def test_what_was_completed_is_noted_once_for_each_time_and_the_next_month_begins_anew(
    control: Manual,
) -> None:
    owner = owner_of(control, "free")
    (file_id,) = lasting(control, owner, 119)
    batch_id = new_batch(control.container, owner, [file_id], Order("noop"))
    _complete(control, batch_id)
    (again,) = lasting(control, owner, 2)
    next_one = new_batch(control.container, owner, [again], Order("noop", start=False))

    with pytest.raises(QuotaExceeded):
        start(control, owner, next_one)
    with control.container.db.read() as tx:
        rows = tx.session.query(Usage).filter_by(owner_id=owner).all()
        assert [(row.batch_id, row.media_s, row.generation, row.pipeline) for row in rows] == [
            (batch_id, 119 * 60, 1, "noop")
        ]
        assert usage.seconds_used(tx, owner) == 119 * 60
    control.clock.advance(2 * 3600)
    with control.container.db.read() as tx:
        assert usage.seconds_used(tx, owner) == 0
    start(control, owner, next_one)


def _complete(control: Manual, batch_id: str) -> None:
    ledger = control.container.ledger
    with control.container.db.write() as tx:
        batch = repository.engine_batch(tx, batch_id)
        for item in repository.items_of(tx, batch):
            if item.status == ItemStatus.PENDING:
                ledger.move_item(tx, batch, item, ItemEvent.CLAIM)
            ledger.move_item(tx, batch, item, ItemEvent.OK)
        ledger.settle(tx, batch)


def test_a_redo_needs_minutes_too(control: Manual) -> None:
    owner = owner_of(control, "free")
    (file_id,) = lasting(control, owner, 70)
    batch_id = new_batch(control.container, owner, [file_id], Order("noop"))
    _complete(control, batch_id)
    item = items_of(control.container, batch_id)[0]

    with pytest.raises(QuotaExceeded), control.container.db.write() as tx:
        control.container.commands.redo(tx, owner, batch_id, item.id)

    assert items_of(control.container, batch_id)[0].status == "completed"


def test_a_file_whose_length_was_unknown_at_the_start_fails_when_it_is_too_long(control: Manual) -> None:
    owner = owner_of(control, "free")
    container = control.container
    with container.db.write() as tx:
        found = [container.library.announce(tx, owner, NewFile(f"{n}.wav"))[0] for n in range(2)]
        for file in found:
            container.library.received(tx, file, f"originals/{owner}/{file.id}", 10)
    batch_id = new_batch(container, owner, [file.id for file in found], Order("noop"))

    for file, minutes in zip(found, (121, 119), strict=True):
        info = MediaInfo(
            Kind.AUDIO, "wav", "audio/wav", 10, minutes * 60.0,
            audio=(AudioStream(0, "pcm_s16le", 16_000, 1, minutes * 60.0),),
        )  # fmt: skip
        with container.db.write() as tx:
            kept = tx.session.get_one(LibraryFile, file.id)
            container.library.verified(tx, kept, Original("0" * 64, 0, 10, info))

    long, short = items_of(container, batch_id)
    assert (long.status, long.error_code) == ("failed", "quota_exceeded")
    assert (short.status, short.source_ready) == ("pending", True)


def test_the_room_of_a_plan_holds_for_what_is_announced(control: Manual) -> None:
    owner = owner_of(control, "free")
    library, db = control.container.library, control.container.db
    with db.write() as tx:
        library.announce(tx, owner, NewFile("a.wav", 600))

    with pytest.raises(QuotaExceeded) as refused, db.write() as tx:
        library.announce(tx, owner, NewFile("b.wav", 401))
    with db.write() as tx:
        file, _ = library.announce(tx, owner, NewFile("c.wav", 400))
    with pytest.raises(QuotaExceeded), db.write() as tx:
        library.announce(tx, owner, NewFile("d.wav"))
    with db.write() as tx:
        library.delete(tx, owner, file.id)
        library.announce(tx, owner, NewFile("d.wav"))

    assert refused.value.details["limit"] == "storage"


def test_who_claims_is_told_of_those_who_have_a_limit(control: Manual) -> None:
    free, pro, local = (owner_of(control, tier) for tier in ("free", "pro", "local"))

    with control.container.db.read() as tx:
        yard = control.container.claims._parts.at_once(tx, {free, pro, local})

    assert yard == {free: 1, pro: 5}


def test_a_file_of_unknown_size_may_fill_the_room_that_is_left_and_no_more(control: Manual) -> None:
    owner, local = owner_of(control, "free"), owner_of(control, "local")
    container = control.container
    with container.db.write() as tx:
        container.library.announce(tx, owner, NewFile("a.wav", 600))
        _, upload = container.library.announce(tx, owner, NewFile("b.wav"))
        _, free_of_limits = container.library.announce(tx, local, NewFile("c.wav"))

    assert container.uploads.place(owner, upload.id, 1).limit == 400
    assert container.uploads.place(local, free_of_limits.id, 1).limit == 2 * 1024**3
