"""The servers that a story may ask: which there are, what they cost at most, and how a stage asks them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from reelyard.kit.json import Json, JsonObject
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Inventory
from reelyard.tools.narration.recorded import MOST_LETTERS
from reelyard.tools.servers import configured
from reelyard.tools.servers.asking import Asking
from reelyard.tools.servers.clients import ImageServer, SpeechServer, TextServer, speech_facts
from reelyard.tools.servers.configured import Server, ServerKind, find_server, identity_of
from reelyard.tools.servers.pricing import price_in, price_of
from reelyard.tools.servers.rewriting import RewriteOrder, price_of_rewriting
from reelyard.tools.servers.service import servers_service
from reelyard.tools.voices import choice
from reelyard.tools.voices.choice import SpeechServerFacts
from reelyard.tools.voices.voice import EngineName

AGAIN = 2  # what is asked twice, since the first answer was of no use, is paid twice


def inventory() -> dict[str, Json]:
    """The voices and servers of this machine."""
    servers = configured.inventory(os.environ)
    speech = speech_facts(servers)
    facts = None if speech is None else SpeechServerFacts(**speech)
    return {**choice.inventory(os.environ, facts), **servers}


class Meter:
    """How far a stage is, kept while it tells that it waits for a server."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._fraction = 0.0

    def __call__(self, fraction: float, note: str = "") -> None:
        self._fraction = fraction
        self._context.progress(fraction, note)

    def note(self, note: str) -> None:
        """Something goes on, and the stage is as far as it was."""
        self._context.progress(self._fraction, note)


def text_server(context: Context, meter: Meter) -> TextServer:
    return TextServer(_server(ServerKind.TEXT), _asking(context, meter))


def speech_server(context: Context, meter: Meter) -> SpeechServer | None:
    """None where none is configured."""
    found = find_server(os.environ, ServerKind.SPEECH)
    return None if found is None else SpeechServer(found, _asking(context, meter))


def image_server(context: Context, meter: Meter) -> ImageServer:
    return ImageServer(_server(ServerKind.IMAGE), _asking(context, meter), context.workdir, context.run)


def asks_for_pictures(settings: Any, has: Inventory) -> bool:
    """Whether pictures come from the image server."""
    wanted: str = settings.image_maker
    return wanted == "server" or (wanted == "auto" and ServerKind.IMAGE.value in has)


def text_tools(_settings: Any, has: Inventory) -> dict[str, Json]:
    return _tools(ServerKind.TEXT, has)


def speech_tools(_settings: Any, has: Inventory) -> dict[str, Json]:
    return _tools(ServerKind.SPEECH, has)


def image_tools(settings: Any, has: Inventory) -> dict[str, Json]:
    return _tools(ServerKind.IMAGE, has) if asks_for_pictures(settings, has) else {}


def _tools(kind: ServerKind, has: Inventory) -> dict[str, Json]:
    """What the result depends on; a server's price is not part of it."""
    found: Any = has.get(kind.value)
    return {} if found is None else {kind.value: dict(identity_of(found))}


def identity(tools: Mapping[str, Json], kind: ServerKind) -> JsonObject | None:
    """The server as it was when the stage was claimed; None where it asks none."""
    found = tools.get(kind.value)
    return found if isinstance(found, dict) else None


def text_price(settings: Any, has: Inventory, facts: Mapping[str, Any]) -> float:
    """What rewriting costs at most."""
    said = facts.get("read", {})
    order = RewriteOrder(settings.rewrite_prompt, settings.rewrite_length)
    price = price_in(has, ServerKind.TEXT)
    return AGAIN * price_of_rewriting(price, said.get("words", 0), said.get("characters", 0), order)


def speech_price(settings: Any, has: Inventory, facts: Mapping[str, Any]) -> float:
    """What the narration costs at most: a request for each paragraph, more for long ones.

    Only where the story's own voice is the server's: under a limit no single chunk is given such a voice.
    """
    said = facts.get("chunk", {})
    voice = choice.named(settings.voice, has)
    if voice is None or voice.engine is not EngineName.SERVER:
        return 0.0
    requests = said.get("paragraphs", 0) + 2 * said.get("characters", 0) // MOST_LETTERS
    return price_of(ServerKind.SPEECH, price_in(has, ServerKind.SPEECH), requests=AGAIN * requests)


def image_price(settings: Any, has: Inventory, facts: Mapping[str, Any]) -> float:
    """What the pictures cost at most: one for each chunk, and the cover."""
    if not asks_for_pictures(settings, has):
        return 0.0
    requests = AGAIN * (facts.get("chunk", {}).get("chunks", 0) + 1)
    return price_of(ServerKind.IMAGE, price_in(has, ServerKind.IMAGE), requests=requests)


def _server(kind: ServerKind) -> Server:
    found = find_server(os.environ, kind)
    if found is None:  # it was there when the batch was started
        configured.required(kind, {})
    assert found is not None  # noqa: S101 - `required` raises
    return found


def _asking(context: Context, meter: Meter) -> Asking:
    return Asking(servers_service(os.environ), context.ask, context.spend, meter.note)
