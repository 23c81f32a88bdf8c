"""Asking a server until it answers: spends before each request that may cost, and asks again while it is worth it."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reelyard.errors import ServerRefused, ServerUnavailable, ToolTimeout
from reelyard.kit.ids import NewId, new_id
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Ask, Service
from reelyard.tools.servers.configured import KEY, URL, Server, variable
from reelyard.tools.servers.service import time_for

Sink = Callable[[int, bytes], object]  # bytes, and where in the answer they begin
WORDS = {"text": "the text", "speech": "the sound", "image": "the picture"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try, before it is left to a later attempt at the whole stage."""

    tries: int = 4
    first_wait_s: float = 1.0
    longest_wait_s: float = 30.0  # that we choose
    most_waiting_s: float = 120.0  # in all, with what the server asks for

    def wait_s(self, tried: int, asked: float | None, chance: float) -> float:
        """Seconds before the next try: as the server asked, else twice as long each time, by half at random."""
        own = min(self.longest_wait_s, self.first_wait_s * 2.0 ** (tried - 1)) * (0.5 + chance / 2)
        return own if asked is None else asked + own * 0.1


def _nobody(_note: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Asking:
    """What a stage has for asking: its child, its purse, and what it tells meanwhile."""

    service: Service  # servers_service(os.environ)
    ask: Ask  # context.ask
    spend: Callable[[float], None]  # context.spend
    note: Callable[[str], None] = _nobody  # is told that it waits, so that nobody takes it for dead
    patience: Patience = field(default_factory=Patience)
    chance: Callable[[], float] = random.random
    new_id: NewId = new_id


def asked(
    asking: Asking, server: Server, request: Mapping[str, Any], price: float, sink: Sink | None = None
) -> JsonObject:
    """The server's answer, its bytes told to `sink`, which is called only when they are right so far.

    `price`: what one request costs at most; it is spent again for each that may have been charged.
    Raises ServerRefused, ServerUnavailable, SpendingLimit, and what `asking.ask` raises.
    """
    waited, wait_s, charge = 0.0, 0.0, True
    for tried in range(1, asking.patience.tries + 1):
        if charge and price > 0:
            asking.spend(price)
        answer = _once(asking, server, {**request, "wait_s": wait_s, "once": asking.new_id()}, sink)
        passing: Any = answer.get("passing")
        if passing is None:
            break
        charge = passing["charged"]
        wait_s = asking.patience.wait_s(tried, passing["wait_s"], asking.chance())
        waited += wait_s
        if tried == asking.patience.tries or waited > asking.patience.most_waiting_s:
            raise _unavailable(server, passing, tried)
    turned: Any = answer.get("turned")
    if turned is not None:
        raise refusal(server, turned["reason"], turned["status"], turned["hint"], turned["said"])
    return answer


def _once(asking: Asking, server: Server, request: dict[str, Any], sink: Sink | None) -> JsonObject:
    def event(told: JsonObject) -> None:
        at, data = told.get("at"), told.get("data")
        if "waiting" in told:
            asking.note(f"waiting for {server.host}")
        elif isinstance(at, int) and isinstance(data, str) and sink is not None:
            sink(at, base64.b64decode(data))

    asking.note(f"asking {server.host}")
    try:
        return asking.ask(
            asking.service, request, timeout_s=time_for(server, request["wait_s"]), on_event=event
        )
    except ToolTimeout:
        return {"passing": {"reason": "it did not answer in time", "charged": True, "wait_s": None}}


def _unavailable(server: Server, passing: Mapping[str, Any], tried: int) -> ServerUnavailable:
    times = "once" if tried == 1 else f"{tried} times"
    wait = passing["wait_s"]
    asks = f" It asks to wait {wait:.0f} s." if wait else ""
    return ServerUnavailable(
        f"The {server.kind} server {server.host} was asked {times} for {WORDS[server.kind]}: {passing['reason']}.{asks}",
        hint=f"It is tried again later. If it stays so, look whether {server.host} runs and "
        f"{variable(server.kind, URL)} is right.",
    )


def refusal(
    server: Server, reason: str, status: int | None = None, hint: str | None = None, said: str = ""
) -> ServerRefused:
    """The error of a server that did not do what it was asked."""
    number = f" ({status})" if status is not None else ""
    words = f" It said: “{said}”" if said else ""
    if status in (401, 403):
        hint = f"Set the right {variable(server.kind, KEY)} and start again."
    elif hint is None:
        hint = f"Ask for something else, or look at the settings of the {server.kind} server."
    return ServerRefused(
        f"The {server.kind} server {server.host} was asked for {WORDS[server.kind]}: {reason}{number}.{words}",
        hint=hint,
    )
