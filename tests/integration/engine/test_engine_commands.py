"""What owners command, on real workers: children die at once, nothing starts when it must not, others wait shortly."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

import psutil
from sqlalchemy import insert, select
from tests.support.engine import (
    Order,
    batch_of,
    ended,
    items_of,
    journal,
    new_batch,
    new_owner,
    ready_files,
    runs_of,
    wait_until,
)

from reelyard.bootstrap import Container
from reelyard.core.batches.models import Item
from reelyard.core.events.repository import since_batch
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.core.runs import repository as runs


def fresh(number: int) -> list[str]:
    return [f"text {uuid.uuid4()}" for _ in range(number)]


def naps(seconds: float, **more: object) -> dict[str, object]:
    return {"nap_s": seconds, **more}


def sleepers() -> list[psutil.Process]:
    """The naps that go on in this test's workers."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if process.name() == "sleep":
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def begun(yard: Container, batch: str) -> int:
    return sum(flight.started for flight in yard.dispatcher.flights if flight.batch_id == batch)


def cancel(yard: Container, owner: str, batch: str) -> None:
    with yard.db.write() as tx:
        yard.commands.cancel(tx, owner, batch)


def test_a_cancel_ends_every_child_within_two_seconds_and_leaves_no_temporary_file(yard: Container) -> None:
    owner = new_owner(yard)
    took = []

    for _ in range(20):
        batch = new_batch(yard, owner, ready_files(yard, owner, fresh(2)), Order("nap", naps(60.0)))
        wait_until(lambda: len(sleepers()) == 2)
        cancel(yard, owner, batch)
        took.append(wait_until(lambda: not sleepers(), every=0.005))

    print(f"children gone after a cancel: {max(took):.3f} s at most")  # noqa: T201 - the figure, shown by -s
    assert max(took) <= 2.0
    scratch = yard.settings.data / "scratch"
    wait_until(lambda: not [*scratch.glob("slot-*/*")] and not len(yard.dispatcher.flights))
    assert len(yard.cluster.capacity()) == 3  # no worker had to be ended for it


def test_what_commits_while_its_batch_is_cancelled_is_completed_or_cancelled_and_stays_so(
    yard: Container,
) -> None:
    owner = new_owner(yard)
    batches = []

    for round_number in range(12):
        batch = new_batch(yard, owner, ready_files(yard, owner, fresh(4)), Order("noop", concurrency=4))
        wait_until(lambda n=round_number, b=batch: batch_of(yard, b).completed >= n % 4, every=0.001)  # type: ignore[misc]
        if not ended(yard, batch):
            cancel(yard, owner, batch)
            batches.append((batch, {item.id: item.status for item in items_of(yard, batch)}))
    wait_until(lambda: not len(yard.dispatcher.flights))

    assert batches
    for batch, then in batches:
        assert {item.id: item.status for item in items_of(yard, batch)} == then
        assert set(then.values()) <= {"completed", "cancelled"}


def test_nothing_starts_after_the_answer_to_a_pause_and_something_two_seconds_after_a_resume(
    yard: Container, tmp_path: Path
) -> None:
    owner = new_owner(yard)
    batch = new_batch(yard, owner, ready_files(yard, owner, fresh(6)), Order("nap", naps(0.4)))
    wait_until(lambda: begun(yard, batch) == 2)

    with yard.db.write() as tx:
        yard.commands.pause(tx, owner, batch)
    wait_until(lambda: batch_of(yard, batch).processing == 0)
    time.sleep(0.1)  # a claim that should not be would come now
    kinds = [event.kind for event in _events(yard, owner, batch)]

    assert "item.started" not in kinds[kinds.index("batch.paused") :]
    assert batch_of(yard, batch).completed == 2

    with yard.db.write() as tx:
        yard.commands.resume(tx, owner, batch)
    assert wait_until(lambda: begun(yard, batch) > 0) <= 2.0
    wait_until(lambda: ended(yard, batch))


def _events(yard: Container, owner: str, batch: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    with yard.db.read() as tx:
        return since_batch(tx, owner, batch, 0)


def test_one_item_is_begun_at_once_although_another_owner_queued_ten_thousand(yard: Container) -> None:
    greedy, modest = new_owner(yard, "greedy"), new_owner(yard, "modest")
    crowd = new_batch(yard, greedy, _many_files(yard, greedy, 10_000), Order("noop", concurrency=10))
    wait_until(lambda: batch_of(yard, crowd).completed > 20)

    one = new_batch(yard, modest, ready_files(yard, modest, fresh(1)), Order("noop"))
    took = wait_until(
        lambda: batch_of(yard, one).processing + batch_of(yard, one).completed == 1, every=0.005
    )

    print(f"first claim beside 10,000 items of another: {took:.3f} s")  # noqa: T201 - as above
    assert took <= 10.0
    cancel(yard, greedy, crowd)
    wait_until(lambda: ended(yard, one))


def _many_files(yard: Container, owner: str, number: int) -> list[str]:
    """As `ready_files`, with one content for all of them."""
    (first,) = ready_files(yard, owner, fresh(1))
    with yard.db.write() as tx:
        row = tx.session.get_one(LibraryFile, first)
        names = [column.name for column in LibraryFile.__table__.columns]
        model = {name: getattr(row, name) for name in names}
        rows = [{**model, "id": str(uuid.uuid4())} for _ in range(number)]
        tx.session.execute(insert(LibraryFile), rows)
        assert row.status == FileStatus.READY
    return [each["id"] for each in rows]


def test_a_second_batch_in_another_style_runs_only_the_stage_that_reads_it(
    yard: Container, tmp_path: Path
) -> None:
    owner = new_owner(yard)
    files = ready_files(yard, owner, fresh(3))
    settings = {"journal": str(tmp_path / "journal")}
    first = new_batch(yard, owner, files, Order(settings=settings))
    wait_until(lambda: ended(yard, first))
    before = len(journal(tmp_path / "journal"))

    second = new_batch(yard, owner, files, Order(settings={**settings, "style": "fancy"}))
    wait_until(lambda: ended(yard, second))

    assert {stage for _, stage, *_ in journal(tmp_path / "journal")[before:]} == {"write"}
    for item in items_of(yard, second):
        assert [(run.stage, run.cached) for run in runs_of(yard, item)] == [
            ("prepare", True), ("parts", True), ("write", False),
        ]  # fmt: skip


def test_equal_work_at_the_same_time_is_done_once(yard: Container, tmp_path: Path) -> None:
    owner = new_owner(yard)
    text = fresh(1)
    settings = {"journal": str(tmp_path / "journal"), "nap_s": 0.3}

    batches = [
        new_batch(yard, owner, ready_files(yard, owner, text), Order(settings=settings)) for _ in range(3)
    ]
    wait_until(lambda: ended(yard, *batches))

    starts = [stage for _, stage, what, *_ in journal(tmp_path / "journal") if what == "start"]
    assert sorted(starts) == ["part-0", "part-1", "parts", "prepare", "write"]
    assert {batch_of(yard, batch).completed for batch in batches} == {1}


def test_two_owners_never_share_what_was_made(yard: Container, tmp_path: Path) -> None:
    text = fresh(1)
    settings = {"journal": str(tmp_path / "journal")}

    for owner in (new_owner(yard), new_owner(yard)):
        batch = new_batch(yard, owner, ready_files(yard, owner, text), Order(settings=settings))
        wait_until(lambda b=batch: ended(yard, b))  # type: ignore[misc]

    assert [stage for _, stage, what, *_ in journal(tmp_path / "journal") if what == "start"].count(
        "part-0"
    ) == 2


def test_a_redo_serves_the_old_output_until_the_new_one_stands(yard: Container, tmp_path: Path) -> None:
    owner = new_owner(yard)
    settings = {"journal": str(tmp_path / "journal")}
    batch = new_batch(yard, owner, ready_files(yard, owner, fresh(1)), Order(settings=settings))
    wait_until(lambda: ended(yard, batch))
    (item,) = items_of(yard, batch)
    assert _served(yard, item.id).startswith("plain\n")

    with yard.db.write() as tx:
        yard.commands.redo(tx, owner, batch, item.id, {"style": "fancy", "nap_s": 0.2, "parts": 3})
    seen = set()
    while not ended(yard, batch):
        seen.add(_served(yard, item.id).partition("\n")[0])

    assert "plain" in seen
    assert _served(yard, item.id).startswith("fancy\n")


def _served(yard: Container, item_id: str) -> str:
    with yard.db.read() as tx:
        generation = tx.session.scalars(select(Item.served_generation).where(Item.id == item_id)).one()
        assert generation is not None
        made = runs.newest(runs.artifacts_of(tx, item_id, generation))["out.txt"]
        return yard.storage.read_bytes(made.blob_key).decode()


def test_a_stage_that_is_asked_to_yield_goes_on_later_from_its_parts(yard: Container, tmp_path: Path) -> None:
    owner = new_owner(yard)
    settings = {"journal": str(tmp_path / "journal"), "parts": 6, "nap_s": 0.15}
    batch = new_batch(yard, owner, ready_files(yard, owner, fresh(1)), Order(settings=settings))
    wait_until(lambda: any(stage == "part-2" for _, stage, *_ in journal(tmp_path / "journal")))

    (flight,) = [flight for flight in yard.dispatcher.flights if flight.batch_id == batch]
    yard.cluster.kill(flight.key, flight.worker, yielding=True)
    wait_until(lambda: ended(yard, batch))

    (item,) = items_of(yard, batch)
    starts = [stage for _, stage, what, *_ in journal(tmp_path / "journal") if what == "start"]
    assert (item.status, item.retry_count) == ("completed", 0)
    assert [run.status for run in runs_of(yard, item) if run.stage == "parts"] == ["yielded", "done"]
    assert starts.count("parts") == 2
    assert all(starts.count(f"part-{n}") == 1 for n in range(6))
