"""Another owner's things are not found: on every route of the API that takes an id, found in its OpenAPI description."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.support.exports import finished
from tests.support.outputs import add_edit, complete_with_transcript
from tests.support.served import API, Json, Served, as_owner

from reelyard.http.server import Running

BY_LINK = f"{API}/content/"  # the signed link is the permission, whoever has it
OTHERS = {"form": "edl"}  # what stands in paths and is no id
NOBODYS = {"voice_id"}  # the same for all
VERBS = ("get", "post", "put", "patch", "delete")


class Description:
    """The OpenAPI description: which operations take ids, and bodies that fit."""

    def __init__(self, document: Json) -> None:
        self.document = document

    def operations(self) -> Iterator[tuple[str, str, Json, list[str]]]:
        """Verb, path, operation and the names of its ids."""
        for path, verbs in self.document["paths"].items():
            if not path.startswith(API) or path.startswith(BY_LINK):
                continue
            for verb in VERBS:
                if verb in verbs:
                    ids = [
                        each["name"]
                        for each in verbs[verb].get("parameters", [])
                        if each["in"] in ("path", "query")
                        and each["name"].endswith("_id")
                        and each["name"] not in NOBODYS
                    ]
                    if ids:
                        yield verb, path, verbs[verb], ids

    def body(self, operation: Json) -> Any:
        """The least JSON that fits the operation's body; None when it takes none."""
        content = operation.get("requestBody", {}).get("content", {})
        return self._example(content["application/json"]["schema"]) if "application/json" in content else None

    def _example(self, schema: Json) -> Any:
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if "anyOf" in schema:
            return self._example(schema["anyOf"][0])
        match schema.get("type"):
            case "object":
                return {
                    name: self._example(schema["properties"][name]) for name in schema.get("required", [])
                }
            case "array":
                return [self._example(schema["items"]) for _ in range(schema.get("minItems", 0))]
            case "string":
                return (
                    str(uuid.uuid4()) if schema.get("format") == "uuid" else schema.get("enum", ["text"])[0]
                )
            case "number" | "integer":
                return int(schema.get("minimum", 1))
        return False


@pytest.fixture
def victim(offline_site: Running) -> Iterator[tuple[Served, dict[str, str]]]:
    """An owner with one of everything, and the ids."""
    owner = as_owner(offline_site)
    batch = owner.order(files=2, start=True)
    ids = complete_with_transcript(owner, batch["id"])
    add_edit(owner, ids["item_id"])
    owner.end_one(batch["id"], "failed")
    ids["export_id"] = finished(owner, batch["id"])["id"]
    opened = owner.http.post("/uploads", json={"files": [{"name": "talk.mp3", "size": 100}]}).json()
    ids["upload_id"] = opened["files"][0]["upload"]["id"]
    yield owner, ids
    owner.close()


def ask(http: httpx.Client, verb: str, path: str, ids: dict[str, str], body: Any) -> httpx.Response:
    asked = {name: value for name, value in ids.items() if "{" + name + "}" not in path}
    path = re.sub(r"\{(\w+)\}", lambda match: ids.get(match[1], OTHERS.get(match[1], "1")), path)
    return http.request(verb.upper(), path.removeprefix(API), params=asked, json=body)


def told(answer: httpx.Response) -> Any:
    return answer.json()["error"]


def test_every_route_answers_anothers_ids_as_it_answers_ids_of_nothing(
    offline: Served, victim: tuple[Served, dict[str, str]]
) -> None:
    owner, ids = victim
    before = owner.http.get("/events", params={"since": 0, "limit": 500}).json()
    description = Description(offline.http.get("/openapi.json").json())
    asked = 0

    for verb, path, operation, names in description.operations():
        body = description.body(operation)
        assert set(names) <= set(ids), f"this test has no {set(names) - set(ids)} to try {verb} {path} with"
        theirs = ask(offline.http, verb, path, {name: ids[name] for name in names}, body)
        nothing = ask(offline.http, verb, path, {name: str(uuid.uuid4()) for name in names}, body)

        if "requestBody" in operation and "application/json" not in operation["requestBody"]["content"]:
            assert theirs.status_code == nothing.status_code, (verb, path)
            assert theirs.status_code >= 400
        else:
            assert theirs.status_code == nothing.status_code == 404, (verb, path, theirs.text, nothing.text)
            assert told(theirs) == told(nothing), (verb, path)
        asked += 1

    assert asked >= 25
    assert owner.http.get("/events", params={"since": 0, "limit": 500}).json() == before


def test_their_owner_finds_all_of_them(victim: tuple[Served, dict[str, str]]) -> None:
    owner, ids = victim
    description = Description(owner.http.get("/openapi.json").json())

    for verb, path, _, names in description.operations():
        if verb == "get" and "stream" not in path:
            answer = ask(owner.http, verb, path, {name: ids[name] for name in names}, None)
            assert answer.status_code == 200 or "revisions" in path, (path, answer.text)


def test_lists_and_searches_and_the_yard_hold_nothing_of_anothers(
    offline: Served, victim: tuple[Served, dict[str, str]]
) -> None:
    owner, ids = victim
    name = owner.http.get(f"/files/{ids['file_id']}").json()["name"]

    seen = [
        offline.http.get("/batches").json(),
        offline.http.get("/batches", params={"search": "batch", "sort": "-progress"}).json(),
        offline.http.get("/files").json(),
        offline.http.get("/files", params={"search": name}).json(),
        offline.http.get("/events", params={"since": 0}).json(),
        offline.http.get("/engine").json(),
    ]

    for answer in seen:
        text = str(answer)
        assert name not in text
        assert not [value for value in ids.values() if value in text]
    assert [answer["total"] for answer in seen[:4]] == [0, 0, 0, 0]


def test_ids_cannot_be_smuggled_into_ones_own_batch(
    offline: Served, victim: tuple[Served, dict[str, str]]
) -> None:
    _, ids = victim
    mine = offline.order(files=1)["id"]

    refused = [
        offline.http.get(f"/batches/{mine}/items/{ids['item_id']}"),
        offline.http.delete(f"/batches/{mine}/items/{ids['item_id']}"),
        offline.http.post(f"/batches/{mine}/items", json={"file_ids": [ids["file_id"]]}),
        offline.http.post(f"/batches/{mine}/items/remove", json={"item_ids": [ids["item_id"]]}),
        offline.http.post(f"/batches/{mine}/items/reorder", json={"item_ids": [ids["item_id"]]}),
        offline.http.post(
            "/batches", json={"name": "a", "pipeline": "transcription", "file_ids": [ids["file_id"]]}
        ),
        offline.http.post(
            "/uploads", json={"files": [{"name": "a.mp3", "size": 1}], "batch_id": ids["batch_id"]}
        ),
    ]

    assert [answer.status_code for answer in refused] == [404] * len(refused), [
        answer.text for answer in refused
    ]


@pytest.mark.parametrize(
    "field", ["owner_id", "user_id", "tier", "status", "retry_count", "deleted_at", "id", "summary", "total"]
)
def test_what_is_not_ones_to_set_is_refused(offline: Served, field: str) -> None:
    batch = offline.order(files=1)

    changed = offline.http.patch(f"/batches/{batch['id']}", json={field: None})
    retried = offline.http.post(f"/batches/{batch['id']}/retry", json={field: None})

    assert (changed.status_code, retried.status_code) == (422, 422)
    assert offline.http.get(f"/batches/{batch['id']}").json() == {**batch, "seq": batch["seq"] + 2}
