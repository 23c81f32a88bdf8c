"""Who is next: given who waits, what runs and where there is room, which stage goes to which worker.

Pure and deterministic: equal values give equal picks, in whatever order they are handed over.

Between owners: deficit round robin over estimated seconds of work, one account per pool and owner, weighted
by tier. An account may be overdrawn by one stage: whoever owes least, for his weight, is next, and pays when
he is picked. So a newcomer's first stage, however long, waits for no round to fill up. When all who can be
picked owe something, all debts of the pool shrink by the same share; nobody's account rises above zero that
way, so resting earns no credit, and a newcomer begins level with the best.

Within an owner: later stages of items already begun, then priority, then the order of batches and of items
in them. Nobody passes a limit of his batch, owner or installation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from reelyard.pipeline.stage import Pool

EVERYONE = ""  # the account that pools have among themselves


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stage that could begin now.

    `admitted`: it takes no place under the limits, since its item has one already (a later stage), or since
    it is not an item's (verification, an export).
    """

    id: str
    owner: str
    batch: str
    pool: Pool
    order: tuple[float, int]  # of the batch among its owner's (earlier is smaller), position in it
    estimated_s: float
    priority: int = 5  # 0 to 10, higher goes first
    weight: float = 1.0  # of the owner's tier: twice the weight, twice the share
    admitted: bool = False
    needs: frozenset[str] = frozenset()  # what the worker must have: tools, models
    memory_mb: int = 0


@dataclass(frozen=True, slots=True)
class Running:
    """How many items are being worked on."""

    batches: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, int] = field(default_factory=dict)
    machine: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """How many items may be worked on at once; what is not named has no limit."""

    batches: Mapping[str, int] = field(default_factory=dict)
    owners: Mapping[str, int] = field(default_factory=dict)
    machine: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Room on a worker in one pool, 0 when it is busy. A worker's free memory is one for all its pools."""

    worker: str
    pool: Pool
    free: int
    memory_mb: int
    has: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Yard:
    """What is there: work under way, limits, room."""

    running: Running = field(default_factory=Running)
    limits: Limits = field(default_factory=Limits)
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Seconds of work owed (below zero) or paid too much (above), and the weight they are divided by."""

    balance_s: float = 0.0
    weight: float = 1.0

    @property
    def level(self) -> float:
        return self.balance_s / self.weight


Deficits: TypeAlias = Mapping[tuple[Pool, str], Account]


@dataclass(frozen=True, slots=True)
class Pick:
    candidate: Candidate
    worker: str


def pick(candidates: Iterable[Candidate], yard: Yard, deficits: Deficits) -> tuple[list[Pick], Deficits]:
    """The stages to begin now, in order, and the accounts after paying for them.

    As long as a slot is free, nobody waits who may have it. After a sort, each candidate is looked at once.
    """
    queues = _queues(candidates)
    ledger = _Ledger(deficits, queues)
    room = _Room(yard)
    picks = []
    while (found := _next(queues, ledger, room)) is not None:
        candidate, slot = found
        queues[candidate.pool][candidate.owner].pop()
        room.take(candidate, slot)
        ledger.charge(candidate)
        picks.append(Pick(candidate, slot.worker))
    return picks, ledger.closed()


def in_turn(candidates: Iterable[Candidate], deficits: Deficits) -> list[Candidate]:
    """All candidates in the order in which they would begin if nothing but slots were short."""
    waiting = list(candidates)
    needs = frozenset(need for candidate in waiting for need in candidate.needs)
    memory = sum(candidate.memory_mb for candidate in waiting)
    slots = tuple(Slot("", pool, len(waiting), memory, needs) for pool in Pool)
    return [each.candidate for each in pick(waiting, Yard(slots=slots), deficits)[0]]


def correct(deficits: Deficits, owner: str, pool: Pool, estimated_s: float, actual_s: float) -> Deficits:
    """The accounts after a stage has ended that was charged `estimated_s` and took `actual_s`."""
    account = deficits.get((pool, owner), Account())
    balance = account.balance_s + max(0.0, estimated_s) - max(0.0, actual_s)
    return {**deficits, (pool, owner): Account(balance, account.weight)}


_Queues: TypeAlias = dict[Pool, dict[str, list[Candidate]]]


def _queues(candidates: Iterable[Candidate]) -> _Queues:
    """By pool and owner, the next one last."""
    queues: _Queues = {}
    for candidate in sorted(candidates, key=_within_owner, reverse=True):
        queues.setdefault(candidate.pool, {}).setdefault(candidate.owner, []).append(candidate)
    return queues


def _within_owner(candidate: Candidate) -> tuple[bool, int, tuple[float, int], str]:
    return (not candidate.admitted, -candidate.priority, candidate.order, candidate.id)


def _next(queues: _Queues, ledger: _Ledger, room: _Room) -> tuple[Candidate, Slot] | None:
    """The first of the owner who owes least, in the pool whose turn it is.

    Limits and room only shrink while picks are made, so who does not fit now is dropped for good.
    """
    for pool in sorted(queues, key=ledger.pool_rank):
        owners = queues[pool]
        while owners and room.has_room(pool):
            owner = ledger.first(pool, owners)
            slot = _fitting_head(owners[owner], room)
            if slot is not None:
                ledger.settle_before(pool, owner)
                return owners[owner][-1], slot
            del owners[owner]
    return None


def _fitting_head(queue: list[Candidate], room: _Room) -> Slot | None:
    while queue:
        slot = room.slot_for(queue[-1])
        if slot is not None:
            return slot
        queue.pop()
    return None


class _Room:
    """What is left of limits, slots and memory while picks are made."""

    def __init__(self, yard: Yard) -> None:
        self._limits = yard.limits
        self._batches = dict(yard.running.batches)
        self._owners = dict(yard.running.owners)
        self._machine = yard.running.machine
        self._slots: dict[Pool, list[Slot]] = {}
        for slot in sorted(yard.slots, key=lambda slot: slot.worker):
            self._slots.setdefault(slot.pool, []).append(slot)
        self._free = {(slot.worker, slot.pool): slot.free for slot in yard.slots}
        self._memory = {slot.worker: slot.memory_mb for slot in yard.slots}

    def has_room(self, pool: Pool) -> bool:
        return any(self._free[slot.worker, pool] > 0 for slot in self._slots.get(pool, ()))

    def slot_for(self, candidate: Candidate) -> Slot | None:
        """Where it could begin now; None when a limit or the lack of a fitting worker holds it back.

        A worker that has a rare model is kept for those who need it; of equal ones the emptiest is taken.
        """
        if self._blocked(candidate):
            return None
        fitting = [slot for slot in self._slots[candidate.pool] if self._fits(candidate, slot)]
        return min(fitting, key=self._preference, default=None)

    def _blocked(self, candidate: Candidate) -> bool:
        if candidate.admitted:
            return False
        limits = self._limits
        return (
            (limits.machine is not None and self._machine >= limits.machine)
            or self._batches.get(candidate.batch, 0) >= limits.batches.get(candidate.batch, math.inf)
            or self._owners.get(candidate.owner, 0) >= limits.owners.get(candidate.owner, math.inf)
        )

    def _fits(self, candidate: Candidate, slot: Slot) -> bool:
        return (
            self._free[slot.worker, slot.pool] > 0
            and self._memory[slot.worker] >= candidate.memory_mb
            and candidate.needs <= slot.has
        )

    def _preference(self, slot: Slot) -> tuple[int, int, int]:
        return (len(slot.has), -self._free[slot.worker, slot.pool], -self._memory[slot.worker])

    def take(self, candidate: Candidate, slot: Slot) -> None:
        self._free[slot.worker, slot.pool] -= 1
        self._memory[slot.worker] -= candidate.memory_mb
        if not candidate.admitted:
            self._batches[candidate.batch] = self._batches.get(candidate.batch, 0) + 1
            self._owners[candidate.owner] = self._owners.get(candidate.owner, 0) + 1
            self._machine += 1


class _Ledger:
    """The accounts while picks are made."""

    def __init__(self, deficits: Deficits, queues: _Queues) -> None:
        self._waiting = {pool: sorted(owners) for pool, owners in queues.items()}
        # Who rests keeps what he owes and loses what he paid too much.
        self._accounts = {
            key: Account(min(0.0, each.balance_s), each.weight) for key, each in deficits.items()
        }
        for pool, owners in queues.items():
            known = [deficits[pool, owner].level for owner in owners if (pool, owner) in deficits]
            # Nobody was paid back so much before a newcomer came that he passes him for it.
            level = max([0.0, *known])
            for owner, queue in owners.items():
                weight = queue[-1].weight
                account = deficits.get((pool, owner), Account(level * weight))
                self._accounts[pool, owner] = Account(account.balance_s, weight)

    def pool_rank(self, pool: Pool) -> tuple[float, str]:
        """Pools take turns in letting items in: else one could take every place under the limits."""
        return (-self._among_pools(pool), pool)

    def _among_pools(self, pool: Pool) -> float:
        return self._accounts.get((pool, EVERYONE), Account()).balance_s

    def first(self, pool: Pool, owners: Iterable[str]) -> str:
        """The owner who owes least."""
        return min(owners, key=lambda name: (-self._accounts[pool, name].level, name))

    def settle_before(self, pool: Pool, owner: str) -> None:
        """Shrink the debts of the pool until `owner`, who is next, owes nothing."""
        self._lift(pool, -self._accounts[pool, owner].level)

    def charge(self, candidate: Candidate) -> None:
        self._pay((candidate.pool, candidate.owner), max(0.0, candidate.estimated_s))
        if not candidate.admitted:
            self._pay((candidate.pool, EVERYONE), 1.0)

    def _pay(self, key: tuple[Pool, str], amount: float) -> None:
        account = self._accounts.get(key, Account())
        self._accounts[key] = Account(account.balance_s - amount, account.weight)

    def _lift(self, pool: Pool, level: float) -> None:
        if level <= 0:
            return
        for key, account in self._accounts.items():
            if key[0] is pool and key[1] != EVERYONE and account.balance_s < 0:
                balance = min(0.0, account.balance_s + level * account.weight)
                self._accounts[key] = Account(balance, account.weight)

    def closed(self) -> Deficits:
        """The accounts to keep: who was alone owes nothing, and who rests owing nothing is forgotten."""
        for pool, owners in self._waiting.items():
            self._lift(pool, -max(self._accounts[pool, owner].level for owner in owners))
        best = max(map(self._among_pools, self._waiting), default=0.0)
        for pool in Pool:
            # At most one behind: a pool that waited for room of its own is not owed for that.
            self._accounts[pool, EVERYONE] = Account(max(-1.0, min(0.0, self._among_pools(pool) - best)))
        waits = {(pool, owner) for pool, owners in self._waiting.items() for owner in owners}
        return {key: each for key, each in self._accounts.items() if each.balance_s or key in waits}
