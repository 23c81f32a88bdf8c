"""The commands, put together; every error ends here as one line and an exit code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from reelyard.cli import batches, chunks, cuts, demo, doctor, edit, export, narrate, serve, transcribe, voices
from reelyard.cli.exits import Exit, complain, complain_usage, exit_for
from reelyard.errors import ReelyardError

app = typer.Typer(
    name="reelyard",
    help="Hand over many recordings, films or texts at once; take transcripts, tightened films and narrated stories away.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Exit codes: 0 all done · 1 some failed or refused · 2 a bad option or setting · "
        "3 nothing succeeded · 130 interrupted."
    ),
)


def _flowing(command: Callable[..., None]) -> str:
    """What a command says of itself, its paragraphs in one line each: they are wrapped where they are shown."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.getdoc(command) or "")


COMMANDS: dict[str, Callable[..., None]] = {
    "transcribe": transcribe.transcribe,
    "edit": edit.edit,
    "narrate": narrate.narrate,
    "voices": voices.voices,
    "export": export.export,
    "serve": serve.serve,
    "doctor": doctor.doctor,
}
for _name, _command in COMMANDS.items():
    app.command(_name, help=_flowing(_command))(_command)
app.command("demo", hidden=True)(demo.demo)
app.add_typer(cuts.app, name="cuts")
app.add_typer(chunks.app, name="chunks")
app.add_typer(batches.app, name="batches")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reelyard {version('reelyard')}")
        raise typer.Exit


@app.callback()
def _top(
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    return


USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[
    2
]  # typer has no public name for the base of its errors


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; gives the exit code and never raises but for what is a mistake of ours."""
    try:
        code = app(args=list(arguments) or ["--help"], prog_name="reelyard", standalone_mode=False)
    except ReelyardError as error:
        complain(error)
        return exit_for(error)
    except USAGE_ERROR as error:
        complain_usage(error)
        return Exit.USAGE
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except BrokenPipeError:  # whoever read our output has gone
        return Exit.SOME_FAILED
    return code if isinstance(code, int) else Exit.DONE
