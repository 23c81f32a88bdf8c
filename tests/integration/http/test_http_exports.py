"""Exports over HTTP: what is downloaded is what was made, from any byte on, for as long as it is promised."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
import zipfile
from datetime import datetime
from urllib.parse import urljoin

import httpx
import pytest
from tests.support.engine import items_of, wait_until
from tests.support.exports import end_with, finished, looked_at, made, ordered, worked
from tests.support.served import Json, Served

from reelyard.core.exports.models import Export
from reelyard.core.invariants import broken
from reelyard.core.library.purge import GRACE

TEXTS = [b"the first", b"the second " * 50_000, b"the third"]
BATCH = [{"transcript.txt": text, "transcript.srt": b"1\n" + text} for text in TEXTS]


def fetched(served: Served, export: Json, **headers: str) -> httpx.Response:
    return httpx.get(served.address + export["download_url"], headers=headers, trust_env=False)


def archive(served: Served, export: Json) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(fetched(served, export).content))


def test_an_archive_holds_every_output_and_a_manifest_that_is_true(offline: Served) -> None:
    batch_id = made(offline, BATCH)

    export = finished(offline, batch_id)

    assert export["status"] == "completed", export
    assert export["size"] == len(fetched(offline, export).content)
    with archive(offline, export) as found:
        assert found.testzip() is None
        names = found.namelist()
        manifest = json.loads(found.read("manifest.json"))
        for told in manifest["files"]:
            data = found.read(told["name"])
            assert (len(data), hashlib.sha256(data).hexdigest()) == (told["size"], told["sha256"])
        texts = [found.read(name) for name in names if name.endswith(".txt")]
    assert len(manifest["files"]) == 6
    assert names[-1] == "manifest.json"
    assert [name[:4] for name in names[:6]] == ["001_", "001_", "002_", "002_", "003_", "003_"]
    assert texts == TEXTS


def test_any_range_of_a_download_is_what_the_whole_has_there(offline: Served) -> None:
    export = finished(offline, made(offline, BATCH))
    whole = fetched(offline, export)
    tag, size = whole.headers["ETag"], export["size"]

    for start, end in ((0, 0), (5, 70_000), (size // 2, size - 1), (size - 30, size - 1)):
        part = fetched(offline, export, Range=f"bytes={start}-{end}", **{"If-Range": tag})
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {start}-{end}/{size}"
        assert part.headers["ETag"] == tag
        assert part.content == whole.content[start : end + 1]

    head = httpx.head(offline.address + export["download_url"], trust_env=False)
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, str(size), b"")
    assert fetched(offline, export, Range=f"bytes={size}-").status_code == 416
    assert fetched(offline, export, Range="bytes=0-5", **{"If-Range": '"another"'}).status_code == 200
    assert fetched(offline, export, **{"If-None-Match": tag}).status_code == 304
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert "private" in whole.headers["Cache-Control"]
    assert whole.headers["Referrer-Policy"] == "no-referrer"


def test_failed_items_come_as_a_report_and_their_originals(offline: Served) -> None:
    batch_id = made(offline, [BATCH[0], None])

    export = finished(offline, batch_id, include_failed=True)

    original = items_of(offline.container, batch_id)[1].file_id
    with archive(offline, export) as found:
        names = found.namelist()
        (row,) = csv.DictReader(io.StringIO(found.read("report.csv").decode("utf-8-sig")))
        readable = found.read("failed.txt").decode()
        (failed,) = [name for name in names if name.startswith("failed/")]
        kept = found.read(failed)
    assert failed.startswith("failed/002_")
    assert len(kept) == 32
    assert hashlib.sha256(kept).hexdigest() == offline.http.get(f"/files/{original}").json()["sha256"]
    assert (row["code"], row["status"]) == ("asked_for", "failed")
    assert "Ask for something else." in readable


def test_an_export_shows_how_it_stood_whatever_is_redone(offline: Served) -> None:
    batch_id = made(offline, BATCH[:1])
    export = finished(offline, batch_id)
    before = fetched(offline, export).content

    item = items_of(offline.container, batch_id)[0]
    assert offline.http.post(f"/batches/{batch_id}/items/{item.id}/redo").status_code == 200
    refused = offline.http.post(f"/batches/{batch_id}/exports", json={})
    end_with(offline, batch_id, [{"transcript.txt": b"done anew"}])
    after = finished(offline, batch_id)

    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "batch_not_ended"
    assert fetched(offline, export).content == before
    assert after["id"] != export["id"]
    with archive(offline, after) as found:
        assert found.read(found.namelist()[0]) == b"done anew"


def test_what_is_removed_while_it_is_packed_is_in_it_as_it_was_ordered(
    offline: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = made(offline, [BATCH[0], None])
    failed = items_of(offline.container, batch_id)[1]
    near, removed = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        near.set()
        assert removed.wait(20)

    monkeypatch.setattr("reelyard.core.exports.packing.reach", hold)
    export = ordered(offline, batch_id, include_failed=True)
    assert near.wait(20)
    under_way = looked_at(offline, export)
    gone = [
        offline.http.delete(f"/batches/{batch_id}/items/{failed.id}").status_code,
        offline.http.delete(f"/files/{failed.file_id}").status_code,
    ]
    offline.container.housekeeping.once()
    removed.set()
    wait_until(lambda: looked_at(offline, export)["status"] == "completed")

    assert (under_way["status"], under_way["download_url"]) == ("processing", None)
    assert gone == [204, 204]
    with archive(offline, looked_at(offline, export)) as found:
        assert found.testzip() is None
        manifest = json.loads(found.read("manifest.json"))
        assert len([name for name in found.namelist() if name.startswith("failed/002_")]) == 1
        for told in manifest["files"]:
            assert hashlib.sha256(found.read(told["name"])).hexdigest() == told["sha256"]


def test_the_same_order_gives_the_same_export_while_it_lasts(offline: Served) -> None:
    batch_id = made(offline, BATCH[:1])
    first = finished(offline, batch_id)

    again = ordered(offline, batch_id, format="zip")
    other = finished(offline, batch_id, use_original_filenames=False)
    history = offline.http.get(f"/batches/{batch_id}/exports").json()

    assert again["id"] == first["id"]
    assert again["download_url"] == first["download_url"]
    assert [one["id"] for one in history["data"]] == [other["id"], first["id"]]
    with archive(offline, other) as found:
        assert found.namelist()[:2] == ["001_recording.srt", "001_recording.txt"]


def test_a_playlist_leads_to_what_it_names_on_this_server_alone(offline: Served) -> None:
    export = finished(offline, made(offline, [{"transcript.txt": text} for text in TEXTS]), format="playlist")

    lines = fetched(offline, export).text.splitlines()

    links = [line for line in lines if not line.startswith("#")]
    address = offline.address + export["download_url"]
    assert lines[0] == "#EXTM3U"
    assert all(link.startswith("objects/") for link in links)
    assert [httpx.get(urljoin(address, link), trust_env=False).content for link in links] == TEXTS


def test_what_cannot_be_exported_is_refused_with_the_reason(offline: Served) -> None:
    none = made(offline, [None])
    running = offline.order(files=1, start=True)["id"]
    nothing_standing = made(offline, [{"notes.bin": b"x"}])
    batch_id = made(offline, BATCH[:1])

    def code(batch: str, **order: str) -> tuple[int, str, str | None]:
        answer = offline.http.post(f"/batches/{batch}/exports", json=order)
        error = answer.json()["error"]
        return answer.status_code, error["code"], (error.get("details") or {}).get("field")

    assert code(none) == (409, "nothing_to_export", None)
    assert code(running) == (409, "batch_not_ended", None)
    assert code(nothing_standing, format="playlist") == (409, "nothing_to_export", None)
    assert code(batch_id, format="rar")[0] == 422
    for pattern in ("{position", "{title}", "a/b", "..\\x", "{name!r}", "{position:03}", "{}", " "):
        assert code(batch_id, pattern=pattern) == (422, "invalid_input", "pattern"), pattern


def test_another_owners_export_is_not_found(offline: Served) -> None:
    export = finished(offline, made(offline, BATCH[:1]))
    path = f"/batches/{export['batch_id']}/exports"

    with offline.client_of(offline.stranger()) as stranger:
        answers = [
            stranger.get(path),
            stranger.post(path, json={}),
            stranger.get(f"{path}/preview"),
            stranger.get(f"{path}/{export['id']}"),
            stranger.post(f"{path}/{export['id']}/cancel"),
            stranger.delete(f"{path}/{export['id']}"),
        ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert looked_at(offline, export)["status"] == "completed"


def test_a_link_that_was_changed_is_refused(offline: Served) -> None:
    export = finished(offline, made(offline, BATCH[:1]))
    other = finished(offline, made(offline, BATCH[:2]))
    url = export["download_url"]

    for changed in (url.replace(export["id"], other["id"]), url[:-1] + ("A" if url[-1] != "A" else "B")):
        assert httpx.get(offline.address + changed, trust_env=False).status_code == 403


def test_the_link_ends_when_the_export_or_its_batch_is_removed(offline: Served) -> None:
    batch_id = made(offline, BATCH[:1])
    removed = finished(offline, batch_id)
    left = finished(offline, batch_id, format="playlist")
    (link,) = [line for line in fetched(offline, left).text.splitlines() if line.startswith("objects/")]
    address = urljoin(offline.address + left["download_url"], link)
    there = httpx.get(address, trust_env=False).status_code

    gone = offline.http.delete(f"/batches/{batch_id}/exports/{removed['id']}")
    history = offline.http.get(f"/batches/{batch_id}/exports").json()
    after_removal = fetched(offline, removed).status_code
    offline.http.delete(f"/batches/{batch_id}")

    assert gone.status_code == 204
    assert [one["id"] for one in history["data"]] == [left["id"]]
    assert after_removal == 404
    assert fetched(offline, left).status_code == 404
    assert (there, httpx.get(address, trust_env=False).status_code) == (200, 404)
    offline.container.housekeeping.once()
    with offline.container.db.read() as tx:
        assert tx.session.get_one(Export, left["id"]).status == "expired"


def test_an_export_expires_and_its_row_stays(offline: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    export = finished(offline, made(offline, BATCH[:1]), format="playlist")
    with offline.container.db.write() as tx:
        row = tx.session.get_one(Export, export["id"])
        key = row.blob_key or ""
        row.expires_at = tx.now
    told = looked_at(offline, export)

    offline.container.housekeeping.once()

    assert told["status"] == "expired"
    assert told["download_url"] is None
    assert looked_at(offline, export)["status"] == "expired"
    assert not offline.container.storage.exists(key)
    assert fetched(offline, export).status_code == 404
    assert finished(offline, export["batch_id"], format="playlist")["id"] != export["id"]


def test_it_lasts_for_a_day(offline: Served) -> None:
    export = finished(offline, made(offline, BATCH[:1]))

    lasts = datetime.fromisoformat(export["expires_at"]) - datetime.fromisoformat(export["completed_at"])

    assert lasts.total_seconds() == 24 * 3600


def test_a_file_that_is_gone_fails_the_export_and_is_named(offline: Served) -> None:
    batch_id = made(offline, BATCH[:2])
    for entry in offline.container.storage.list(f"work/{offline.owner}/"):
        if entry.key.endswith(".srt"):
            offline.container.storage.delete(entry.key)

    export = finished(offline, batch_id)

    assert export["status"] == "failed"
    assert export["error_code"] == "export_file_missing"
    assert "001_" in export["error_message"]
    assert export["download_url"] is None


def test_a_preview_tells_what_would_come(offline: Served) -> None:
    batch_id = made(offline, [*BATCH, None])

    zipped = offline.http.get(f"/batches/{batch_id}/exports/preview").json()
    failed = offline.http.get(
        f"/batches/{batch_id}/exports/preview", params={"include_failed": True, "batch_name_prefix": True}
    ).json()

    assert (zipped["items"], zipped["files"], zipped["not_completed"]) == (3, 6, 1)
    assert zipped["file_name"] == "a batch.zip"
    assert 0 < finished(offline, batch_id)["size"] - zipped["size"] < 4_000
    assert failed["files"] == 7
    assert all("a batch_00" in name for name in failed["names"])


def test_texts_become_one_text_by_a_worker(served: Served) -> None:
    batch_id = worked(served, ["alpha", "beta", "gamma"])

    export = finished(served, batch_id, format="merged")

    assert export["status"] == "completed", export
    assert export["file_name"] == "a batch.md"
    text = fetched(served, export).text
    assert text.index("alpha") < text.index("beta") < text.index("gamma")
    assert len(text.encode()) == export["size"]
    kinds = [
        event["kind"]
        for event in served.http.get("/events", params={"batch_id": batch_id}).json()["events"]
        if event["kind"].startswith("export.")
    ]
    assert kinds == ["export.ordered", "export.started", "export.completed"]
    assert broken(served.container.db, served.container.storage) == []


def test_what_an_export_holds_outlives_its_item_s_redo_and_the_janitor(served: Served) -> None:
    batch_id = worked(served, ["alpha"])
    export = finished(served, batch_id)
    before = fetched(served, export).content
    item = items_of(served.container, batch_id)[0]

    served.http.post(f"/batches/{batch_id}/items/{item.id}/redo", json={"settings": {"style": "new"}})
    wait_until(lambda: items_of(served.container, batch_id)[0].served_generation == 2)
    keys = [entry.key for entry in served.container.storage.list(f"work/{served.owner}/")]
    from reelyard.core.library.references import referred

    with served.container.db.read() as tx:
        kept = referred(tx, keys)
        old = [key for key in keys if key.endswith("out.txt")]

    assert set(old) <= kept
    assert GRACE.total_seconds() > 0
    assert fetched(served, export).content == before
