"""Whole files by one PUT each: complete when it ends, sent again when it broke off, the same answer twice."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from tests.support.engine import wait_until
from tests.support.site import Site, site

from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.core.library.service import NewFile
from reelyard.http.signed import part_url, whole_url
from reelyard.storage.signing import Grant
from reelyard.testing.media import MediaMaker

LIMIT = 3 * 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("data"), limits={"file_bytes": LIMIT}) as running:
        yield running


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return MediaMaker(tmp_path_factory.mktemp("tone")).tone().read_bytes()


def slot(server: Site) -> tuple[str, str, str]:
    """A file that is to come: its id, its upload's, and the link."""
    with server.container.db.write() as tx:
        file, upload = server.container.library.announce(tx, LOCAL_OWNER, NewFile("a film.mp4"))
        return file.id, upload.id, whole_url(server.container, LOCAL_OWNER, upload.id)


def status(server: Site, file_id: str) -> str:
    return str(server.json("GET", f"/api/v1/files/{file_id}")["status"])


def test_a_whole_file_is_complete_when_its_put_ends(server: Site, tone: bytes) -> None:
    file_id, _, url = slot(server)

    answer = server.client.put(url, content=tone)

    assert answer.status_code == 200, answer.text
    assert answer.json()["sha256"] == hashlib.sha256(tone).hexdigest()
    assert answer.headers["etag"] == f'"{answer.json()["sha256"]}"'
    wait_until(lambda: status(server, file_id) == "verifying")


def test_the_same_file_sent_again_gets_the_same_answer_and_another_is_refused(
    server: Site, tone: bytes
) -> None:
    file_id, _, url = slot(server)
    first = server.client.put(url, content=tone)

    at_once = server.client.put(url, content=tone)
    wait_until(lambda: status(server, file_id) == "verifying")
    later = server.client.put(url, content=tone)
    another = server.client.put(url, content=tone[:-1] + b"!")
    longer = server.client.put(url, content=tone + b"!")

    assert first.json() == at_once.json() == later.json()
    assert (another.status_code, longer.status_code) == (409, 409)
    assert another.json()["error"]["code"] == "upload_closed"


def test_what_broke_off_is_sent_again_from_the_beginning(server: Site, tone: bytes) -> None:
    file_id, upload_id, url = slot(server)
    address = urlsplit(server.address)
    with socket.create_connection((address.hostname or "", address.port or 0)) as line:
        head = f"PUT {url} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(tone)}\r\n\r\n"
        line.sendall(head.encode() + tone[:1000])
        wait_until((server.container.settings.data / "uploads" / upload_id).exists)
    assert status(server, file_id) == "receiving"

    answer = server.client.put(url, content=tone)

    assert answer.status_code == 200
    wait_until(lambda: status(server, file_id) == "verifying")


def test_an_empty_file_and_one_that_is_too_large_are_refused_and_another_may_come(
    server: Site, tone: bytes
) -> None:
    _, _, url = slot(server)

    empty = server.client.put(url, content=b"")
    declared = server.client.put(url, content=os.urandom(LIMIT + 1))
    streamed = server.client.put(url, content=iter([os.urandom(LIMIT), b"x"]))

    assert (empty.status_code, empty.json()["error"]["code"]) == (422, "invalid_input")
    assert [answer.status_code for answer in (declared, streamed)] == [413, 413]
    assert server.client.put(url, content=tone).status_code == 200


def test_a_link_for_a_whole_file_is_none_for_a_part_and_ends_after_a_quarter_of_an_hour(
    server: Site, tone: bytes
) -> None:
    _, upload_id, url = slot(server)
    late = Grant(method="PUT", path=urlsplit(url).path, user=LOCAL_OWNER, subject=upload_id)
    ago = server.container.clock.now() - timedelta(minutes=16)
    old = server.container.signer.sign(late, now=ago, lifetime=timedelta(minutes=15))
    part = part_url(server.container, LOCAL_OWNER, upload_id, 1)

    told = [
        server.client.put(link, content=tone)
        for link in (
            old,
            url + "x",
            url.replace("/whole/", "/uploads/"),
            part.replace("/uploads/", "/whole/"),
        )
    ]

    assert {answer.status_code for answer in told} <= {403, 404}
    assert "expired" in told[0].json()["error"]["message"]
