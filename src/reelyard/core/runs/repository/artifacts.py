"""What stages made and users wrote, which of it is served, and what is let go."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, delete, func, select

from reelyard.core.batches.lifecycle import ItemStatus
from reelyard.core.batches.models import Batch, Item
from reelyard.core.library.models import LibraryFile
from reelyard.core.runs.models import Artifact, SubjectKind
from reelyard.db.session import Transaction
from reelyard.errors import NotFound


def artifacts_of(tx: Transaction, subject_id: str, generation: int) -> Sequence[Artifact]:
    """The artifacts of one generation, every revision, oldest revision first."""
    query = (
        select(Artifact)
        .where(Artifact.subject_id == subject_id, Artifact.generation == generation)
        .order_by(Artifact.role, Artifact.revision)
    )
    return tx.session.scalars(query).all()


def newest(artifacts: Sequence[Artifact]) -> dict[str, Artifact]:
    """The newest revision by role."""
    return {artifact.role: artifact for artifact in artifacts}


def drop_older(tx: Transaction, subject_id: str, generation: int) -> None:
    """Forget what earlier generations made, but for what their user wrote: that is never lost."""
    tx.session.execute(
        delete(Artifact)
        .where(
            Artifact.subject_id == subject_id, Artifact.generation < generation, Artifact.run_id.is_not(None)
        )
        .execution_options(synchronize_session=False)
    )


def drop_roles(tx: Transaction, subject_id: str, roles: Collection[str]) -> None:
    """Forget artifacts that were needed on the way only; the blobs go when nothing refers to them any more."""
    tx.session.execute(
        delete(Artifact)
        .where(Artifact.subject_id == subject_id, Artifact.role.in_(roles))
        .execution_options(synchronize_session=False)
    )


def hide_roles(tx: Transaction, subject_id: str, generation: int, roles: Collection[str]) -> None:
    """Make outputs inner things: something made later stands for them."""
    tx.session.flush()
    for artifact in artifacts_of(tx, subject_id, generation):
        if artifact.role in roles:
            artifact.is_output = False


def drop_partial(tx: Transaction, batch_id: str) -> None:
    """Forget what cancelled items had made so far; what was completed before stays."""
    cancelled = select(Item.id).where(Item.batch_id == batch_id, Item.status == ItemStatus.CANCELLED)
    served = select(Item.served_generation).where(Item.id == Artifact.subject_id).scalar_subquery()
    tx.session.execute(
        delete(Artifact)
        .where(Artifact.subject_id.in_(cancelled), func.coalesce(served, 0) != Artifact.generation)
        .execution_options(synchronize_session=False)
    )


def edits_of(tx: Transaction, subject_id: str, made: Artifact) -> Sequence[Artifact]:
    """The revisions that a user made of an equal artifact in an earlier generation, oldest first.

    Where several generations have some (one that failed has copies), those of the generation edited last.
    """
    equal = select(Artifact.generation).where(
        Artifact.subject_id == subject_id,
        Artifact.role == made.role,
        Artifact.revision == 0,
        Artifact.sha256 == made.sha256,
        Artifact.generation < made.generation,
    )
    edits = select(Artifact).where(
        Artifact.subject_id == subject_id,
        Artifact.role == made.role,
        Artifact.revision > 0,
        Artifact.run_id.is_(None),
    )
    newest = (
        edits.with_only_columns(Artifact.generation)
        .where(Artifact.generation.in_(equal))
        .order_by(Artifact.created_at.desc(), Artifact.generation.desc())
        .limit(1)
        .scalar_subquery()
    )
    return tx.session.scalars(edits.where(Artifact.generation == newest).order_by(Artifact.revision)).all()


def served_artifact(tx: Transaction, owner_id: str, artifact_id: str) -> tuple[Artifact, LibraryFile]:
    """An output that may be fetched, and the original it was made from.

    Raises NotFound for another's, for one of a deleted batch or file, and for what is not served (any more).
    """
    artifact = tx.session.get(Artifact, artifact_id)
    if artifact is not None and artifact.owner_id == owner_id and artifact.is_output:
        query = (
            select(LibraryFile)
            .join(Item, Item.file_id == LibraryFile.id)
            .join(Batch, Batch.id == Item.batch_id)
            .where(
                Item.id == artifact.subject_id,
                Item.served_generation == artifact.generation,
                Batch.deleted_at.is_(None),
            )
        )
        if artifact.subject_kind == SubjectKind.FILE:
            query = select(LibraryFile).where(
                LibraryFile.id == artifact.subject_id, LibraryFile.deleted_at.is_(None)
            )
        file = tx.session.scalars(query).one_or_none()
        if file is not None:
            return artifact, file
    raise NotFound(
        "There is no such output.",
        hint="Ask for the item again: it may have been done anew.",
        noun="artifact",
    )


def outputs_in_batch(tx: Transaction, batch_id: str) -> dict[str, dict[str, str]]:
    """Where the newest revisions of served outputs lie: blob keys by item and role."""
    query = (
        select(Artifact.subject_id, Artifact.role, Artifact.blob_key)
        .join(Item, and_(Item.id == Artifact.subject_id, Item.served_generation == Artifact.generation))
        .where(Item.batch_id == batch_id, Artifact.is_output.is_(True))
        .order_by(Artifact.role, Artifact.revision)
    )
    found: dict[str, dict[str, str]] = {}
    for item_id, role, key in tx.session.execute(query):
        found.setdefault(item_id, {})[role] = key
    return found
