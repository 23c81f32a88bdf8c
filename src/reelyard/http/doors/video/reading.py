"""What the door's routes and its stream read from the core, in the door's types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reelyard.bootstrap import Container
from reelyard.core.batches import repository
from reelyard.core.batches.models import Batch, Item
from reelyard.core.batches.repository import ItemQuery
from reelyard.core.batches.views import batch_view, item_view
from reelyard.core.library import repository as library
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.db.session import Transaction
from reelyard.http.doors.video import schemas, translate
from reelyard.http.doors.video.translate import Links
from reelyard.http.named import batch_of, id_of
from reelyard.http.outputs import handed
from reelyard.http.signed import download_url, whole_url
from reelyard.pipeline.pipeline import Pipeline

THUMBNAIL = "thumbnail.jpg"


def find(tx: Transaction, owner_id: str, job_id: str) -> Batch:
    """The owner's batch of films, whichever client made it; raises NotFound, for malformed ids too."""
    return batch_of(tx, owner_id, job_id, translate.PIPELINE)


def video_ids(given: Iterable[str]) -> list[str]:
    """Ids of library files as they are kept; raises NotFound for one that is none."""
    return [id_of(one, "file") for one in given]


def job(services: Container, tx: Transaction, batch: Batch) -> schemas.BatchJobResponse:
    tx.session.flush()
    return translate.job(batch_view(tx, batch, services.board), batch.owner_id)


def details(services: Container, tx: Transaction, batch: Batch, host: str) -> schemas.BatchJobDetails:
    """The batch with all of its videos; links begin with `host`."""
    known = job(services, tx, batch)
    return schemas.BatchJobDetails(**known.model_dump(), videos=videos(services, tx, batch, host))


def videos(services: Container, tx: Transaction, batch: Batch, host: str) -> list[schemas.BatchVideoResponse]:
    rows, _ = repository.list_items(tx, batch, ItemQuery(limit=max(1, batch.total)))
    pipeline = services.registry.get(batch.pipeline)
    linking = _linking(services, tx, batch, [file.id for _, file in rows], host)
    return [
        translate.video(item_view(item, file, services.board), pipeline, linking.of(item, file))
        for item, file in rows
    ]


def upload_urls(services: Container, tx: Transaction, batch: Batch, host: str) -> list[str]:
    """The links for videos that have not come, in order."""
    rows, _ = repository.list_items(tx, batch, ItemQuery(limit=max(1, batch.total)))
    linking = _linking(services, tx, batch, (), host)
    links = (linking.of(item, file).upload for item, file in rows)
    return [link for link in links if link is not None]


def _linking(
    services: Container, tx: Transaction, batch: Batch, file_ids: Iterable[str], host: str
) -> _Linking:
    return _Linking(
        services,
        host,
        services.registry.get(batch.pipeline),
        runs.outputs_in_batch(tx, batch.id),
        library.made_of(tx, list(file_ids)),
        {file_id: upload.id for file_id, upload in library.awaited_for(tx, batch.id).items()},
    )


@dataclass(frozen=True, slots=True)
class _Linking:
    """What the links of a batch's videos are made from, read at once. They are absolute: this front end expects them so."""

    services: Container
    host: str
    pipeline: Pipeline
    outputs: Mapping[str, Mapping[str, str]]  # blob keys by item and role
    made: Mapping[str, Mapping[str, str]]  # blob keys by file and role
    awaited: Mapping[str, str]  # uploads by file

    def of(self, item: Item, file: LibraryFile) -> Links:
        return Links(self._output(item, file), self._thumbnail(file), self._upload(item, file))

    def _output(self, item: Item, file: LibraryFile) -> str | None:
        outputs = self.outputs.get(item.id, {})
        role = next((role for role in self.pipeline.primary if role in outputs), None)
        if role is None:
            return None
        return self.host + handed(self.services, item.owner_id, outputs[role], role, file.name).url

    def _thumbnail(self, file: LibraryFile) -> str | None:
        key = self.made.get(file.id, {}).get(THUMBNAIL)
        if key is None:
            return None
        link = download_url(self.services, file.owner_id, key, THUMBNAIL, "image/jpeg", inline=True)
        return self.host + link

    def _upload(self, item: Item, file: LibraryFile) -> str | None:
        upload_id = self.awaited.get(file.id)
        if upload_id is None:
            return None
        return self.host + whole_url(self.services, item.owner_id, upload_id)
