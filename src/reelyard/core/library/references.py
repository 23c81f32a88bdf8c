"""What of the stored things is still needed: their keys tell where to ask."""

from __future__ import annotations

from collections.abc import Collection

from reelyard.core.library import repository
from reelyard.core.library.uploads import original_key
from reelyard.db.session import Transaction

SUM = ".sum"  # beside a part: its hash


def referred(tx: Transaction, keys: Collection[str]) -> set[str]:
    """Those of `keys` that something in the database still needs."""
    blobs = {key.removesuffix(SUM) if key.startswith("parts/") else key for key in keys}
    needed = repository.named(tx, blobs) | _arriving(tx, blobs) | _under_way(tx, blobs)
    return {key for key in keys if key in needed or (key.endswith(SUM) and key.removesuffix(SUM) in needed)}


def _arriving(tx: Transaction, keys: Collection[str]) -> set[str]:
    """Originals that are sealed but not yet written down: their upload is still open."""
    ids = {key.rsplit("/", 1)[-1] for key in keys if key.startswith("originals/")}
    if not ids:
        return set()
    return {original_key(file) for file in repository.arriving(tx, ids)}


def _under_way(tx: Transaction, keys: Collection[str]) -> set[str]:
    """What attempts stored whose result was not taken in yet: keys are work/owner/subject/token-stage/…"""
    subjects = {key: key.split("/")[2] for key in keys if key.startswith("work/") and key.count("/") > 2}
    if not subjects:
        return set()
    busy = repository.busy_subjects(tx, set(subjects.values()))
    return {key for key, subject in subjects.items() if subject in busy}
