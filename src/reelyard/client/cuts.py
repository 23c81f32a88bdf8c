"""Cut lists and highlights through the client: read, change, render again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from reelyard.client.models import Item, Told
from reelyard.client.transport import Transport


class Span(Told):
    """Frames `start` up to, but not including, `end`: kept or cut, and why. Seconds are what a player shows."""

    start: int
    end: int
    start_s: float
    end_s: float
    film_start_s: float | None = None
    keep: bool
    reason: str
    level_db: float | None = None


class CutList(Told):
    """A cut list. Its spans cover the film in order; `rendered` says whether the film was made after it."""

    item_id: str
    revision: int
    rendered: bool
    rate: str
    frames: int
    duration_s: float
    kept_duration_s: float
    cuts: int
    spans: tuple[Span, ...] = ()


class Reason(Told):
    kind: str
    weight: float
    text: str


class Highlight(Told):
    """A moment that stands out; `film_` times are those of the cut film, None when it is cut away."""

    id: int
    start: float
    end: float
    film_start: float | None = None
    film_end: float | None = None
    score: float
    title: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Seconds of the original to keep or to cut."""

    start_s: float
    end_s: float
    keep: bool


class Cuts:
    """`client.cuts`: the edits of films. Every call raises ClientError when it is refused."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, batch_id: str, item_id: str) -> CutList:
        """The newest revision."""
        return CutList.model_validate(self._transport.json("GET", _path(batch_id, item_id, "cuts")))

    def decide(self, batch_id: str, made: CutList, decisions: Sequence[Decision]) -> CutList:
        """Change the list `made`, which has to be the newest; a later decision stands over an earlier one."""
        body = {"revision": made.revision, "decisions": [asdict(one) for one in decisions]}
        return self._change(batch_id, made, body)

    def undo(self, batch_id: str, made: CutList) -> CutList:
        """Back to what was decided from the sound."""
        return self._change(batch_id, made, {"revision": made.revision, "decisions": [], "begin_from": 0})

    def render(self, batch_id: str, item_id: str) -> Item:
        """Render the film by the newest list; only what depends on it is done again."""
        return Item.model_validate(self._transport.json("POST", _path(batch_id, item_id, "cuts/render")))

    def highlights(self, batch_id: str, item_id: str) -> list[Highlight]:
        """The moments that stand out, in order."""
        told = self._transport.json("GET", _path(batch_id, item_id, "highlights"))
        return [Highlight.model_validate(one) for one in told["highlights"]]

    def _change(self, batch_id: str, made: CutList, body: object) -> CutList:
        path = _path(batch_id, made.item_id, "cuts")
        return CutList.model_validate(self._transport.json("PATCH", path, body=body))


def _path(batch_id: str, item_id: str, what: str) -> str:
    return f"/api/v1/batches/{batch_id}/items/{item_id}/{what}"
