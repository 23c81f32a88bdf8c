"""`reelyard doctor`: what is there, what to expect of it, and what to add."""

from __future__ import annotations

from typing import Annotated

import typer

from reelyard.cli.exits import Exit
from reelyard.cli.options import AsJson, Data, settings_of

Deep = Annotated[
    bool, typer.Option("--deep", help="Also check that what the data folder holds agrees with itself.")
]
Quick = Annotated[bool, typer.Option("--no-pass", help="Leave the pass of the pipeline out.")]


def doctor(deep: Deep = False, quick: Quick = False, data: Data = None, as_json: AsJson = False) -> None:
    """Tell what this machine has, which isolation and quality to expect, and what to add."""
    settings = settings_of(data)
    from reelyard.cli.checkup import findings  # noqa: PLC0415 - looks at everything

    mark = {"good": "ok ", "note": "-- ", "bad": "BAD"}
    fine = True
    if as_json:
        import json  # noqa: PLC0415

        for finding in findings(settings, deep=deep, trial=not quick):
            fine = fine and finding.state != "bad"
            typer.echo(json.dumps(finding.to_json(), ensure_ascii=False))
    else:
        for finding in findings(settings, deep=deep, trial=not quick):
            fine = fine and finding.state != "bad"
            typer.echo(f"{mark[finding.state]} {finding.topic:<12} {finding.text}")
            for line in finding.advice:
                typer.echo(f"    {'':<12} → {line}")
        typer.echo(
            "Reelyard can work here." if fine else "Something essential is missing; see the lines marked BAD."
        )
    raise typer.Exit(Exit.DONE if fine else Exit.SOME_FAILED)
