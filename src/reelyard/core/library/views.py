"""What lists show beside a file's own row."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from reelyard.core.runs.models import Artifact, SubjectKind
from reelyard.db.session import Transaction


def made_of(tx: Transaction, file_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """What was made of library files (thumbnail.jpg, levels.json): blob keys by file and role, the newest."""
    query = (
        select(Artifact.subject_id, Artifact.role, Artifact.blob_key)
        .where(Artifact.subject_kind == SubjectKind.FILE, Artifact.subject_id.in_(file_ids))
        .order_by(Artifact.revision)
    )
    made: dict[str, dict[str, str]] = {}
    for file_id, role, key in tx.session.execute(query):
        made.setdefault(file_id, {})[role] = key
    return made
