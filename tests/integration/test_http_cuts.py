"""The edit of a film over HTTP: cut list, revisions, rendering, highlights, timelines."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from tests.support.engine import Order, items_of, new_batch, new_owner, ready_files
from tests.support.film_edit import NAMES
from tests.support.outputs import output
from tests.support.site import Site, site

from reelyard.core.batches.lifecycle import ItemEvent
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.media.highlights import Highlight, Highlights, ReasonKind, Sensitivity
from reelyard.media.highlights import Reason as Why

CUTS = CutList(
    Fraction(25),
    Fraction(1, 25),
    250,
    (
        Span(0, 100, keep=True, reason=Reason.SOUND),
        Span(100, 150, keep=False, reason=Reason.SILENCE, level_db=-48.0),
        Span(150, 250, keep=True, reason=Reason.SOUND),
    ),
)
FOUND = Highlights(
    10.0,
    Sensitivity.MEDIUM,
    found=(
        Highlight(1, 4.1, 5.9, 0.5, "Gone", (Why(ReasonKind.LOUD, 1.0, "12 dB louder than the rest"),)),
        Highlight(2, 7.04, 9.04, 0.9, "Here", (Why(ReasonKind.SUDDEN, 1.0, "all at once"),)),
    ),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("data"), pipelines=NAMES) as running:
        yield running


@pytest.fixture
def owner(server: Site) -> str:
    return new_owner(server.container)


@pytest.fixture
def path(server: Site, owner: str) -> str:
    return edited(server, owner, {"cuts.json": CUTS.to_json(), "moments.json": FOUND.to_json()})


def edited(server: Site, owner: str, made: dict[str, Any]) -> str:
    """A completed item of a film with these artifacts; where it is found."""
    container = server.container
    files = ready_files(container, owner, [str(uuid.uuid4())])
    batch_id = new_batch(container, owner, files, Order("edit"))
    item_id = items_of(container, batch_id)[0].id
    with container.db.write() as tx:
        batch, item = tx.session.get_one(Batch, batch_id), tx.session.get_one(Item, item_id)
        tx.session.get_one(LibraryFile, item.file_id).name = "the\ntalk.mp4"
        for event in (ItemEvent.CLAIM, ItemEvent.OK):
            container.ledger.move_item(tx, batch, item, event)
        container.ledger.settle(tx, batch)
        for role, value in made.items():
            output(container, tx, item, ("silence", role), json.dumps(value).encode())
    return f"/api/v1/batches/{batch_id}/items/{item_id}"


def test_a_cut_list_is_read_with_frames_seconds_and_reasons(server: Site, owner: str, path: str) -> None:
    told = server.json("GET", f"{path}/cuts", headers={"X-Owner": owner})

    assert told["revision"] == 0
    assert not told["rendered"]
    assert (told["rate"], told["frames"], told["cuts"]) == ("25", 250, 1)
    assert (told["duration_s"], told["kept_duration_s"], told["cut_duration_s"]) == (10.0, 8.0, 2.0)
    assert told["spans"][1] == {
        "start": 100, "end": 150, "start_s": 4.04, "end_s": 6.04, "film_start_s": None, "keep": False,
        "reason": "silence", "level_db": -48.0,
    }  # fmt: skip
    assert told["spans"][2]["film_start_s"] == 4.0


def test_cuts_are_restored_in_frames_or_seconds_and_every_revision_stays(
    server: Site, owner: str, path: str
) -> None:
    mine = {"X-Owner": owner}
    decisions = [{"start": 100, "end": 125, "keep": True}, {"start_s": 0.04, "end_s": 1.04, "keep": False}]

    changed = server.json("PATCH", f"{path}/cuts", json={"decisions": decisions, "revision": 0}, headers=mine)
    stale = server.json(
        "PATCH", f"{path}/cuts", 409, json={"decisions": decisions, "revision": 0}, headers=mine
    )
    back = server.json(
        "PATCH", f"{path}/cuts", json={"decisions": [], "revision": 1, "begin_from": 0}, headers=mine
    )

    assert [(span["start"], span["end"], span["keep"], span["reason"]) for span in changed["spans"]] == [
        (0, 25, False, "by hand"),
        (25, 100, True, "sound"),
        (100, 125, True, "by hand"),
        (125, 150, False, "silence"),
        (150, 250, True, "sound"),
    ]
    assert stale["error"]["details"]["revision"] == 1
    assert (back["revision"], back["kept_duration_s"]) == (2, 8.0)
    told = server.json("GET", f"{path}/cuts/revisions", headers=mine)["revisions"]
    assert [one["revision"] for one in told] == [0, 1, 2]
    assert server.json("GET", f"{path}/cuts/revisions/1", headers=mine)["spans"] == changed["spans"]
    server.json("GET", f"{path}/cuts/revisions/3", 404, headers=mine)


def test_a_whole_list_is_put(server: Site, owner: str, path: str) -> None:
    spans = [{"start": 0, "end": 200, "keep": True}, {"start": 200, "end": 250, "keep": False}]

    put = server.json("PUT", f"{path}/cuts", json={"spans": spans, "revision": 0}, headers={"X-Owner": owner})

    assert [(span["start"], span["end"], span["reason"]) for span in put["spans"]] == [
        (0, 100, "sound"), (100, 150, "by hand"), (150, 200, "sound"), (200, 250, "by hand"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ({"start": 5, "end": 1, "keep": True}, "Decision 1"),
        ({"start": 0, "end": 251, "keep": True}, "250"),
        ({"start": 0, "end": 250, "keep": False}, "Nothing"),
        ({"start": 0, "end_s": 1, "keep": False}, "Decision 1"),
        ({"keep": False}, "Decision 1"),
        ({"start_s": 2, "end_s": 1, "keep": True}, "Decision 1"),
        ({"start": 0.5, "end": 3, "keep": True}, ""),
        ({"start": -1, "end": 3, "keep": True}, ""),
        ({"start": 0, "end": 3, "keep": "yes"}, ""),
        ({"start_s": "NaN", "end_s": 3, "keep": True}, ""),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_its_number(
    server: Site, owner: str, path: str, decision: Any, said: str
) -> None:
    body = {"decisions": [decision], "revision": 0}

    refused = server.json("PATCH", f"{path}/cuts", 422, json=body, headers={"X-Owner": owner})

    assert said in refused["error"]["message"]


@pytest.mark.parametrize("spans", [[], [(0, 100)], [(0, 100), (90, 250)], [(0, 251)]])
def test_a_list_that_does_not_cover_the_film_is_refused(
    server: Site, owner: str, path: str, spans: list[tuple[int, int]]
) -> None:
    body = {"spans": [{"start": a, "end": b, "keep": True} for a, b in spans], "revision": 0}

    refused = server.json("PUT", f"{path}/cuts", 422, json=body, headers={"X-Owner": owner})

    assert refused["error"]["details"]["field"] == "spans"


def test_rendering_puts_the_item_back_to_work_once(server: Site, owner: str, path: str) -> None:
    headers = {"X-Owner": owner, "Idempotency-Key": str(uuid.uuid4())}
    mine = {"X-Owner": owner}

    first = server.json("POST", f"{path}/cuts/render", headers=headers)
    again = server.json("POST", f"{path}/cuts/render", headers=headers)
    other = server.json("POST", f"{path}/cuts/render", 409, headers=mine)
    late = server.json("PATCH", f"{path}/cuts", 409, json={"decisions": [], "revision": 0}, headers=mine)

    assert first == again
    assert first["generation"] == 2
    for refused in (other, late):
        assert "Wait until" in refused["error"]["hint"]
    assert server.json("GET", f"{path}/cuts", headers=mine)["revision"] == 0


def test_highlights_are_where_the_newest_list_shows_them(server: Site, owner: str, path: str) -> None:
    mine = {"X-Owner": owner}

    before = server.json("GET", f"{path}/highlights", headers=mine)
    decisions = [{"start": 100, "end": 150, "keep": True}]
    server.json("PATCH", f"{path}/cuts", json={"decisions": decisions, "revision": 0}, headers=mine)
    after = server.json("GET", f"{path}/highlights", headers=mine)

    assert before["summary"] == "2 highlights."
    assert before["highlights"][1]["reasons"] == [{"kind": "sudden", "weight": 1.0, "text": "all at once"}]
    shown = [[(one["film_start"], one["film_end"]) for one in told["highlights"]] for told in (before, after)]
    assert shown == [[(None, None), (5.0, 7.0)], [(4.06, 5.86), (7.0, 9.0)]]


@pytest.mark.parametrize(("form", "holds"), [("edl", "TITLE"), ("fcpxml", "<fcpxml"), ("otio", "Timeline")])
def test_a_timeline_is_taken_away_under_the_films_name(
    server: Site, owner: str, path: str, form: str, holds: str
) -> None:
    answer = server.client.get(f"{path}/timeline/{form}", headers={"X-Owner": owner})

    assert answer.status_code == 200
    assert holds in answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    assert f'talk.{form}"' in answer.headers["content-disposition"]
    server.json("GET", f"{path}/timeline/exe", 422, headers={"X-Owner": owner})


def test_nobody_sees_or_changes_the_edit_of_another(server: Site, owner: str, path: str) -> None:
    stranger = {"X-Owner": new_owner(server.container)}

    for one in ("cuts", "cuts/revisions", "cuts/revisions/0", "highlights", "timeline/edl"):
        server.json("GET", f"{path}/{one}", 404, headers=stranger)
    server.json("PATCH", f"{path}/cuts", 404, json={"decisions": [], "revision": 0}, headers=stranger)
    server.json("PUT", f"{path}/cuts", 404, json={"spans": [], "revision": 0}, headers=stranger)
    server.json("POST", f"{path}/cuts/render", 404, headers=stranger)


def test_an_item_without_an_edit_says_what_would_make_one(server: Site, owner: str) -> None:
    bare, mine = edited(server, owner, {}), {"X-Owner": owner}

    for one in ("cuts", "highlights", "timeline/otio"):
        assert server.json("GET", f"{bare}/{one}", 404, headers=mine)["error"]["hint"]
