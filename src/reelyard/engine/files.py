"""The course of a library file: verified first, then its picture and its level curve, all on the light worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reelyard.core.batches.ledger import Failure
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.core.library.service import LibraryService, Original
from reelyard.core.runs.keys import attempt_prefix
from reelyard.core.runs.models import Artifact, RunStatus, StageRun, SubjectKind
from reelyard.db.session import Transaction
from reelyard.engine.messages import Attempt, Ending, Outcome
from reelyard.kit.ids import NewId
from reelyard.media.info import MediaInfo
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Stage

MAX_TRIES = 3


@dataclass(frozen=True, slots=True)
class FileStep:
    """The next stage of a file."""

    stage: Stage
    index: int


class FileCourse:
    """Leads files through the stages of the internal pipeline `library`."""

    def __init__(self, pipeline: Pipeline, library: LibraryService, new_id: NewId) -> None:
        self._pipeline = pipeline
        self._library = library
        self._new_id = new_id

    def step(self, file: LibraryFile) -> FileStep | None:
        """What the file does next; None when it has done all."""
        stages = self._pipeline.stages
        return (
            FileStep(stages[file.stage_index], file.stage_index) if file.stage_index < len(stages) else None
        )

    def new_run(self, tx: Transaction, file: LibraryFile, step: FileStep, status: RunStatus) -> StageRun:
        """A row for the step, added to the transaction; a submitted one gets a new token."""
        if status is RunStatus.RUNNING:
            file.token += 1
        run = StageRun(
            id=self._new_id(), owner_id=file.owner_id, batch_id=None, subject_kind=SubjectKind.FILE, subject_id=file.id,
            pipeline=self._pipeline.name, stage=step.stage.name, stage_index=step.index, generation=1,
            token=file.token if status is RunStatus.RUNNING else -file.token - 1, status=status, pool=step.stage.pool,
            estimate_s=step.stage.cost.seconds(None, file.size or 0), cached=False, queued_at=tx.now,
        )  # fmt: skip
        tx.session.add(run)
        return run

    def attempt(self, file: LibraryFile, run: StageRun) -> Attempt:
        """All that a worker needs for the run."""
        return Attempt(
            key=f"{file.id}:{run.stage}:{run.token}",
            subject_kind=SubjectKind.FILE,
            subject_id=file.id,
            owner_id=file.owner_id,
            pipeline=self._pipeline.name,
            stage=run.stage,
            version=self._pipeline.stage(run.stage).version,
            token=run.token,
            prefix=attempt_prefix(file.owner_id, file.id, run.token, run.stage),
            input_key=file.blob_key or "",
            input_sha256=file.sha256,
            input_name=file.name,
            media=file.info,
            settings={},
            tools={},
        )

    def ended(self, tx: Transaction, run: StageRun, outcome: Outcome, *, counts: bool = True) -> None:
        """A stage of a file has ended, in whatever way; what does not count is done again as if never begun."""
        file = tx.session.get_one(LibraryFile, run.subject_id)
        if file.token != run.token or file.deleted_at is not None:
            return
        if outcome.ending in (Ending.DONE, Ending.SKIPPED):
            self._done(tx, file, run, outcome)
        elif outcome.ending is Ending.REJECTED or (counts and file.retry_count >= MAX_TRIES):
            self._given_up(tx, file, outcome)
        else:
            file.retry_count += counts and outcome.ending in (Ending.RETRY, Ending.LOST)
            self._queue(tx, file)

    def _done(self, tx: Transaction, file: LibraryFile, run: StageRun, outcome: Outcome) -> None:
        run.facts, run.warnings = dict(outcome.facts), list(outcome.warnings)
        if file.status == FileStatus.VERIFYING:
            self._library.verified(tx, file, _original(outcome.facts))
        for made in outcome.made:
            tx.session.add(
                Artifact(
                    id=self._new_id(), owner_id=file.owner_id, subject_kind=SubjectKind.FILE, subject_id=file.id,
                    generation=1, run_id=run.id, stage=run.stage, role=made.role, is_output=True, revision=run.token,
                    blob_key=made.blob_key, size=made.size, sha256=made.sha256, crc32=made.crc32, created_at=tx.now,
                )
            )  # fmt: skip
        self._next(tx, file)

    def _given_up(self, tx: Transaction, file: LibraryFile, outcome: Outcome) -> None:
        """An unreadable file is refused; one without a picture is as good as any."""
        if file.status == FileStatus.VERIFYING:
            failure = Failure(
                outcome.code or "invalid_media", outcome.message or "The file cannot be read.", outcome.hint
            )
            self._library.refused(tx, file, failure)
        else:
            self._next(tx, file)

    def _next(self, tx: Transaction, file: LibraryFile) -> None:
        file.stage_index += 1
        file.retry_count = 0
        if self.step(file) is not None:
            self._queue(tx, file)

    def _queue(self, tx: Transaction, file: LibraryFile) -> None:
        step = self.step(file)
        if step is not None:
            self.new_run(tx, file, step, RunStatus.QUEUED)


def _original(facts: Mapping[str, Any]) -> Original:
    return Original(facts["sha256"], facts["crc32"], facts["size"], MediaInfo.from_json(facts["info"]))
