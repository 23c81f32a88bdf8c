"""A pipeline whose stage asks the text server for the file's words told anew: loaded by REELYARD_PIPELINES."""

from __future__ import annotations

import os
from collections.abc import Mapping

from reelyard.kit.json import Json
from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.stage import Facts, Stage
from reelyard.tools.servers.asking import Asking, Patience
from reelyard.tools.servers.clients import Message, TextServer
from reelyard.tools.servers.configured import ServerKind, find_server, inventory
from reelyard.tools.servers.pricing import price_in, price_of
from reelyard.tools.servers.service import servers_service

NAMED_ASKING = "tests.support.asking:ASKING"
MOST = 200


class AskingSettings(PipelineSettings):
    """What it may cost."""

    limit: float | None = None


def _tell(context: Context) -> Facts:
    server = find_server(os.environ, ServerKind.TEXT)
    assert server is not None
    asking = Asking(
        servers_service(os.environ), context.ask, context.spend, patience=Patience(tries=2, first_wait_s=0.01)
    )
    text = TextServer(server, asking).tell([Message("user", context.input.read_text())], MOST)
    context.out("told.txt").write_text(text)
    return {"host": server.host}


def _price(_settings: AskingSettings, has: Mapping[str, Json], _facts: Mapping[str, Json]) -> float:
    return 2 * price_of(ServerKind.TEXT, price_in(has, ServerKind.TEXT), characters=2 * MOST)


ASKING = Pipeline(
    name="asking",
    title="Asking",
    summary="Tells a text anew.",
    accepts=frozenset({Kind.AUDIO}),
    settings=AskingSettings,
    stages=(Stage("tell", _tell, makes=("told.txt",), outputs=("told.txt",), price=_price),),
    inventory=lambda: inventory(os.environ),
    spending_limit=lambda settings: settings.limit,
)
