"""What batches have spent on paid servers: granted before an attempt, settled when it has told what it took."""

from __future__ import annotations

from sqlalchemy import func, select

from reelyard.core.runs.models import RunStatus, Spending, StageRun
from reelyard.db.session import Transaction


def charged(tx: Transaction, batch_id: str) -> float:
    """What a batch has spent, with all that was granted to attempts which have not told."""
    taken = func.sum(func.coalesce(Spending.spent, Spending.granted))
    return float(tx.session.scalar(select(taken).where(Spending.batch_id == batch_id)) or 0.0)


def grant(tx: Transaction, run: StageRun, amount: float) -> None:
    """Set `amount` aside for a run of an item's stage."""
    tx.session.add(
        Spending(run_id=run.id, owner_id=run.owner_id, batch_id=run.batch_id, granted=amount, at=tx.now)
    )
    tx.session.flush()  # the next grant of this transaction counts it


def held(tx: Transaction, batch_id: str) -> float:
    """What is granted to attempts of the batch that are at work: some of it may come back."""
    at_work = (
        select(func.sum(Spending.granted))
        .join(StageRun, StageRun.id == Spending.run_id)
        .where(Spending.batch_id == batch_id, Spending.spent.is_(None), StageRun.status == RunStatus.RUNNING)
    )
    return float(tx.session.scalar(at_work) or 0.0)


def settle_spending(tx: Transaction, run_id: str, spent: float) -> None:
    """The run has told what it took; nothing happens for one that was granted nothing."""
    granted = tx.session.get(Spending, run_id)
    if granted is not None:
        granted.spent = spent
