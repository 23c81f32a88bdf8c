"""Options that several commands share, and the settings they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelyard.errors import InvalidInput

if TYPE_CHECKING:
    from reelyard.settings import Settings

WORDS = "Words"  # the panel of a command's help for what is done with speech and text

Paths = Annotated[
    list[str], typer.Argument(metavar="PATHS", help="Files, folders (with all that is in them) or patterns.")
]
Which = Annotated[str, typer.Argument(metavar="BATCH", help="The id, its beginning, or the name.")]
Out = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help="Where results go; folders keep their tree, nothing is overwritten.",
    ),
]
Concurrency = Annotated[
    int, typer.Option("--concurrency", "-c", min=1, max=10, help="Files worked on at once.")
]
Again = Annotated[bool, typer.Option("--again", help="Also do what was finished before.")]
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


def listed(given: list[str]) -> list[str]:
    """The words of an option that is repeated, or given with commas."""
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


def chosen(given: list[str], known: tuple[str, ...], noun: str) -> list[str]:
    """Names by an option, each once, in order; “none” is none. Raises InvalidInput that names a wrong one."""
    names = [name.lower() for name in listed(given) if name.lower() != "none"]
    for name in names:
        if name not in known:
            raise InvalidInput(f"There is no {noun} “{name}”.", hint=f"Choose some of {', '.join(known)}.")
    return list(dict.fromkeys(names))
