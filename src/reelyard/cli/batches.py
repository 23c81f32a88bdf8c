"""`reelyard batches`: list, look into, watch and command batches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelyard.cli.exits import Exit, outcome
from reelyard.cli.options import AsJson, Data, Which, settings_of
from reelyard.errors import InvalidInput, ReelyardError

if TYPE_CHECKING:
    from reelyard.cli.session import Session
    from reelyard.client import Batch, Client

app = typer.Typer(
    no_args_is_help=True, help="List, show, watch, pause, resume, cancel, retry and remove batches."
)

Several = Annotated[list[str], typer.Argument(metavar="BATCH...", help="Ids, their beginnings, or names.")]
Sure = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Status = Annotated[str | None, typer.Option("--status", help="Only those in this state.")]
NoWait = Annotated[bool, typer.Option("--no-wait", help="Do not stay and work when no server runs.")]


@contextmanager
def connected(data: Any, *, drain_s: float | None = 0.0) -> Iterator[Session]:
    """The session of a command, and at its end, when the server goes with it, what still waits.

    What this command did not come to work on is not waited for: `drain_s` None takes the settings' time.
    """
    from reelyard.cli.session import session  # noqa: PLC0415

    with session(settings_of(data), drain_s=drain_s) as found:
        try:
            yield found
        finally:
            if found.own:
                with suppress(ReelyardError):
                    tell_waiting(found.client)


def tell_waiting(client: Client) -> None:
    """Say which batches are left at work when this command ends, since nobody else does them."""
    for batch in client.batches.all(status="processing"):
        typer.echo(
            f"Still waiting: “{batch.name}” ({batch.id[:8]}), {batch.counts.left} of {batch.counts.total} left. "
            "“reelyard serve” goes on with it.",
            err=True,
        )


@app.command("list")
def list_(status: Status = None, data: Data = None, as_json: AsJson = False) -> None:
    """List batches, the newest first."""
    from reelyard.cli.tables import batch_table  # noqa: PLC0415

    with connected(data) as session:
        batches = list(session.client.batches.all(status=status))
    if as_json:
        for batch in batches:
            typer.echo(batch.model_dump_json())
    elif batches:
        typer.echo(batch_table(batches))
    else:
        typer.echo("There are no batches yet. Make one with “reelyard transcribe FILES…”.")


@app.command()
def show(which: Which, data: Data = None, as_json: AsJson = False) -> None:
    """Show a batch with its items, their stages and errors."""
    from reelyard.cli.tables import batch_page  # noqa: PLC0415

    with connected(data) as session:
        batch = session.client.batches.find(which)
        items = list(session.client.batches.items(batch.id))
    if as_json:
        typer.echo(batch.model_dump_json())
        for item in items:
            typer.echo(item.model_dump_json())
    else:
        typer.echo(batch_page(batch, items))


@app.command()
def watch(which: Which, data: Data = None, as_json: AsJson = False) -> None:
    """Watch a batch until it has ended; without a server this command does the work itself."""
    with connected(data, drain_s=None) as session:
        end(follow(session.client, session.client.batches.find(which), as_json=as_json))


@app.command()
def pause(which: Several, data: Data = None) -> None:
    """Let running items end and start no other."""
    command(which, data, "pause")


@app.command()
def resume(which: Several, data: Data = None, no_wait: NoWait = False) -> None:
    """Go on where it stood."""
    command(which, data, "resume", stay=not no_wait)


@app.command()
def cancel(which: Several, data: Data = None, sure: Sure = False) -> None:
    """End batches now; what is finished stays."""
    command(which, data, "cancel", ask=None if sure else "Cancel {}?")


@app.command()
def retry(which: Several, data: Data = None, no_wait: NoWait = False) -> None:
    """Try failed items again; the others are not touched."""
    command(which, data, "retry", stay=not no_wait)


@app.command("rm")
def remove(which: Several, data: Data = None, sure: Sure = False) -> None:
    """Delete batches that are pending or have ended, with their results here; files written elsewhere stay."""
    command(which, data, "delete", ask=None if sure else "Delete {}?")


def command(which: list[str], data: Any, word: str, *, ask: str | None = None, stay: bool = False) -> None:
    """Do one thing to several batches; all are found, and the question is asked, before anything is done."""
    with connected(data, drain_s=None if stay else 0.0) as session:
        batches = session.client.batches
        found = [batches.find(each) for each in which]
        if ask is not None:
            confirm(ask.format(", ".join(f"“{batch.name}” ({batch.id[:8]})" for batch in found)))
        for batch in found:
            after = getattr(batches, word)(batch.id)
            typer.echo(f"“{batch.name}” ({batch.id[:8]}) is {after.status if after else 'deleted'}")
        if stay and session.own:
            typer.echo("No server runs, so this command does the work; Ctrl-C pauses.")
            try:
                end(*[follow(session.client, batch, as_json=False) for batch in found])
            except KeyboardInterrupt:
                for batch in found:
                    if batches.get(batch.id).status == "processing":
                        batches.pause(batch.id)
                raise typer.Exit(Exit.INTERRUPTED) from None


def confirm(question: str) -> None:
    """Ask on a terminal; elsewhere --yes is needed. Raises InvalidInput when the answer is no."""
    if not sys.stdin.isatty():
        raise InvalidInput("This needs a yes, and there is no terminal to ask.", hint="Give --yes.")
    if not typer.confirm(question):
        raise InvalidInput("Nothing was done.")


def follow(client: Client, batch: Batch, *, as_json: bool) -> Batch:
    """Show a batch's progress until it has ended; Ctrl-C leaves it to the server, if there is one."""
    from reelyard.cli.watching import watch_batch  # noqa: PLC0415

    return watch_batch(client, batch, as_json=as_json)


def end(*batches: Batch) -> None:
    """End the command by how the batches did."""
    done = sum(batch.counts.completed for batch in batches)
    failed = sum(batch.counts.failed + batch.counts.cancelled for batch in batches)
    code = outcome(done, failed)
    if code is not Exit.DONE:
        raise typer.Exit(code)
