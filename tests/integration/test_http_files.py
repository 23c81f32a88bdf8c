"""The library over HTTP, and what signed links give: ranges, names, nothing that a browser would run."""

from __future__ import annotations

import http.client
import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.engine import Order, new_batch, new_owner, ready_files
from tests.support.site import Site, site

from reelyard.http.serving import disposition, wanted
from reelyard.http.signed import DOWNLOAD_LIFETIME, download_url
from reelyard.kit.clock import SystemClock
from reelyard.kit.file_names import safe_file_name
from reelyard.storage.signing_keys import rotate_key
from reelyard.testing.clock import ManualClock

CONTENT = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    clock = ManualClock(SystemClock().now())
    with site(tmp_path_factory.mktemp("data"), clock=clock) as running:
        yield running


@pytest.fixture
def owner(server: Site) -> str:
    return new_owner(server.container)


def a_file(server: Site, owner: str, content: str = "hello, world") -> Any:
    [file_id] = ready_files(server.container, owner, [content])
    return server.json("GET", f"/api/v1/files/{file_id}", headers={"X-Owner": owner})


def test_the_library_lists_searches_and_pages(server: Site, owner: str) -> None:
    ids = ready_files(server.container, owner, [f"content {n}" for n in range(5)])
    mine = {"X-Owner": owner}

    page = server.json("GET", "/api/v1/files?limit=2&offset=1", headers=mine)
    found = server.json("GET", "/api/v1/files?search=FILE-3&kind=audio&status=ready", headers=mine)
    none = server.json("GET", "/api/v1/files?kind=video", headers=mine)

    assert (page["total"], len(page["data"])) == (5, 2)
    assert [file["id"] for file in found["data"]] == [ids[3]]
    assert none["total"] == 0
    server.json("GET", "/api/v1/files?kind=nonsense", 422, headers=mine)
    assert server.json("GET", "/api/v1/files", headers={"X-Owner": new_owner(server.container)})["total"] == 0


def test_a_file_tells_what_was_found_in_it_and_where_it_is_used(server: Site, owner: str) -> None:
    file = a_file(server, owner)
    batch_id = new_batch(server.container, owner, [file["id"]], Order("transcription", start=False))
    mine = {"X-Owner": owner}

    told = server.json("GET", f"/api/v1/files/{file['id']}", headers=mine)

    assert told["info"]["audio"][0]["codec"] == "pcm_s16le"
    assert [batch["id"] for batch in told["batches"]] == [batch_id]
    assert told["thumbnail_url"] is None
    server.json("DELETE", f"/api/v1/files/{file['id']}", 409, headers=mine)
    server.json("GET", f"/api/v1/files/{file['id']}", 404)
    server.json("DELETE", f"/api/v1/files/{file['id']}", 404)


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        (None, 200, 0, 10240),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=10000-", 206, 10000, 10240),
        ("bytes=10000-99999999", 206, 10000, 10240),
        ("bytes=-5", 206, 10235, 10240),
        ("bytes=-99999", 200, 0, 10240),
        ("bytes=0-10239", 200, 0, 10240),
        ("bytes=5-4", 200, 0, 10240),
        ("bytes=-", 200, 0, 10240),
        ("bytes=a-b", 200, 0, 10240),
        ("items=0-5", 200, 0, 10240),
        ("bytes=0-1,3-4", 200, 0, 10240),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(1_000)), 200, 0, 10240),
        ("bytes=10240-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=999999999999-", 416, 0, 0),
    ],
)
def test_a_range_gives_those_bytes_and_abuse_gives_all_or_none(
    server: Site, asked: str | None, status: int, start: int, end: int
) -> None:
    owner = new_owner(server.container)
    key = f"originals/{owner}/x"
    url = ranged_url(server, owner, key)

    begun = time.process_time()
    answer = server.client.get(url, headers={"Range": asked} if asked else {})

    assert time.process_time() - begun < 0.5
    assert answer.status_code == status
    if status != 416:
        assert answer.content == CONTENT[start:end]
        assert answer.headers["content-length"] == str(end - start)
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/10240"
    if status == 416:
        assert answer.headers["content-range"] == "bytes */10240"


def ranged_url(server: Site, owner: str, key: str) -> str:
    """A link to CONTENT, as a file of the owner's."""
    from reelyard.core.library.models import LibraryFile

    [file_id] = ready_files(server.container, owner, ["x"])
    server.container.storage.put_bytes(key, CONTENT)
    with server.container.db.write() as tx:
        tx.session.get_one(LibraryFile, file_id).blob_key = key
    return download_url(server.container, owner, key, "x.wav", "audio/wav", inline=True)


def test_a_browser_that_has_it_is_not_sent_it_again(server: Site, owner: str) -> None:
    file = a_file(server, owner)
    first = server.client.get(file["content_url"])
    tag = first.headers["etag"]

    assert server.client.get(file["content_url"], headers={"If-None-Match": tag}).status_code == 304
    ranged = {"Range": "bytes=0-3", "If-Range": tag}
    assert server.client.get(file["content_url"], headers=ranged).content == b"hell"
    assert (
        server.client.get(file["content_url"], headers={**ranged, "If-Range": '"other"'}).status_code == 200
    )
    head = server.client.head(file["content_url"])
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "12")


def test_what_is_served_is_harmless_in_a_browser(server: Site, owner: str) -> None:
    file = a_file(server, owner)

    played = server.client.get(file["content_url"]).headers
    saved = server.client.get(file["download_url"]).headers

    for headers in (played, saved):
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"].startswith("private")
    assert played["content-disposition"].startswith("inline")
    assert saved["content-disposition"].startswith("attachment")
    for mime in ("text/html", "image/svg+xml", "application/xhtml+xml", "application/pdf", "text/xml"):
        url = download_url(server.container, owner, blob(server, file["id"]), "x", mime, inline=True)
        assert server.client.get(url).headers["content-disposition"].startswith("attachment")


def blob(server: Site, file_id: str) -> str:
    from reelyard.core.library.models import LibraryFile

    with server.container.db.read() as tx:
        return tx.session.get_one(LibraryFile, file_id).blob_key or ""


def test_a_link_ends_with_its_time_its_file_and_its_key(server: Site, owner: str) -> None:
    clock = server.container.clock
    assert isinstance(clock, ManualClock)
    file = a_file(server, owner)
    url = file["content_url"]
    assert server.client.get(url).status_code == 200

    clock.advance(DOWNLOAD_LIFETIME.total_seconds() + 1)
    assert server.client.get(url).status_code == 403

    fresh = server.json("GET", f"/api/v1/files/{file['id']}", headers={"X-Owner": owner})["content_url"]
    assert server.client.get(fresh).status_code == 200
    signer = server.container.signer
    for _ in range(2):
        server.container.signer = rotate_key(server.container.settings.data)
    assert server.client.get(fresh).status_code == 403
    server.container.signer = signer

    server.json("DELETE", f"/api/v1/files/{file['id']}", 204, headers={"X-Owner": owner})
    assert server.client.get(fresh).status_code == 404


def test_a_link_holds_for_its_user_thing_and_disposition_alone(server: Site, owner: str) -> None:
    url = a_file(server, owner)["content_url"]
    other = a_file(server, owner, "another")["content_url"]

    for forged in (
        url.replace("inline", "attachment"),
        re.sub(r"u=[^&]*", f"u={new_owner(server.container)}", url),
        re.sub(r"exp=\d+", "exp=9999999999", url),
        url.split("?")[0] + "?" + other.split("?")[1],
        url.split("?")[0],
        url + "&x=1",
        url.replace("/objects/", "/objects/./"),
        url.replace("/objects/", "/objects//"),
        url.replace("originals", "%6friginals"),
    ):
        connection = http.client.HTTPConnection(server.address.removeprefix("http://"))
        connection.request("GET", forged)  # as it stands: other clients put paths in order first
        assert connection.getresponse().status in {403, 404}, forged
        connection.close()
    assert server.client.put(url, content=b"x").status_code == 405


def test_links_stay_the_same_for_a_while_so_that_browsers_keep_what_they_gave(
    server: Site, owner: str
) -> None:
    clock = server.container.clock
    assert isinstance(clock, ManualClock)
    seconds = clock.now().timestamp()
    clock.advance(900 - seconds % 900)

    first = download_url(server.container, owner, "k", "x", "audio/wav")
    clock.advance(899)
    second = download_url(server.container, owner, "k", "x", "audio/wav")
    clock.advance(1)
    third = download_url(server.container, owner, "k", "x", "audio/wav")

    assert first == second
    assert first != third
    assert timedelta(minutes=100) < DOWNLOAD_LIFETIME


def test_a_large_download_is_whole_and_a_reader_who_leaves_costs_nothing(server: Site, owner: str) -> None:
    large = os.urandom(12 * 1024 * 1024 + 17)
    key = f"originals/{owner}/large"
    url = ranged_url(server, owner, key + "-small")
    server.container.storage.put_bytes(key, large)
    with server.container.db.write() as tx:
        from reelyard.core.library.models import LibraryFile

        file = server.container.library.page(tx, owner, _everything())[0][0]
        tx.session.get_one(LibraryFile, file.id).blob_key = key
    url = download_url(server.container, owner, key, "large.wav", "audio/wav")

    assert server.client.get(url).content == large
    for _ in range(5):
        with httpx.stream("GET", server.address + url) as answer:
            next(answer.iter_raw())
    assert server.client.get(url, headers={"Range": "bytes=5000000-"}).content == large[5_000_000:]
    assert open_files(key) == 0


def _everything() -> Any:
    from reelyard.core.library.repository import FileQuery

    return FileQuery()


def open_files(name: str) -> int:
    deadline = time.monotonic() + 5
    while True:
        number = sum(name in _target(entry) for entry in Path("/proc/self/fd").iterdir())
        if not number or time.monotonic() > deadline:
            return number
        time.sleep(0.02)


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return ""


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    safe = safe_file_name(name)

    assert 0 < len(safe.encode()) <= 255
    assert not re.search(r'[\x00-\x1f/\\:*?"<>|\u202e]', safe)
    assert safe not in {".", ".."}
    assert safe[-1] not in " ."
    assert safe_file_name(safe) == safe
    header = disposition(name, inline=False)
    assert header.isascii()
    assert "\n" not in header


@given(st.text(max_size=40), st.integers(0, 10**12))
def test_any_range_header_gives_bytes_that_exist(header: str, size: int) -> None:
    for asked in (header, f"bytes={header}"):
        stretch = wanted(asked, size)
        assert stretch is None or 0 <= stretch.start <= stretch.end <= size


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../x", "_.._x"), ("CON", "_CON"), ("con.txt", "_con.txt"), ("dot.", "dot"), (" ", "file"), (".", "file"),
        ("-rf", "rf"), ("a\r\nb", "a__b"), ("\u202egpj.exe", "gpj.exe"), ("e\u0301.wav", "é.wav"), ("😀.wav", "😀.wav"),
        ("C:\\x", "C__x"), ("y" * 4096 + ".wav", "y" * 251 + ".wav"), ("%00", "%00"),
    ],
)  # fmt: skip
def test_awkward_names_come_out_so(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe
