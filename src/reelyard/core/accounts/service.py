"""Owners: in one-user mode there is one, and it is always there."""

from __future__ import annotations

from reelyard.core.accounts.models import LOCAL_OWNER, Owner
from reelyard.db.session import Database


def ensure_local_owner(db: Database) -> str:
    """Make the one user of one-user mode unless it is there; returns its id."""
    return ensure_owner(db, LOCAL_OWNER, "local")


def ensure_owner(db: Database, owner_id: str, name: str, tier: str = "local") -> str:
    """Make an owner unless there is one of that id; returns the id."""
    with db.write() as tx:
        if tx.session.get(Owner, owner_id) is None:
            tx.session.add(Owner(id=owner_id, name=name, tier=tier, event_seq=0, created_at=tx.now))
    return owner_id
