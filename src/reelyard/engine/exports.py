"""The course of an export that a worker makes: one stage, its clips the outputs that were frozen with the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from reelyard.core.batches import repository as batches
from reelyard.core.batches.estimate import Kind, Size
from reelyard.core.batches.ledger import Failure
from reelyard.core.exports import repository
from reelyard.core.exports.models import LIVE, Export
from reelyard.core.exports.moves import Finished, Moves
from reelyard.core.runs.keys import attempt_prefix
from reelyard.core.runs.models import Artifact, RunStatus, StageRun, SubjectKind
from reelyard.db.session import Transaction
from reelyard.engine.messages import Attempt, Ending, Made, Outcome
from reelyard.kit.ids import NewId
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Stage

NOTE = "Joining"


@dataclass(frozen=True, slots=True)
class ExportCourseParts:
    """What the course stands on."""

    pipeline: Pipeline
    moves: Moves
    new_id: NewId
    kept: timedelta
    known: Callable[[Kind, Size], float | None]  # seconds that finished work of the same kind tells of


class ExportCourse:
    """Leads exports through the internal pipeline `exports`."""

    def __init__(self, parts: ExportCourseParts) -> None:
        self._parts = parts
        self.stage: Stage = parts.pipeline.stages[0]

    def waiting(self, tx: Transaction, per_owner: int) -> list[Export]:
        """Those that wait for a slot: a few of each owner's, the oldest first."""
        return repository.to_merge(tx, per_owner)

    def estimate(self, export: Export) -> float:
        """Seconds to charge for: learnt, or declared."""
        kind = Kind(self._parts.pipeline.name, self.stage.name, "")
        known = self._parts.known(kind, size_of(export))
        cost = self.stage.cost
        declared = (
            cost.fixed + cost.per_media_second * export.media_s + cost.per_megabyte * export.input_bytes / 1e6
        )
        return declared if known is None else known

    def begin(self, tx: Transaction, export: Export, estimate_s: float) -> tuple[StageRun, Attempt]:
        """Claim it under a new token: the row of its run, and all that a worker needs."""
        entries = repository.entries_of(tx, export.id)
        export.token += 1
        self._parts.moves.begin(tx, export, f"{NOTE} {len(entries)} files")
        run = StageRun(
            id=self._parts.new_id(), owner_id=export.owner_id, batch_id=None, subject_kind=SubjectKind.EXPORT,
            subject_id=export.id, pipeline=self._parts.pipeline.name, stage=self.stage.name, stage_index=0,
            generation=1, token=export.token, status=RunStatus.RUNNING, pool=self.stage.pool, estimate_s=estimate_s,
            cached=False, queued_at=export.created_at,
        )  # fmt: skip
        tx.session.add(run)
        clips = [
            {"title": entry.title, "duration_s": entry.duration_s, "role": entry.role} for entry in entries
        ]
        attempt = Attempt(
            key=f"{export.id}:{run.stage}:{run.token}", subject_kind=SubjectKind.EXPORT, subject_id=export.id,
            owner_id=export.owner_id, pipeline=run.pipeline, stage=run.stage, version=self.stage.version,
            token=run.token, prefix=attempt_prefix(export.owner_id, export.id, run.token, run.stage), input_key="",
            input_sha256=export.digest, input_name=export.file_name, media=None, settings={"clips": clips}, tools={},
            artifacts={clip_role(number): entry.blob_key for number, entry in enumerate(entries, start=1)},
        )  # fmt: skip
        return run, attempt

    def ended(self, tx: Transaction, run: StageRun, outcome: Outcome, *, counts: bool = True) -> bool:
        """The stage has ended, in whatever way; False when its token no longer stands. What does not count is begun anew."""
        known = tx.session.get_one(Export, run.subject_id)
        deleted = batches.engine_batch(tx, known.batch_id).deleted_at is not None
        export = repository.engine_export(tx, run.subject_id)
        if export is None or deleted or export.status not in LIVE or export.token != run.token:
            return False
        failure = Failure(outcome.code or "stage_failed", outcome.message or "It failed.", outcome.hint)
        if outcome.ending in (Ending.DONE, Ending.SKIPPED):
            self._done(tx, export, run, outcome)
        elif outcome.ending is Ending.REJECTED:
            self._parts.moves.fail(tx, export, failure)
        else:
            counts = counts and outcome.ending in (Ending.RETRY, Ending.LOST)
            self._parts.moves.again(tx, export, failure, counts=counts)
        return True

    def _done(self, tx: Transaction, export: Export, run: StageRun, outcome: Outcome) -> None:
        run.facts, run.warnings = dict(outcome.facts), list(outcome.warnings)
        if not outcome.made:
            self._parts.moves.fail(tx, export, Failure("stage_failed", "Nothing was made."))
            return
        for made in outcome.made:
            tx.session.add(self._artifact(tx, export, run, made))
        whole = outcome.made[0]
        stem, extension = export.file_name.rpartition(".")[0], whole.role.rpartition(".")[2]
        export.warnings = [*(export.warnings or []), *outcome.warnings] or None
        export.media_s = _seconds(outcome.facts.get("duration_s"), export.media_s)
        finished = Finished(
            whole.size, f"{stem}.{extension}", tx.now + self._parts.kept, whole.blob_key, whole.sha256
        )
        self._parts.moves.complete(tx, export, finished)

    def _artifact(self, tx: Transaction, export: Export, run: StageRun, made: Made) -> Artifact:
        return Artifact(
            id=self._parts.new_id(), owner_id=export.owner_id, subject_kind=SubjectKind.EXPORT, subject_id=export.id,
            generation=1, run_id=run.id, stage=run.stage, role=made.role, is_output=True, revision=0,
            blob_key=made.blob_key, size=made.size, sha256=made.sha256, crc32=made.crc32, created_at=tx.now,
        )  # fmt: skip


def clip_role(number: int) -> str:
    """The role under which the worker finds the clip of that number, from 1."""
    return f"clip-{number:04}"


def size_of(export: Export) -> Size:
    return Size(export.media_s or None, export.input_bytes)


def _seconds(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise
