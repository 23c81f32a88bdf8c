"""Pictures that an image server makes: one that it does not make is told of, and costs no other its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reelyard.errors import Reject, ServerUnavailable, SpendingLimit, ToolFailed
from reelyard.kit.json import Json
from reelyard.pipeline.context import Context
from reelyard.pipelines.telling import servers
from reelyard.pipelines.telling.picture import Made, Wanted
from reelyard.pipelines.telling.placing import place
from reelyard.tools.pictures.imagining import Asked
from reelyard.tools.pictures.look import StoryLook
from reelyard.tools.pictures.prompting import prompt_for

PATIENCE = 3  # pictures in a row for which the server could not be asked; then the others are not asked for
MOST_TITLE = 200  # characters
SHOWN = 120  # characters of a chunk that say what its picture shows


class AskedPictures:
    """One after the other: each is a part, so that none is paid for twice."""

    def __init__(self, context: Context, shared: StoryLook) -> None:
        self._context, self._look = context, shared
        self._meter = servers.Meter(context)
        self._server = servers.image_server(context, self._meter)
        self.failed: list[Wanted] = []
        self._in_vain = 0
        self._spent = False

    def made(self, wanted: Sequence[Wanted]) -> dict[str, Made]:
        """The pictures that the server made, by role; the others are in `failed` then, each with a warning."""
        found = {}
        for done, one in enumerate(wanted):
            self._meter(done / len(wanted), f"picture {done + 1} of {len(wanted)}")
            if self._may_ask() and self._kept(one):
                found[one.role] = Made(one.role, one.key, _description(one), self._server.server.host)
            else:
                self.failed.append(one)
        self._tell_rest()
        return found

    def _may_ask(self) -> bool:
        return not self._spent and self._in_vain < PATIENCE

    def _kept(self, wanted: Wanted) -> bool:
        order = wanted.order
        seed = self._look.seed if order.seed is None else order.seed
        asked = Asked(order.text, order.prompt, seed)

        def make(target: Path) -> None:
            cover = (
                "" if wanted.number else f" It is the cover of the story “{self._look.title[:MOST_TITLE]}”."
            )
            prompt = f"{prompt_for(asked, self._look)}{cover}"
            self._server.picture(prompt, order.shape.size, asked.seed).replace(target)

        key: dict[str, Json] = {"asked": wanted.key}
        try:
            place(self._context, wanted.role, self._context.part(key, make))
        except SpendingLimit as problem:
            self._spent = True
            self._context.warn(f"{wanted.called}: {problem.message} {self._then}")
            return False
        except ServerUnavailable as problem:
            self._in_vain += 1
            self._context.warn(f"{wanted.called}: {problem.message} {self._then}")
            return False
        except (Reject, ToolFailed) as problem:
            self._context.warn(f"{wanted.called}: {problem.message} {self._then}")
            return False
        self._in_vain = 0
        return True

    @property
    def _then(self) -> str:
        drawn = self._context.settings.image_failure == "draw"
        return "Its picture was drawn instead." if drawn else "It has no picture."

    def _tell_rest(self) -> None:
        """Say once what was not even asked for."""
        if self._may_ask() or not self.failed:
            return
        reason = "the spending limit was reached" if self._spent else "the server could not be reached"
        self._context.warn(f"After that no more pictures were asked for, since {reason}.")


def _description(wanted: Wanted) -> str:
    """What it shows, as far as is known: what was asked for."""
    words = " ".join((wanted.order.prompt or wanted.order.text).split())
    return words if len(words) <= SHOWN else f"{words[:SHOWN].rpartition(' ')[0]} …"
