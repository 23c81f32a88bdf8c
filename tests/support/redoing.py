"""A file done again with something changed: which stages really run, as its user reads it over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.studio import runs_of
from tests.support.engine import wait_until
from tests.support.served import Served, as_owner, site

from reelyard.core.invariants import broken

Json = dict[str, Any]


@dataclass(frozen=True)
class Redoing:
    """One pipeline at a real server: the settings of its order, and all its stages with them, in turn."""

    server: Served
    pipeline: str
    settings: Json
    stages: tuple[str, ...]
    patience_s: float = 90.0

    def send(self, name: str, content: bytes) -> str:
        """Hand a file over; its id when it is verified."""
        order = {"files": [{"name": name, "size": len(content)}]}
        opened = self.server.http.post("/uploads", json=order).json()["files"][0]
        url = self.server.address + opened["part_urls"][0]["url"]
        self.server.http.put(url, content=content).raise_for_status()
        self.server.http.post(f"/uploads/{opened['upload']['id']}/complete")
        file_id: str = opened["file"]["id"]
        wait_until(lambda: self.server.http.get(f"/files/{file_id}").json()["status"] == "ready", 60)
        return file_id

    def done(self, file_id: str, **settings: Any) -> Json:
        """The file in a new batch; its item when it has ended."""
        order = {
            "name": "again",
            "pipeline": self.pipeline,
            "settings": {**self.settings, **settings},
            "file_ids": [file_id],
            "start": True,
        }
        batch = self.server.http.post("/batches", json=order)
        assert batch.status_code == 201, batch.text
        return self.ended(batch.json()["id"])

    def ended(self, batch_id: str) -> Json:
        """The item of a batch of one when it is completed."""

        def status() -> str:
            return str(self.server.http.get(f"/batches/{batch_id}").json()["status"])

        wait_until(lambda: status() in ("completed", "failed"), self.patience_s, 0.05)
        (row,) = self.server.http.get(f"/batches/{batch_id}/items").json()["data"]
        item: Json = self.server.http.get(f"/batches/{batch_id}/items/{row['id']}").json()
        assert item["status"] == "completed", item["error"]
        return item

    def redone(self, item: Json, **settings: Any) -> Json:
        """The item once more, with other settings of its own."""
        answer = self.server.http.post(f"{path_of(item)}/redo", json={"settings": settings})
        assert answer.status_code == 200, answer.text
        return self.ended(item["batch_id"])

    def fresh(self, item: Json) -> list[str]:
        """The stages that really ran for the newest generation."""
        of_it = runs_of(item, item["generation"])
        assert {how for _, how, _ in of_it} == {"done"}
        assert tuple(stage for stage, _, _ in of_it) == self.stages
        return [stage for stage, _, cached in of_it if not cached]

    def content(self, item: Json, role: str) -> bytes:
        """An output of the item."""
        (output,) = [one for one in item["outputs"] if one["role"] == role]
        return bytes(self.server.http.get(self.server.address + output["url"]).raise_for_status().content)

    def fetched(self, item: Json, role: str, folder: Path) -> Path:
        """The same, as a file."""
        path = folder / f"{item['generation']}-{role}"
        path.write_bytes(self.content(item, role))
        return path


@contextmanager
def redoing(folder: Path, pipeline: str, settings: Json, stages: tuple[str, ...]) -> Iterator[Redoing]:
    """A server over an empty folder for the length of the block, after which every invariant holds."""
    with site(folder) as running:
        served = as_owner(running)
        yield Redoing(served, pipeline, settings, stages)
        served.close()
        found = broken(running.container.db, running.container.storage)
        assert not found, "\n".join(map(str, found))


def path_of(item: Json) -> str:
    """Where the API has it."""
    return f"/batches/{item['batch_id']}/items/{item['id']}"
