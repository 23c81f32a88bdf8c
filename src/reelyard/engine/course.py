"""The course of an item through its stages: what is next, what it needs, what follows from an ending.

Works inside the dispatcher's transaction; decides nothing about slots and turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from reelyard.core.batches import backoff, progress
from reelyard.core.batches import repository as batches
from reelyard.core.batches.ledger import Failure, Ledger
from reelyard.core.batches.lifecycle import ItemEvent, ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs import repository as runs
from reelyard.core.runs.keys import attempt_prefix
from reelyard.core.runs.models import Artifact, RunStatus, StageRun, SubjectKind
from reelyard.core.texts.service import ROLE, TextService
from reelyard.db.session import Transaction
from reelyard.engine.cache import Source, cache_key
from reelyard.engine.estimates import Estimates
from reelyard.engine.messages import Attempt, Ending, Made, Outcome
from reelyard.kit.ids import NewId
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.registry import Registry
from reelyard.pipeline.stage import Inventory, Pool, Stage


@dataclass(frozen=True, slots=True)
class Plan:
    """What an item goes through."""

    pipeline: Pipeline
    stages: Sequence[Stage]
    settings: Any  # validated
    values: Mapping[str, Any]  # the same, as they are kept


@dataclass(frozen=True, slots=True)
class Step:
    """The next stage of an item, with all that it needs resolved."""

    pipeline: Pipeline
    stage: Stage
    index: int
    settings: Mapping[str, Any]
    tools: Mapping[str, Any]
    artifacts: Mapping[str, Artifact]
    cache_key: str | None  # None: it makes nothing that would be worth keeping

    @property
    def pool(self) -> Pool:
        return Pool.GPU if self.tools.get("device") == "cuda" else self.stage.pool


@dataclass(frozen=True, slots=True)
class CourseParts:
    """What the course stands on."""

    registry: Registry
    ledger: Ledger
    texts: TextService
    new_id: NewId
    schedule: backoff.Schedule
    random: backoff.Random
    inventory: Callable[[str], Inventory]
    estimates: Estimates


class Course:
    """Leads items from stage to stage."""

    def __init__(self, parts: CourseParts) -> None:
        self._parts = parts
        self._ledger = parts.ledger

    def inventory(self, pipeline: str) -> Inventory:
        """What the workers have for a pipeline."""
        return self._parts.inventory(pipeline)

    def plan(self, tx: Transaction, batch: Batch, item: Item) -> Plan:
        """The stages of an item under its settings; worked out once a transaction for those that share a batch's."""
        if item.settings is not None:
            return self._plan(batch, item)
        plans: dict[str, Plan] = tx.notes.setdefault("plans", {})
        if batch.id not in plans:
            plans[batch.id] = self._plan(batch, item)
        return plans[batch.id]

    def _plan(self, batch: Batch, item: Item) -> Plan:
        pipeline = self._parts.registry.get(batch.pipeline)
        values = item.settings if item.settings is not None else batch.settings
        settings = pipeline.validate(values)
        return Plan(pipeline, pipeline.plan(settings), settings, values)

    def fits(self, tx: Transaction, batch: Batch, item: Item) -> bool:
        """Whether the stages that the item has behind it are those that its plan begins with."""
        planned = [stage.name for stage in self.plan(tx, batch, item).stages[: item.stage_index]]
        return planned == runs.done_stages(tx, item.id, item.generation)

    def step(self, tx: Transaction, batch: Batch, item: Item, file: LibraryFile) -> Step | None:
        """What the item does next; None when it has done all."""
        plan = self.plan(tx, batch, item)
        if item.stage_index >= len(plan.stages):
            return None
        stage, pipeline = plan.stages[item.stage_index], plan.pipeline
        tools = dict(stage.tools(plan.settings, self._parts.inventory(pipeline.name)))
        artifacts = runs.newest(runs.artifacts_of(tx, item.id, item.generation)) if stage.uses else {}
        used = {role: artifacts[role] for role in stage.uses if role in artifacts}
        hashes = {role: artifact.sha256 for role, artifact in used.items()}
        if len(used) < len(stage.uses):
            gone = runs.hashes_of_gone(tx, item.id, item.generation)
            hashes |= {role: gone[role] for role in stage.uses if role in gone and role not in used}
        source = Source(file.sha256 or "", file.name)
        key = cache_key(stage, plan.settings, tools, source, hashes) if stage.makes else None
        return Step(pipeline, stage, item.stage_index, plan.values, tools, used, key)

    def new_run(
        self, tx: Transaction, item: Item, step: Step, status: RunStatus, estimate_s: float
    ) -> StageRun:
        """A row for the step, added to the transaction."""
        run = StageRun(
            id=self._parts.new_id(), owner_id=item.owner_id, batch_id=item.batch_id, subject_kind=SubjectKind.ITEM,
            subject_id=item.id, pipeline=step.pipeline.name, stage=step.stage.name, stage_index=step.index,
            generation=item.generation, token=item.token if status != RunStatus.QUEUED else -item.token - 1,
            status=status, pool=step.pool, estimate_s=estimate_s, tools=dict(step.tools), cache_key=step.cache_key,
            cached=False, queued_at=tx.now,
        )  # fmt: skip
        tx.session.add(run)
        return run

    def attempt(self, tx: Transaction, item: Item, file: LibraryFile, run: StageRun, step: Step) -> Attempt:
        """All that a worker needs for the run, but for its share of the machine."""
        facts = runs.done_facts(tx, item.id, item.generation) if step.index else {}
        return Attempt(
            key=f"{item.id}:{run.stage}:{run.token}",
            subject_kind=SubjectKind.ITEM,
            subject_id=item.id,
            owner_id=item.owner_id,
            pipeline=step.pipeline.name,
            stage=step.stage.name,
            version=step.stage.version,
            token=run.token,
            prefix=attempt_prefix(item.owner_id, item.id, run.token, run.stage),
            input_key=file.blob_key or "",
            input_sha256=file.sha256,
            input_name=file.name,
            media=file.info,
            settings=step.settings,
            tools=step.tools,
            artifacts={role: artifact.blob_key for role, artifact in step.artifacts.items()},
            earlier=self._earlier(tx, item, step.stage),
            facts=facts,
            allowance=self._allowance(tx, item, run, step, facts),
        )

    @staticmethod
    def _earlier(tx: Transaction, item: Item, stage: Stage) -> dict[str, str]:
        """What the stage made in the generation that is served still, for a redo to keep what is right of it."""
        if not stage.renews or item.served_generation in (None, item.generation):
            return {}
        made = runs.artifacts_of(tx, item.id, item.served_generation or 0)
        return {one.role: one.blob_key for one in made if one.role in stage.renews and one.revision == 0}

    def _allowance(
        self, tx: Transaction, item: Item, run: StageRun, step: Step, facts: Mapping[str, Any]
    ) -> float | None:
        """What the attempt may cost, set aside; what other attempts of the batch may still cost is not free."""
        if not step.stage.may_cost:  # most do not, and each of them comes by here
            return None
        settings = step.pipeline.validate(step.settings)
        most = step.stage.price(settings, self._parts.inventory(step.pipeline.name), facts)
        limit = step.pipeline.spending_limit(settings)
        if most <= 0:
            return None if limit is None else 0.0
        if limit is not None:
            most = min(most, max(0.0, limit - runs.charged(tx, item.batch_id)))
        tx.session.flush()
        runs.grant(tx, run, most)
        return most if limit is not None else None

    def take_from_cache(self, tx: Transaction, batch: Batch, item: Item, step: Step) -> bool:
        """Use what equal work gave before; False when there is nothing."""
        if step.cache_key is None:
            return False
        known = runs.remembered(tx, item.owner_id, step.cache_key)
        if known is None or (known.is_hollow and not self._is_needless(tx, batch, item, step, known)):
            return False
        run = self.new_run(tx, item, step, RunStatus.DONE, 0.0)
        run.cached, run.started_at, run.ended_at = True, tx.now, tx.now
        run.facts, run.warnings = known.run.facts, known.run.warnings
        made = [Made(b.role, b.blob_key, b.size, b.sha256, b.crc32) for b in known.blobs if b.blob_key]
        self._go_on(tx, batch, item, run, step.stage, made)
        return True

    def _is_needless(
        self, tx: Transaction, batch: Batch, item: Item, step: Step, known: runs.Remembered
    ) -> bool:
        """Whether all that would be made of files that are gone is remembered, too, so that nobody misses them.

        Each later stage's key is worked out from the hashes of what those before it gave.
        """
        plan = self.plan(tx, batch, item)
        inventory = self._parts.inventory(plan.pipeline.name)
        file = tx.session.get_one(LibraryFile, item.file_id)
        source = Source(file.sha256 or "", file.name)
        there = runs.newest(runs.artifacts_of(tx, item.id, item.generation))
        hashes = {role: artifact.sha256 for role, artifact in there.items()}
        hashes |= {blob.role: blob.sha256 for blob in known.blobs}
        missing = {blob.role for blob in known.blobs if not blob.blob_key}
        unknown: set[str] = set()
        for stage in plan.stages[step.index + 1 :]:
            needs_it = bool(missing.intersection(stage.uses))
            made = None
            if not unknown.intersection(stage.uses):
                used = {role: hashes[role] for role in stage.uses if role in hashes}
                tools = dict(stage.tools(plan.settings, inventory))
                made = runs.remembered(
                    tx, item.owner_id, cache_key(stage, plan.settings, tools, source, used)
                )
            if made is None:
                if needs_it:
                    return False
                unknown.update(stage.makes)
                continue
            hashes |= {blob.role: blob.sha256 for blob in made.blobs}
            missing |= {blob.role for blob in made.blobs if not blob.blob_key}
        return True

    def done(self, tx: Transaction, batch: Batch, item: Item, run: StageRun, outcome: Outcome) -> None:
        """The stage has given its result."""
        pipeline = self._parts.registry.get(run.pipeline)
        run.facts, run.warnings = dict(outcome.facts), list(outcome.warnings)
        artifacts = self._go_on(tx, batch, item, run, pipeline.stage(run.stage), outcome.made)
        if not outcome.degraded and outcome.ending is Ending.DONE:  # what was skipped was not made
            runs.remember(tx, run, artifacts)

    def keep_log(self, tx: Transaction, item: Item, run: StageRun, outcome: Outcome) -> None:
        """What the tools of a failed attempt said, to be read beside its error."""
        for made in outcome.made:
            tx.session.add(
                Artifact(
                    id=self._parts.new_id(), owner_id=item.owner_id, subject_kind=SubjectKind.ITEM, subject_id=item.id,
                    generation=item.generation, run_id=run.id, stage=run.stage, role=made.role, is_output=False,
                    revision=run.token, blob_key=made.blob_key, size=made.size, sha256=made.sha256, crc32=made.crc32,
                    created_at=tx.now,
                )
            )  # fmt: skip

    def failed(self, tx: Transaction, batch: Batch, item: Item, failure: Failure) -> None:
        """The stage refused its input for good."""
        self._ledger.move_item(tx, batch, item, ItemEvent.ERR_FINAL, failure=failure, will_retry=False)
        self._ledger.settle(tx, batch)

    def try_again(self, tx: Transaction, batch: Batch, item: Item, failure: Failure) -> None:
        """A passing fault: later, while retries are left."""
        will_retry = item.retry_count < item.max_retries
        retry_in = backoff.delay_s(self._parts.schedule, item.retry_count + 1, self._parts.random)
        not_before = tx.now + timedelta(seconds=retry_in)
        told = {"will_retry": will_retry, **({"not_before": not_before.isoformat()} if will_retry else {})}
        move = self._ledger.move_item(tx, batch, item, ItemEvent.ERR_RETRYABLE, failure=failure, **told)
        if move.to is ItemStatus.PENDING:
            item.not_before = not_before
        self._ledger.settle(tx, batch)

    def lost(self, tx: Transaction, batch: Batch, item: Item, failure: Failure) -> None:
        """Its worker died under it: it goes back at once, while retries are left."""
        will_retry = item.retry_count < item.max_retries
        self._ledger.move_item(tx, batch, item, ItemEvent.LEASE_LOST, failure=failure, will_retry=will_retry)
        self._ledger.settle(tx, batch)

    def put_back(self, tx: Transaction, batch: Batch, item: Item) -> None:
        """It was interrupted through no fault of its own: nothing is counted."""
        self._ledger.move_item(tx, batch, item, ItemEvent.DRAIN)

    def requeue(
        self, tx: Transaction, batch: Batch, item: Item, file: LibraryFile, estimate_s: float
    ) -> None:
        """It made room at a part: its stage waits for a slot again."""
        self._ledger.move_item(tx, batch, item, ItemEvent.YIELD)
        step = self.step(tx, batch, item, file)
        if step is not None:
            self.new_run(tx, item, step, RunStatus.QUEUED, estimate_s)

    def _go_on(
        self, tx: Transaction, batch: Batch, item: Item, run: StageRun, stage: Stage, made: Sequence[Made]
    ) -> list[Artifact]:
        """Keep what was made, then queue the next stage or complete the item."""
        artifacts = [self._artifact(tx, item, run, stage, one) for one in made]
        tx.session.add_all(artifacts)
        if made and stage.hides:
            runs.hide_roles(tx, item.id, item.generation, stage.hides)
        if item.generation > 1:
            self._carry_edits(tx, artifacts)
        item.warnings = list(dict.fromkeys((*(item.warnings or ()), *(run.warnings or ())))) or None
        item.result = {**(item.result or {}), run.stage: run.facts}
        item.stage_index = run.stage_index + 1
        plan = self.plan(tx, batch, item).stages
        done = progress.item_progress([each.share for each in plan], item.stage_index)
        item.progress = max(item.progress, min(progress.ALMOST, done))
        if item.stage_index < len(plan):
            self._queue_next(tx, batch, item)
        else:
            self.complete(tx, batch, item)
        return artifacts

    def _queue_next(self, tx: Transaction, batch: Batch, item: Item) -> None:
        file = tx.session.get_one(LibraryFile, item.file_id)
        tx.session.flush()
        step = self.step(tx, batch, item, file)
        assert step is not None  # noqa: S101 - the plan has one more
        item.stage = step.stage.name
        if not self.take_from_cache(tx, batch, item, step):
            estimate = self._parts.estimates.of_stage(step.pipeline.name, step.stage, file)
            self.new_run(tx, item, step, RunStatus.QUEUED, estimate)
            self._ledger.tell_item(tx, batch, item, "item.stage")

    def complete(self, tx: Transaction, batch: Batch, item: Item) -> None:
        """All stages are done: the outputs of this generation are served from now on."""
        self._ledger.move_item(tx, batch, item, ItemEvent.OK, warnings=item.warnings or [])
        plan = self.plan(tx, batch, item).stages
        transient = [role for stage in plan for role in stage.transient]
        has_text = any(ROLE in stage.makes for stage in plan)
        if item.generation > 1 or transient or has_text:
            tx.session.flush()  # not for every item: a tick's changes to one row are written once
        if item.generation > 1:
            runs.drop_older(tx, item.id, item.generation)
        if transient:
            runs.drop_roles(tx, item.id, transient)
        if has_text:
            self._parts.texts.item_completed(tx, item)
        self._ledger.settle(tx, batch)

    def _carry_edits(self, tx: Transaction, artifacts: Sequence[Artifact]) -> None:
        """What its user corrected in an equal artifact before stands for this generation too, for later stages as well."""
        tx.session.flush()
        for made in artifacts:
            for edit in runs.edits_of(tx, made.subject_id, made):
                tx.session.add(
                    Artifact(
                        id=self._parts.new_id(), owner_id=edit.owner_id, subject_kind=edit.subject_kind,
                        subject_id=edit.subject_id, generation=made.generation, run_id=None, stage=edit.stage,
                        role=edit.role, is_output=edit.is_output, revision=edit.revision, blob_key=edit.blob_key,
                        size=edit.size, sha256=edit.sha256, crc32=edit.crc32, created_at=edit.created_at,
                    )
                )  # fmt: skip

    def _artifact(self, tx: Transaction, item: Item, run: StageRun, stage: Stage, made: Made) -> Artifact:
        return Artifact(
            id=self._parts.new_id(), owner_id=item.owner_id, subject_kind=SubjectKind.ITEM, subject_id=item.id,
            generation=item.generation, run_id=run.id, stage=stage.name, role=made.role,
            is_output=made.role in stage.outputs, revision=0, blob_key=made.blob_key, size=made.size,
            sha256=made.sha256, crc32=made.crc32, created_at=tx.now,
        )  # fmt: skip


def locked(tx: Transaction, item_id: str, token: int) -> tuple[Batch, Item] | None:
    """The item and its batch, if the item is still at work under `token`; None when the caller is stale."""
    item = tx.session.get(Item, item_id)
    if item is None:
        return None
    batch = batches.engine_batch(tx, item.batch_id)
    if not tx.is_sqlite:  # its state may have been read before its batch was locked
        batches.lock_items(tx, (item_id,))
    if item.status != ItemStatus.PROCESSING or item.token != token:
        return None
    return batch, item
