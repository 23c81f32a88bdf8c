"""A film's cut list between renderings: changed by revisions, rendered anew by the stages that depend on it alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.support.engine import Order, items_of, new_batch, new_owner, ready_files
from tests.support.film_edit import NAMES
from tests.support.manual import Manual, held

from reelyard.core.batches.models import Item
from reelyard.core.cuts.service import ItemCuts
from reelyard.engine.messages import Ending, Made
from reelyard.errors import Conflict, NotFound
from reelyard.media.cut_edits import Decided, edited
from reelyard.media.cut_list import CutList

PLAN = CutList.whole(Fraction(25), Fraction(0), 250).decided(100, 150, keep=False)
Ids = tuple[str, str, str]  # owner, batch, item


@pytest.fixture
def it(tmp_path: Path) -> Iterator[Manual]:
    with held(tmp_path / "data", NAMES) as found:
        yield found


def film(it: Manual, *, render: bool = True) -> Ids:
    """A film that waits for its first stage."""
    owner = new_owner(it.container)
    files = ready_files(it.container, owner, [str(uuid.uuid4())])
    batch = new_batch(it.container, owner, files, Order("edit", {"render": render}))
    it.tick()
    return owner, batch, items_of(it.container, batch)[0].id


def work(it: Manual, plan: CutList = PLAN, until: str | None = None) -> list[str]:
    """Let the stages succeed, as far as before `until`; those that ran."""
    ran = []
    while it.cluster.running:
        (key,) = it.cluster.running
        attempt = it.cluster.running[key].attempt
        if attempt.stage == until:
            break
        ran.append(attempt.stage)
        role = {"silence": "cuts.json", "highlights": "moments.json", "render": "film.mp4"}[attempt.stage]
        data = json.dumps(plan.to_json()) if role == "cuts.json" else f"{role} by {key}"
        stored = it.container.storage.put_bytes(attempt.prefix + role, data.encode())
        made = Made(role, stored.key, stored.size, stored.sha256, stored.crc32)
        it.cluster.end(key, replace(it.cluster.outcome(key, Ending.DONE), made=(made,)))
        it.clock.advance(1)
        it.tick(2)
    return ran


def change(it: Manual, ids: Ids, base: int, *decisions: Decided) -> ItemCuts:
    it.clock.advance(1)
    with it.container.db.write() as tx:
        return it.container.cuts.change(tx, ids, base, lambda cuts: edited(cuts, decisions))


def cuts_of(it: Manual, ids: Ids) -> ItemCuts:
    with it.container.db.read() as tx:
        return it.container.cuts.get(tx, *ids)


def render(it: Manual, ids: Ids) -> None:
    with it.container.db.write() as tx:
        it.container.cuts.render(tx, *ids)
    it.tick(2)


def test_a_change_is_rendered_by_the_stages_that_depend_on_the_list_alone(it: Manual) -> None:
    ids = film(it)
    first = work(it)

    changed = change(it, ids, 0, Decided(100, 150, keep=True), Decided(0, 25, keep=False))
    render(it, ids)
    (key,) = it.cluster.running
    given = it.cluster.running[key].attempt.artifacts["cuts.json"]
    second = work(it)

    assert first == ["silence", "highlights", "render"]
    assert second == ["render"]
    assert CutList.from_json(json.loads(it.container.storage.read_bytes(given))) == changed.cuts
    assert not changed.rendered
    after = cuts_of(it, ids)
    assert (after.revision, after.rendered, after.cuts) == (1, True, changed.cuts)


def test_a_plan_is_looked_at_and_changed_before_the_film_is_rendered_at_all(it: Manual) -> None:
    ids = film(it, render=False)
    planned = work(it)

    before = cuts_of(it, ids)
    change(it, ids, 0, Decided(100, 150, keep=True))
    render(it, ids)

    assert planned == ["silence", "highlights"]
    assert (before.revision, before.rendered, before.cuts) == (0, False, PLAN)
    assert work(it) == ["render"]
    assert cuts_of(it, ids).cuts.cuts_nothing


def test_what_was_changed_after_a_rendering_failed_is_rendered_by_the_next(it: Manual) -> None:
    ids = film(it)
    work(it)
    change(it, ids, 0, Decided(100, 150, keep=True))
    render(it, ids)
    (key,) = it.cluster.running
    it.cluster.end(key, it.cluster.outcome(key, Ending.REJECTED, code="broken", message="It broke."))
    it.tick(2)

    last = change(it, ids, 1, Decided(0, 10, keep=False))
    render(it, ids)

    assert work(it) == ["render"]
    assert cuts_of(it, ids).cuts == last.cuts
    assert cuts_of(it, ids).revision == 2


def test_a_list_is_not_changed_or_rendered_while_its_item_is_at_work(it: Manual) -> None:
    ids = film(it)
    work(it)
    change(it, ids, 0, Decided(0, 5, keep=False))
    render(it, ids)

    with pytest.raises(Conflict, match="processing") as refused:
        change(it, ids, 1, Decided(0, 10, keep=False))
    with pytest.raises(Conflict, match="processing"):
        render(it, ids)

    assert "cancel" in (refused.value.hint or "")
    work(it)


def test_a_change_that_changes_nothing_makes_no_revision(it: Manual) -> None:
    ids = film(it)
    work(it)

    assert change(it, ids, 0).revision == 0


def test_there_is_no_list_before_the_film_is_completed(it: Manual) -> None:
    ids = film(it)
    work(it, until="render")

    with pytest.raises(NotFound, match="no cut list"):
        cuts_of(it, ids)

    work(it)


def test_a_rendering_keeps_the_settings_that_its_item_had(it: Manual) -> None:
    owner, batch, item_id = film(it)
    work(it)
    with it.container.db.write() as tx:
        it.container.commands.redo(tx, owner, batch, item_id, {"padding": 1.0, "render": False})
    it.tick(2)
    work(it, PLAN.decided(0, 5, keep=False))

    render(it, (owner, batch, item_id))

    with it.container.db.read() as tx:
        assert tx.session.get_one(Item, item_id).settings == {"padding": 1.0, "render": True}
    assert work(it) == ["render"]
