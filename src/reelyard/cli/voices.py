"""`reelyard voices`: who can read a text aloud here."""

from __future__ import annotations

from typing import Annotated

import typer

from reelyard.cli.options import AsJson, Data

Language = Annotated[
    str | None,
    typer.Option("--language", "-l", help="Only those that speak it: de, en, pt-br.", show_default="all"),
]


def voices(language: Language = None, data: Data = None, as_json: AsJson = False) -> None:
    """List the voices that “reelyard narrate --voice” takes, the better ones first.

    For example: reelyard voices --language de
    """
    from reelyard.cli.batches import connected  # noqa: PLC0415
    from reelyard.cli.tables import aligned  # noqa: PLC0415

    with connected(data) as session:
        found = session.client.stories.voices(language)
    if as_json:
        for voice in found:
            typer.echo(voice.model_dump_json())
    elif found:
        rows = [["ID", "NAME", "LANGUAGE", "ENGINE"]]
        rows += [[voice.id, voice.name, voice.language, voice.engine] for voice in found]
        typer.echo(aligned(rows))
    else:
        of = f" that speaks “{language}”" if language else ""
        typer.echo(f"There is no voice{of}. “reelyard doctor” says what to add.")
