"""Transcripts over HTTP: found by words, read, corrected without overwriting, taken away in any format."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.engine import Order, items_of, new_batch, new_owner, ready_files
from tests.support.outputs import output
from tests.support.site import Site, site

from reelyard.core.batches.models import Item
from reelyard.media.transcript import Segment, Transcript, Word


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("data")) as running:
        yield running


def transcribed(server: Site, owner: str, text: str = "Ask not what your country") -> tuple[str, str]:
    """An item with a transcript; the ids of both."""
    container = server.container
    words = tuple(Word(n, n + 1, word, 0.9) for n, word in enumerate(text.split()))
    said = Transcript(
        60.0, "whisper", "tiny", "en", segments=(Segment(1, 0.0, float(len(words)), text, words, 0.9),)
    )
    batch_id = new_batch(
        container,
        owner,
        ready_files(container, owner, [str(uuid.uuid4())]),
        Order("transcription", start=False),
    )
    item_id = items_of(container, batch_id)[0].id
    with container.db.write() as tx:
        item = tx.session.get_one(Item, item_id)
        item.served_generation, item.result = (
            1,
            {"transcribe": {"recogniser": "whisper", "model": "tiny", "words": 5}},
        )
        output(container, tx, item, ("transcribe", "transcript.json"), json.dumps(said.to_json()).encode())
        container.texts.item_completed(tx, item)
    container.texts.index_pending(container.db)
    listed = server.json("GET", f"/api/v1/transcripts?item_id={item_id}", headers={"X-Owner": owner})["data"]
    return item_id, listed[0]["id"]


def test_words_are_found_with_what_stands_around_them(server: Site) -> None:
    owner = new_owner(server.container)
    _, wanted = transcribed(server, owner, "Ask not what your country can do")
    transcribed(server, owner, "Something else")
    mine = {"X-Owner": owner}

    found = server.json("GET", "/api/v1/transcripts?q=country+ask", headers=mine)

    assert [one["id"] for one in found["data"]] == [wanted]
    assert "country" in found["data"][0]["excerpt"]
    assert server.json("GET", "/api/v1/transcripts", headers=mine)["total"] == 2
    assert server.json("GET", "/api/v1/transcripts?q=country", headers={"X-Owner": "nobody"})["total"] == 0
    for odd in ('"', "a AND", "*", "NEAR(", "x:y", "-", "%00", "  "):
        server.json("GET", "/api/v1/transcripts", params={"q": odd}, headers=mine)


def test_a_correction_is_a_new_revision_and_the_old_one_stays(server: Site) -> None:
    owner = new_owner(server.container)
    _, transcript_id = transcribed(server, owner)
    mine, path = {"X-Owner": owner}, f"/api/v1/transcripts/{transcript_id}"

    before = server.json("GET", path, headers=mine)
    segments = [{"start": 0, "end": 5, "text": "Ask not what your COUNTY"}]
    after = server.json("PUT", path, json={"segments": segments, "revision": 0}, headers=mine)
    stale = server.json("PUT", path, 409, json={"segments": segments, "revision": 0}, headers=mine)

    assert before["revision"] == 0
    assert after["revision"] == 1
    assert after["transcript"]["edited"]
    assert after["transcript"]["segments"][0]["words"][4]["text"] == "COUNTY"
    assert stale["error"]["details"]["revision"] == 1
    revisions = server.json("GET", f"{path}/revisions", headers=mine)["revisions"]
    assert [one["revision"] for one in revisions] == [0, 1]
    old = server.json("GET", f"{path}/revisions/0", headers=mine)
    assert old["segments"][0]["text"] == "Ask not what your country"
    server.json("GET", f"{path}/revisions/2", 404, headers=mine)
    assert server.json("GET", "/api/v1/transcripts?q=county", headers=mine)["total"] == 1


@pytest.mark.parametrize(
    "segments",
    [
        [{"start": 5, "end": 1, "text": "x"}],
        [{"start": 0, "end": 99, "text": "x"}],
        [{"start": 0, "end": 1}],
        [{"start": 0, "end": 1, "text": 5}],
        [{"start": "NaN", "end": 1, "text": "x"}],
        [{"start": 0, "end": 2, "text": "x"}, {"start": 1, "end": 3, "text": "y"}],
    ],
)
def test_a_correction_that_cannot_be_names_its_segment(server: Site, segments: Any) -> None:
    owner = new_owner(server.container)
    _, transcript_id = transcribed(server, owner)

    body = {"segments": segments, "revision": 0}
    refused = server.json(
        "PUT", f"/api/v1/transcripts/{transcript_id}", 422, json=body, headers={"X-Owner": owner}
    )

    assert "Segment" in refused["error"]["message"]


def test_a_transcript_is_taken_away_in_each_format(server: Site) -> None:
    owner = new_owner(server.container)
    _, transcript_id = transcribed(server, owner)
    mine = {"X-Owner": owner}

    for form, holds in (("txt", "Ask not"), ("srt", "-->"), ("vtt", "WEBVTT"), ("json", '"segments"')):
        answer = server.client.get(f"/api/v1/transcripts/{transcript_id}/export?format={form}", headers=mine)
        assert answer.status_code == 200
        assert holds in answer.text
        assert f'.{form}"' in answer.headers["content-disposition"]
        assert answer.headers["content-disposition"].startswith("attachment")
    server.json("GET", f"/api/v1/transcripts/{transcript_id}/export?format=exe", 422, headers=mine)


def test_nobody_reads_or_corrects_the_transcript_of_another(server: Site) -> None:
    item_id, transcript_id = transcribed(server, new_owner(server.container))
    stranger = {"X-Owner": new_owner(server.container)}

    server.json("GET", f"/api/v1/transcripts?item_id={item_id}", 404, headers=stranger)
    for path in ("", "/revisions", "/revisions/0", "/export"):
        server.json("GET", f"/api/v1/transcripts/{transcript_id}{path}", 404, headers=stranger)
    body = {"segments": [], "revision": 0}
    server.json("PUT", f"/api/v1/transcripts/{transcript_id}", 404, json=body, headers=stranger)
