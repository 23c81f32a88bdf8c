"""What commands that recognise speech share: their options, and what is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelyard.cli.options import WORDS

if TYPE_CHECKING:
    from reelyard.cli.desk import Wish

AUTO = "auto"

Language = Annotated[
    str,
    typer.Option("--language", "-l", help="A code such as en or de; auto detects it.", rich_help_panel=WORDS),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        help="A Whisper model on this machine.",
        show_default="the preferred one",
        rich_help_panel=WORDS,
    ),
]


def check_speech(pipeline: Mapping[str, Any], wish: Wish) -> None:
    """Refuse a recogniser, model or language that the workers of `pipeline` have not. Raises Refused."""
    from reelyard.tools.speech.choice import check  # noqa: PLC0415
    from reelyard.tools.speech.languages import LANGUAGES  # noqa: PLC0415

    wanted, inventory = wish.settings, pipeline["inventory"]
    language = wanted["language"]
    if inventory and language in (AUTO, *LANGUAGES):  # the server says what is wrong with any other
        check(wanted.get("recogniser", AUTO), wanted["model"], language, inventory)
