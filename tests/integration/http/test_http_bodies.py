"""Bodies that are no JSON, or too much of it: a quick refusal, never a fault, and nothing comes of them."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest
from tests.support.served import Served

MIB = 1024 * 1024
JSON = {"Content-Type": "application/json"}
ORDER = b'{"name": "a", "pipeline": "transcription", %s}'
BODIES = {
    "deep lists": b"[" * 10_000 + b"]" * 10_000,
    "deep and unclosed": b"[" * 500_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep settings": ORDER % (b'"settings": ' + b'{"a":' * 40 + b"1" + b"}" * 40),
    "double keys": ORDER % b'"name": "b"',
    "NaN": ORDER % b'"priority": NaN',
    "infinity": ORDER % b'"priority": -Infinity',
    "a number that is infinite": ORDER % b'"priority": 1e400',
    "a number of 4,000 digits": ORDER % (b'"priority": 1' + b"0" * 4000),
    "a number of 100,000 digits": ORDER % (b'"priority": 1' + b"0" * 100_000),
    "a lone surrogate": ORDER % b'"description": "\\ud800"',
    "a lone surrogate as a key": ORDER % b'"settings": {"\\udfff": 1}',
    "NUL": ORDER % b'"description": "\\u0000"',
    "not UTF-8": ORDER % b'"description": "\xff\xfe"',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "a byte-order mark": b'\xef\xbb\xbf{"name": "a", "pipeline": "transcription"}',
    "nothing": b"",
    "half": b'{"name": "a", ',
    "a trailing comma": b'{"name": "a", "pipeline": "transcription",}',
    "two values": b'{"name": "a", "pipeline": "transcription"} {}',
    "a number": b"5",
    "null": b"null",
    "a list": b"[]",
}


def refused(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, answer.text
    body = answer.json()
    assert set(body) == {"error", "request_id"}
    assert set(body["error"]) == {"code", "message", "hint", "details"}
    assert "Traceback" not in answer.text
    assert len(answer.content) < 10_000


@pytest.mark.parametrize("name", BODIES)
def test_malformed_json_is_refused_quickly(offline: Served, name: str) -> None:
    begun = time.perf_counter()
    answer = offline.http.post("/batches", content=BODIES[name], headers=JSON)
    took = time.perf_counter() - begun

    refused(answer, 400, 422)
    assert took < 1.0  # 0.1 on an idle machine
    assert offline.http.get("/batches").json()["total"] == 0


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "image/png", ""]
)
def test_a_body_of_another_kind_is_refused(offline: Served, kind: str) -> None:
    body = b'{"name": "a", "pipeline": "transcription"}'

    answer = offline.http.post("/batches", content=body, headers={"Content-Type": kind})

    refused(answer, 400, 415, 422)
    assert offline.http.get("/batches").json()["total"] == 0


def test_a_compressed_body_is_refused_unread(offline: Served) -> None:
    bomb = gzip.compress(b'{"name": "' + b"a" * 50 * MIB + b'"}')

    answer = offline.http.post("/batches", content=bomb, headers={**JSON, "Content-Encoding": "gzip"})

    refused(answer, 415)


@pytest.mark.parametrize("declared", [True, False])
def test_fifty_megabytes_are_refused_without_being_kept(offline: Served, declared: bool) -> None:
    memory = psutil.Process().memory_info().rss

    def chunks() -> Iterator[bytes]:
        for _ in range(50):
            yield b" " * MIB

    headers = {**JSON, "Content-Length": str(50 * MIB)} if declared else JSON
    answer = offline.http.post("/batches", content=chunks(), headers=headers)

    refused(answer, 413)
    assert psutil.Process().memory_info().rss - memory < 50 * MIB


def test_a_body_of_one_mebibyte_is_read_and_one_byte_more_is_not(offline: Served) -> None:
    def sized(size: int) -> bytes:
        body = json.dumps({"name": "a", "pipeline": "transcription", "description": ""}).encode()
        return body[:-2] + b"x" * (size - len(body)) + body[-2:]

    fits = offline.http.post("/batches", content=sized(MIB), headers=JSON)
    over = offline.http.post("/batches", content=sized(MIB + 1), headers=JSON)

    refused(fits, 422)  # a description of a million characters
    refused(over, 413)


def test_addresses_and_methods_that_are_none_answer_in_the_same_shape(offline: Served) -> None:
    refused(offline.http.get("/nothing"), 404)
    refused(offline.http.put("/batches"), 405)
    refused(offline.http.get("/batches/not-an-id"), 404)
    refused(offline.http.get("/batches/%00"), 404)
    refused(offline.http.get("/batches/" + "x" * 5000), 404)


def test_every_answer_forbids_sniffing_and_framing(offline: Served) -> None:
    for answer in (offline.http.get("/batches"), offline.http.get("/nothing")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Request-Id"]
        assert "server" not in answer.headers


def test_a_fault_answers_with_its_request_id_and_nothing_else(
    offline: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(offline.container.batches, "create", broken)

    answer = offline.http.post("/batches", json={"name": "a", "pipeline": "transcription"})

    refused(answer, 500)
    assert "secret" not in answer.text
    assert answer.json()["error"]["code"] == "internal_error"
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
