"""An export stays as it was ordered: its items may go, its files may go, and the janitor may come."""

from __future__ import annotations

from datetime import timedelta

import httpx
from tests.support.engine import items_of
from tests.support.exports import finished, made, ordered
from tests.support.served import Served

from reelyard.core.invariants import broken
from reelyard.core.library.purge import GRACE, Janitor
from reelyard.core.runs import repository as runs
from reelyard.core.runs.models import Part
from reelyard.testing.clock import ManualClock


def swept_later(served: Served) -> None:
    """The janitor's round when the grace of all that is stored is over."""
    container = served.container
    clock = ManualClock(container.clock.now() + GRACE + timedelta(minutes=5))
    Janitor(container.db, container.storage, container.uploads, clock).sweep()


def test_an_archive_outlives_the_items_and_the_files_that_are_in_it(offline: Served) -> None:
    batch_id = made(offline, [{"transcript.txt": b"said"}, None])
    export = finished(offline, batch_id, include_failed=True)
    link = offline.address + export["download_url"]
    before = httpx.get(link, trust_env=False).content
    completed, failed = items_of(offline.container, batch_id)

    kept = offline.http.delete(f"/batches/{batch_id}/items/{completed.id}")
    removed = offline.http.delete(f"/batches/{batch_id}/items/{failed.id}")
    for item in (completed, failed):
        assert offline.http.delete(f"/files/{item.file_id}").status_code == 204
    swept_later(offline)

    assert (kept.status_code, removed.status_code) == (409, 204)
    assert httpx.get(link, trust_env=False).content == before
    assert broken(offline.container.db, offline.container.storage) == []


def test_what_only_an_export_held_goes_when_it_is_removed(offline: Served) -> None:
    batch_id = made(offline, [{"transcript.txt": b"said"}, None])
    export = finished(offline, batch_id, include_failed=True)
    failed = items_of(offline.container, batch_id)[1]
    offline.http.delete(f"/batches/{batch_id}/items/{failed.id}")
    offline.http.delete(f"/files/{failed.file_id}")
    storage, original = offline.container.storage, f"originals/{offline.owner}/{failed.file_id}"
    swept_later(offline)
    held = storage.exists(original)

    offline.http.delete(f"/batches/{batch_id}/exports/{export['id']}")
    swept_later(offline)

    assert held
    assert not storage.exists(original)
    assert httpx.get(offline.address + export["download_url"], trust_env=False).status_code == 404


def test_what_a_whole_has_of_its_clips_is_kept_as_long_as_it_is_being_made(offline: Served) -> None:
    batch_id = made(offline, [{"transcript.txt": b"said"}])
    export = ordered(offline, batch_id, format="merged")
    key = f"parts/{offline.owner}/ab/abcd"
    offline.container.storage.put_bytes(key, b"a conformed clip")
    with offline.container.db.write() as tx:
        runs.keep_part(tx, offline.owner, export["id"], key)

    swept_later(offline)
    while_made = forgotten(offline, key)
    offline.http.post(f"/batches/{batch_id}/exports/{export['id']}/cancel")
    swept_later(offline)

    assert not while_made
    assert forgotten(offline, key)


def forgotten(served: Served, key: str) -> bool:
    with served.container.db.read() as tx:
        row = tx.session.get(Part, (served.owner, key))
    return row is None and not served.container.storage.exists(key)
