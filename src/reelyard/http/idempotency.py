"""`Idempotency-Key`: a request that is sent twice has one effect and one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Header, Request
from fastapi.responses import Response

from reelyard.core.requests import service as requests
from reelyard.core.requests.service import Answer, Asked, InFlight
from reelyard.db.session import Transaction
from reelyard.errors import InvalidInput
from reelyard.http.container import Services
from reelyard.http.identity import Owner

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="The same request under the same key is carried out once, within 24 hours.",
    ),
]
_MOST = 255


class Model(Protocol):
    """What can be sent as JSON."""

    def model_dump_json(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Once:
    """Carries out the request at hand, or gives the answer that it got before."""

    services: Services
    in_flight: InFlight
    asked: Asked | None

    def answer(self, status: int, work: Callable[[Transaction], Model]) -> Response:
        """`work` in a transaction, and its result as the response, kept under the request's key if it has one.

        Raises IdempotencyKeyReused, IdempotencyInFlight, and what `work` raises.
        """
        if self.asked is None:
            with self.services.db.write() as tx:
                body = work(tx).model_dump_json()
            return _response(Answer(status, body))
        with self.in_flight.hold(self.asked), self.services.db.write() as tx:
            known = requests.answered(tx, self.asked)
            if known is None:
                given = Answer(status, work(tx).model_dump_json())
                requests.keep(tx, self.asked, given)
        return _response(known, replayed=True) if known is not None else _response(given)


def _response(answer: Answer, *, replayed: bool = False) -> Response:
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    return Response(answer.body, answer.status, headers, media_type="application/json")


async def _once(request: Request, services: Services, owner: Owner, key: Key = None) -> Once:
    if key is None:
        return Once(services, request.app.state.in_flight, None)
    if not 1 <= len(key) <= _MOST or not key.isascii() or not key.isprintable():
        raise InvalidInput(
            f"An Idempotency-Key has 1 to {_MOST} printable ASCII characters.", field="Idempotency-Key"
        )
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    mark = requests.fingerprint(request.method, target, await request.body())
    return Once(services, request.app.state.in_flight, Asked(owner, key, mark))


OnlyOnce = Annotated[Once, Depends(_once)]
