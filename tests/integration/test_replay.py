"""I12: a batch's events, folded, give exactly the rows that stand in the database."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.engine import Order, new_batch, new_owner, ready_files

from reelyard.bootstrap import Container, build
from reelyard.core.batches import repository
from reelyard.core.batches.ledger import Failure, batch_facts, item_facts
from reelyard.core.batches.lifecycle import ItemEvent, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.service import order_facts
from reelyard.core.events.replay import Replayed, replay
from reelyard.core.events.repository import since_batch
from reelyard.core.library.service import NewFile
from reelyard.db.session import Transaction
from reelyard.errors import ReelyardError
from reelyard.kit.clock import SystemClock
from reelyard.settings import load_settings
from reelyard.testing.cluster import ManualCluster


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    clock = SystemClock()
    data: Path = tmp_path_factory.mktemp("data")
    built = build(load_settings(data=data), clock=clock, cluster=ManualCluster(1, clock))
    yield built
    built.upload_store.close()
    built.db.close()
    built.folder.release()


def replayed(container: Container, owner: str, batch_id: str) -> Replayed:
    events: list[tuple[str, Any]] = []
    with container.db.read() as tx:
        seq = 0
        while page := since_batch(tx, owner, batch_id, seq):
            events += [(event.kind, event.data) for event in page]
            seq = page[-1].seq or 0
    return replay(events)


def assert_replays(container: Container, owner: str, batch_id: str) -> None:
    found = replayed(container, owner, batch_id)
    with container.db.read() as tx:
        batch = tx.session.get_one(Batch, batch_id)
        items = [item_facts(item) for item in repository.items_of(tx, batch)]
        assert found.batch == {**batch_facts(batch), **order_facts(batch)}
        assert found.deleted == (batch.deleted_at is not None)
    told = [{name: item[name] for name in items[0]} for item in found.in_order()] if items else []
    assert told == items


class Deeds:
    """What owners, uploads and the engine do to a batch, by chance; what is refused changes nothing."""

    def __init__(self, container: Container, owner: str, batch_id: str, chance: random.Random) -> None:
        self.container, self.owner, self.batch_id, self.chance = container, owner, batch_id, chance

    def do(self) -> None:
        deeds: list[Callable[..., None]] = [
            self.add, self.announce, self.change, self.remove, self.reorder, self.command, self.engine, self.engine,
            self.engine, self.redo, self.verify,
        ]  # fmt: skip
        deed = self.chance.choice(deeds)
        extra = ready_files(self.container, self.owner, ["x"]) if deed == self.add else []
        try:
            with self.container.db.write() as tx:
                deed(tx, *extra)
        except ReelyardError:
            pass

    def add(self, tx: Transaction, file_id: str) -> None:
        self.container.batches.add_files(tx, self.owner, self.batch_id, [file_id])

    def announce(self, tx: Transaction) -> None:
        file, _ = self.container.library.announce(tx, self.owner, NewFile("a.wav", 5, self.batch_id))
        self.container.batches.add_files(tx, self.owner, self.batch_id, [file.id])
        if self.chance.random() < 0.7:
            self.container.library.receiving(tx, file)

    def verify(self, tx: Transaction) -> None:
        from reelyard.core.library.models import LibraryFile

        for item in self._items(tx):
            if item.status == ItemStatus.UPLOADING:
                file = tx.session.get_one(LibraryFile, item.file_id)
                self.container.library.refused(tx, file, Failure("invalid_media", "no", "hint"))
                return

    def change(self, tx: Transaction) -> None:
        changes = {"name": f"name {self.chance.random()}", "priority": self.chance.randint(0, 10)}
        self.container.batches.change(tx, self.owner, self.batch_id, changes)

    def remove(self, tx: Transaction) -> None:
        chosen = [item.id for item in self._items(tx) if self.chance.random() < 0.3]
        self.container.batches.remove_items(tx, self.owner, self.batch_id, chosen)

    def reorder(self, tx: Transaction) -> None:
        ids = [item.id for item in self._items(tx)]
        self.chance.shuffle(ids)
        self.container.batches.reorder(tx, self.owner, self.batch_id, ids[: self.chance.randint(0, len(ids))])

    def command(self, tx: Transaction) -> None:
        commands = self.container.commands
        weighed: list[Callable[..., object]] = [
            commands.start, commands.start, commands.pause, commands.resume, commands.resume, commands.retry,
        ]  # fmt: skip
        if self.chance.random() < 0.05:
            weighed = [commands.cancel]
        self.chance.choice(weighed)(tx, self.owner, self.batch_id)

    def redo(self, tx: Transaction) -> None:
        if items := self._items(tx):
            self.container.commands.redo(tx, self.owner, self.batch_id, self.chance.choice(items).id)

    def engine(self, tx: Transaction) -> None:
        batch = repository.engine_batch(tx, self.batch_id)
        items = self._items(tx)
        if not items or batch.status not in ("processing", "paused"):
            return
        item, ledger = self.chance.choice(items), self.container.ledger
        if item.status == ItemStatus.PENDING and batch.status == "processing" and item.source_ready:
            item.stage = "listen"
            ledger.move_item(tx, batch, item, ItemEvent.CLAIM)
        elif item.status == ItemStatus.PROCESSING:
            event = self.chance.choice(
                [ItemEvent.OK, ItemEvent.ERR_FINAL, ItemEvent.ERR_RETRYABLE, ItemEvent.DRAIN]
            )
            failure = Failure("x", "why", "hint") if "err" in event.value.lower() else None
            ledger.move_item(tx, batch, item, event, failure=failure)
            ledger.settle(tx, batch)
        elif self.chance.random() < 0.05:
            ledger.fail_rest(tx, batch, Failure("timed_out", "It stood still."))
            ledger.settle(tx, batch)

    def _items(self, tx: Transaction) -> list[Item]:
        batch = tx.session.get_one(Batch, self.batch_id)
        return list(repository.items_of(tx, batch))


@pytest.mark.parametrize("seed", range(12))
def test_events_rebuild_the_rows_after_anything(container: Container, seed: int) -> None:
    owner = new_owner(container)
    files = ready_files(container, owner, [f"{seed} {n}" for n in range(4)])
    batch_id = new_batch(container, owner, files, Order("transcription", start=False))
    deeds = Deeds(container, owner, batch_id, random.Random(seed))

    for _ in range(60):
        deeds.do()

    assert_replays(container, owner, batch_id)


def test_events_of_more_than_one_page_of_items_rebuild_them(container: Container) -> None:
    owner = new_owner(container)
    files = ready_files(container, owner, [f"many {n}" for n in range(450)])
    batch_id = new_batch(container, owner, files, Order("transcription", start=False))
    with container.db.write() as tx:
        container.commands.cancel(tx, owner, batch_id)
    assert_replays(container, owner, batch_id)

    with container.db.write() as tx:
        container.batches.delete(tx, owner, batch_id)
    assert_replays(container, owner, batch_id)
