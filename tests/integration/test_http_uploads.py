"""Uploads over HTTP: announced, sent by signed parts or by form, refused one by one, gone on with after a cut."""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.support.engine import new_owner, wait_until
from tests.support.site import Site, site

from reelyard.core.batches.service import BatchOrder
from reelyard.core.library.service import PART_SIZE

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("data"), limits={"file_bytes": 100 * MIB}) as running:
        yield running


def announce(server: Site, *files: tuple[str, int | None], expected: int = 201) -> Any:
    order = {"files": [{"name": name, "size": size} for name, size in files]}
    return server.json("POST", "/api/v1/uploads", expected, json=order)


def stored_bytes(server: Site) -> int:
    root = server.container.settings.data
    return sum(path.stat().st_blocks * 512 for path in (root / "uploads").rglob("*") if path.is_file())


def new_batch(server: Site) -> str:
    from reelyard.core.accounts.models import LOCAL_OWNER

    with server.container.db.write() as tx:
        return server.container.batches.create(tx, LOCAL_OWNER, BatchOrder("a batch", "transcription")).id


def test_a_file_of_several_parts_arrives_whole(server: Site) -> None:
    data = os.urandom(2 * PART_SIZE + 12345)

    opened = announce(server, ("film.mp4", len(data)))["files"][0]
    upload = opened["upload"]
    assert upload["parts"] == 3
    assert len(opened["part_urls"]) == 3
    for link in reversed(opened["part_urls"]):
        piece = data[(link["number"] - 1) * PART_SIZE : link["number"] * PART_SIZE]
        part = server.json("PUT", link["url"], content=piece)
        assert part["sha256"] == hashlib.sha256(piece).hexdigest()
    file = server.json("POST", f"/api/v1/uploads/{upload['id']}/complete", 202)

    assert file["status"] == "verifying"
    key = f"originals/{'00000000-0000-4000-8000-000000000001'}/{file['id']}"
    assert server.container.storage.read_bytes(key) == data


def test_each_refusal_names_its_file_and_the_others_go_on(server: Site) -> None:
    told = announce(server, ("good.wav", 10), ("empty.wav", 0), ("huge.wav", 10**12), ("good2.wav", None))[
        "files"
    ]

    assert [one["error"] and one["error"]["code"] for one in told] == [
        None,
        "invalid_input",
        "too_large",
        None,
    ]
    assert "empty.wav" in told[1]["error"]["message"]
    assert told[3]["upload"]["parts"] == 1


def test_when_every_file_is_refused_nothing_is_created_and_each_reason_is_told(server: Site) -> None:
    before = server.json("GET", "/api/v1/files")["total"]

    answer = announce(server, ("a.wav", 0), ("b.wav", 10**12), expected=422)
    assert [one["name"] for one in answer["error"]["details"]["files"]] == ["a.wav", "b.wav"]
    announce(server, ("b.wav", 10**12), expected=413)

    assert server.json("GET", "/api/v1/files")["total"] == before


def test_a_file_announced_for_a_batch_is_an_item_of_it_at_once(server: Site) -> None:
    batch_id = new_batch(server)

    order = {"files": [{"name": "a.wav", "size": 4}], "batch_id": batch_id}
    opened = server.json("POST", "/api/v1/uploads", 201, json=order)["files"][0]
    server.json("PUT", opened["part_urls"][0]["url"], content=b"RIFF")

    batch = server.json("GET", f"/api/v1/batches/{batch_id}")
    assert opened["item_id"]
    assert batch["counts"]["uploading"] == 1
    order["batch_id"] = str(uuid.uuid4())
    server.json("POST", "/api/v1/uploads", 404, json=order)


def test_more_bytes_than_declared_are_cut_off_and_nothing_of_them_is_kept(server: Site) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(300):
            yield bytes(MIB)

    for headers in ({}, {"Content-Length": str(300 * MIB)}):
        opened = announce(server, ("small.bin", MIB))["files"][0]
        try:
            answer = server.client.put(opened["part_urls"][0]["url"], content=endless(), headers=headers)
            assert answer.status_code == 413
            assert answer.headers["connection"] == "close"
        except httpx.WriteError:
            pass  # the server closed while much was still on its way
        state = server.json("GET", f"/api/v1/uploads/{opened['upload']['id']}")
        assert state["received"] == []
        server.json("DELETE", f"/api/v1/uploads/{opened['upload']['id']}", 204)
    assert stored_bytes(server) < 64 * MIB


def test_a_part_that_is_short_damaged_or_unknown_is_refused_and_the_upload_goes_on(server: Site) -> None:
    opened = announce(server, ("a.bin", 1000))["files"][0]
    url, upload_id = opened["part_urls"][0]["url"], opened["upload"]["id"]

    server.json("PUT", url, 422, content=bytes(999))
    server.json("PUT", url, 422, content=bytes(1000), headers={"Content-SHA256": "0" * 64})
    server.json("PUT", url, 422, content=bytes(1000), headers={"Content-SHA256": "nonsense"})
    server.json("POST", f"/api/v1/uploads/{upload_id}/sign", 422, json={"parts": [2]})
    server.json("POST", f"/api/v1/uploads/{upload_id}/sign", 422, json={"parts": [10_001]})
    missing = server.json("POST", f"/api/v1/uploads/{upload_id}/complete", 409)
    assert missing["error"]["code"] == "upload_incomplete"
    assert missing["error"]["details"]["missing"] == [1]

    right = hashlib.sha256(bytes(1000)).hexdigest()
    server.json("PUT", url, content=bytes(1000), headers={"Content-SHA256": right})
    server.json("POST", f"/api/v1/uploads/{upload_id}/complete", 202)


def test_completing_again_or_at_once_from_several_sides_gives_the_same_answer(server: Site) -> None:
    opened = announce(server, ("a.bin", 10))["files"][0]
    server.json("PUT", opened["part_urls"][0]["url"], content=bytes(10))
    path = f"/api/v1/uploads/{opened['upload']['id']}/complete"
    answers: list[tuple[int, str]] = []

    def complete() -> None:
        answer = httpx.post(server.address + path)
        answers.append((answer.status_code, answer.json()["id"]))

    threads = [threading.Thread(target=complete) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers) == {(202, opened["file"]["id"])}
    late = server.json("PUT", opened["part_urls"][0]["url"], 409, content=bytes(10))
    assert late["error"]["code"] == "upload_closed"


def test_nobody_completes_signs_looks_at_or_aborts_the_upload_of_another(server: Site) -> None:
    upload_id = announce(server, ("a.bin", 10))["files"][0]["upload"]["id"]
    stranger = {"X-Owner": new_owner(server.container)}

    for method, path, body in (
        ("POST", "/complete", None),
        ("POST", "/sign", {"parts": [1]}),
        ("GET", "", None),
        ("DELETE", "", None),
    ):
        server.json(method, f"/api/v1/uploads/{upload_id}{path}", 404, json=body, headers=stranger)


def test_an_aborted_upload_takes_no_part_and_aborting_again_is_the_same(server: Site) -> None:
    opened = announce(server, ("a.bin", 10))["files"][0]
    path = f"/api/v1/uploads/{opened['upload']['id']}"

    server.json("DELETE", path, 204)
    server.json("DELETE", path, 204)

    server.json("PUT", opened["part_urls"][0]["url"], 409, content=bytes(10))
    server.json("POST", f"{path}/complete", 409)
    server.json("POST", f"{path}/sign", 409, json={"parts": [1]})


def test_a_part_cut_in_the_middle_is_sent_again_at_once(server: Site) -> None:
    data = os.urandom(4 * MIB)
    for ending in ("fin", "reset", "silence"):
        opened = announce(server, ("a.bin", len(data)))["files"][0]
        url = opened["part_urls"][0]["url"]
        cut = socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1])))
        head = f"PUT {url} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n"
        cut.sendall(head.encode() + data[: 2 * MIB])
        kept = server.container.settings.data / "uploads" / opened["upload"]["id"] / "data"
        wait_until(lambda path=kept: path.exists() and path.stat().st_size > 0)  # type: ignore[misc]
        if ending == "reset":
            cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        if ending != "silence":
            cut.close()

        answer = server.client.put(url, content=data, timeout=5)

        assert answer.json()["sha256"] == hashlib.sha256(data).hexdigest()
        file = server.json("POST", f"/api/v1/uploads/{opened['upload']['id']}/complete", 202)
        with server.container.db.read() as tx:
            from reelyard.core.library.models import LibraryFile

            key = tx.session.get_one(LibraryFile, file["id"]).blob_key
        assert key
        assert server.container.storage.read_bytes(key) == data
        cut.close()


NAMES = [
    "../../x", "..\\..\\x", "/abs", "C:\\x", "a\r\nb.wav", "\u202egpj.exe", "😀.wav", "e\u0301.wav", "é.wav",
    "x" * 300, "y" * 4096 + ".wav", "CON", ".", " ", "dot.", "-rf", "%00", 'a"b;c.wav',
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_data_and_comes_out_harmless(server: Site, name: str) -> None:
    file = server.upload(name, b"some text")

    with server.container.db.write() as tx:
        from reelyard.core.library.models import LibraryFile

        row = tx.session.get_one(LibraryFile, file["id"])
        row.status, row.mime = "ready", "text/plain"
    told = server.json("GET", f"/api/v1/files/{file['id']}")
    answer = server.client.get(told["download_url"])

    disposition = answer.headers["content-disposition"]
    assert answer.content == b"some text"
    assert disposition.startswith("attachment; filename=")
    assert "\r" not in disposition
    assert "\u202e" not in disposition
    assert "/" not in disposition
    path = server.container.settings.data / "objects" / "originals"
    assert {p.name for p in path.rglob("*") if p.is_file()} >= {file["id"]}


def test_a_name_with_nul_or_a_lone_surrogate_is_refused(server: Site) -> None:
    for raw in ('"a\\u0000b"', '"a\\ud800b"'):
        body = f'{{"files":[{{"name":{raw},"size":3}}]}}'
        server.json(
            "POST", "/api/v1/uploads", 400, content=body, headers={"Content-Type": "application/json"}
        )


def test_a_form_is_taken_under_any_field_names(server: Site) -> None:
    big = os.urandom(3 * MIB)
    batch_id = new_batch(server)
    form: list[tuple[str, Any]] = [
        ("files[]", ("a.wav", b"one")),
        ("whatever", ("b.wav", big)),
        ("note", (None, "not a file")),
    ]

    told = server.json("POST", f"/api/v1/files?batch_id={batch_id}", 201, files=form)["files"]

    assert [one["file"]["size"] for one in told] == [3, len(big)]
    assert all(one["item_id"] for one in told)
    assert server.json("GET", f"/api/v1/batches/{batch_id}")["counts"]["total"] == 2


def test_the_eleventh_file_of_a_form_is_refused_and_the_ten_are_kept(server: Site) -> None:
    told = server.json("POST", "/api/v1/files", 201, files=[("f", (f"{n}.wav", b"x")) for n in range(11)])[
        "files"
    ]

    assert [one["error"] is None for one in told] == [True] * 10 + [False]
    assert "10.wav" in told[10]["error"]["message"]


def test_a_form_that_is_none_or_broken_or_empty_is_refused(server: Site) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    server.json("POST", "/api/v1/files", 400, content=b"{}", headers={"Content-Type": "application/json"})
    server.json("POST", "/api/v1/files", 400, content=b"--b\r\nnonsense", headers=form)
    server.json("POST", "/api/v1/files", 400, content=b"--b\r\n\r\ncut", headers=form)
    server.json("POST", "/api/v1/files", 422, content=b"--b--\r\n", headers=form)
    server.json("POST", "/api/v1/files", 400, content=b"x", headers={"Content-Type": "multipart/form-data"})


def test_a_file_in_a_form_that_is_too_large_is_cut_off_and_leaves_nothing(
    server: Site, tmp_path: Path
) -> None:
    large = tmp_path / "large.wav"
    with large.open("wb") as sparse:
        sparse.truncate(101 * MIB)
    batch_id = new_batch(server)

    with large.open("rb") as body:
        answer = server.client.post(f"/api/v1/files?batch_id={batch_id}", files=[("f", ("large.wav", body))])

    assert answer.status_code == 413
    assert "large.wav" in answer.json()["error"]["message"]
    items = server.json("GET", f"/api/v1/batches/{batch_id}/items")["data"]
    assert [item["status"] for item in items] == ["failed"]
    assert stored_bytes(server) < 64 * MIB


def test_every_flipped_bit_of_a_part_link_is_refused(server: Site) -> None:
    opened = announce(server, ("a.bin", 10))["files"][0]
    url = opened["part_urls"][0]["url"]
    changed = [
        url[:n] + chr(ord(url[n]) ^ 1 << bit) + url[n + 1 :] for n in range(len(url)) for bit in range(7)
    ]

    tried = 0
    for target in changed[::5]:
        if not all(33 <= ord(c) < 127 and c != "#" for c in target) or not target.startswith(
            "/api/v1/content"
        ):
            continue
        connection = http.client.HTTPConnection(server.address.removeprefix("http://"))
        connection.request("PUT", target, b"0123456789")
        assert connection.getresponse().status in {403, 404}, target
        connection.close()
        tried += 1
    assert tried > 100
    assert server.json("GET", f"/api/v1/uploads/{opened['upload']['id']}")["received"] == []


def test_a_part_link_is_for_one_method_and_one_part_alone(server: Site) -> None:
    opened = announce(server, ("a.bin", 10), ("b.bin", 10))["files"]
    url, other = opened[0]["part_urls"][0]["url"], opened[1]["part_urls"][0]["url"]

    assert server.client.get(url).status_code == 405
    path, query = url.split("?")[0], other.split("?")[1]
    server.json("PUT", f"{path}?{query}", 403, content=bytes(10))
    server.json("PUT", path, 403, content=bytes(10))
