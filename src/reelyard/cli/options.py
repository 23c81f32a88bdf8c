"""Options that several commands share, and the settings they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from reelyard.settings import Settings

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="REELYARD_DATA",
        metavar="DIR",
        help="Where Reelyard keeps everything.",
        show_default="~/.local/share/reelyard",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        envvar="REELYARD_ENGINE__WORKERS",
        min=1,
        help="Stages that run at the same time.",
        show_default="one per core",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for machines.")]


def settings_of(data: Path | None = None, workers: int | None = None, **server: Any) -> Settings:
    """Settings from the environment with the options that were given laid over them; raises BadSetting."""
    from reelyard.kit.logs import configure_logs  # noqa: PLC0415
    from reelyard.settings import load_settings  # noqa: PLC0415 - takes 100 ms

    configure_logs()

    given: dict[str, Any] = {}
    if data is not None:
        given["data"] = data.expanduser().absolute()
    if workers is not None:
        given["engine"] = {"workers": workers}
    if server := {name: value for name, value in server.items() if value is not None}:
        given["server"] = server
    return load_settings(**given)
