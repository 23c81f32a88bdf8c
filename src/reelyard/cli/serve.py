"""`reelyard serve`: the server, until it is told to stop."""

from __future__ import annotations

from typing import Annotated

import typer

from reelyard.cli.options import Data, Workers, settings_of

Host = Annotated[
    str | None,
    typer.Option(
        "--host", envvar="REELYARD_SERVER__HOST", help="Address to listen on.", show_default="127.0.0.1"
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        envvar="REELYARD_SERVER__PORT",
        min=0,
        max=65535,
        help="Port to listen on; 0 takes a free one.",
        show_default="8400",
    ),
]


def serve(host: Host = None, port: Port = None, data: Data = None, workers: Workers = None) -> None:
    """Serve the API and work on batches, until Ctrl-C.

    Every other setting is an environment variable REELYARD_<CONCERN>__<FIELD>, such as REELYARD_LIMITS__FILE_BYTES.
    """
    settings = settings_of(data, workers, host=host, port=port)
    from reelyard.http.server import serve as run  # noqa: PLC0415 - takes a second

    run(settings)
