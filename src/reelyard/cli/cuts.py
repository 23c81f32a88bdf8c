"""`reelyard cuts`: look at what was cut from a film, restore or cut more, render it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reelyard.cli.batches import connected
from reelyard.cli.one_item import done_anew, found
from reelyard.cli.options import AsJson, Data, Out, Which
from reelyard.errors import InvalidInput

if TYPE_CHECKING:
    from reelyard.client.cuts import CutList, Decision

app = typer.Typer(
    no_args_is_help=True, help="Look at what is cut from a film, restore or cut more, and render it again."
)

NOUN = "film"
FileName = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE", help="The film's name or number in the batch.", show_default="the only one"
    ),
]
Film = Annotated[str, typer.Argument(metavar="FILE", help="The film's name or number in the batch.")]
Ranges = Annotated[
    list[str],
    typer.Argument(metavar="FROM-TO...", help="Stretches of the original: 12.5-14, or 1:02:03-1:02:10."),
]


@app.command()
def show(which: Which, film: FileName = None, data: Data = None, as_json: AsJson = False) -> None:
    """Show each stretch of a film, kept or cut, and why."""
    with connected(data) as session:
        batch, item = found(session.client, which, film, NOUN)
        made = session.client.cuts.get(batch, item.id)
    typer.echo(made.model_dump_json() if as_json else page(item.file.name, made))


@app.command()
def keep(which: Which, film: Film, ranges: Ranges, data: Data = None) -> None:
    """Restore stretches that were cut."""
    change(which, film, ranges, data, keep=True)


@app.command()
def cut(which: Which, film: Film, ranges: Ranges, data: Data = None) -> None:
    """Cut stretches out."""
    change(which, film, ranges, data, keep=False)


@app.command()
def undo(which: Which, film: FileName = None, data: Data = None) -> None:
    """Go back to what was decided from the sound."""
    with connected(data) as session:
        batch, item = found(session.client, which, film, NOUN)
        made = session.client.cuts.undo(batch, session.client.cuts.get(batch, item.id))
    typer.echo(next_step(made, which))


@app.command()
def render(which: Which, film: FileName = None, out: Out = Path("films"), data: Data = None) -> None:
    """Render a film by its list as it stands; only what depends on it is done again."""
    from reelyard.cli.edit import Films  # noqa: PLC0415

    with connected(data, drain_s=None) as session:
        client = session.client
        batch, item = found(client, which, film, NOUN)
        done_anew(client, item, lambda: client.cuts.render(batch, item.id), Films(), out)


def change(which: str, film: str, ranges: list[str], data: Path | None, *, keep: bool) -> None:
    """Decide over some stretches and say what the film is then."""
    decisions = [decision(text, keep=keep) for text in ranges]
    with connected(data) as session:
        batch, item = found(session.client, which, film, NOUN)
        made = session.client.cuts.decide(batch, session.client.cuts.get(batch, item.id), decisions)
    typer.echo(next_step(made, which))


def decision(text: str, *, keep: bool) -> Decision:
    """From “12.5-14” or “1:02:03-1:02:10”. Raises InvalidInput."""
    from reelyard.client.cuts import Decision  # noqa: PLC0415

    first, dash, last = text.partition("-")
    try:
        if dash:
            return Decision(_seconds(first), _seconds(last), keep)
    except ValueError:
        pass
    raise InvalidInput(f"“{text}” is no stretch.", hint="Give two times with a dash: 12.5-14 or 1:02-1:04.")


def page(name: str, made: CutList) -> str:
    """The list for people."""
    lines = [f"{name}: {summary(made)}", ""]
    for span in made.spans:
        word = "keep" if span.keep else "CUT "
        lines.append(
            f"{word} {clock_of(span.start_s):>11} - {clock_of(span.end_s):<11} {span.end_s - span.start_s:8.2f} s  "
            f"{span.reason}"
        )
    return "\n".join(lines)


def summary(made: CutList) -> str:
    """What the list makes of the film, in a sentence."""
    count = f"{made.cuts} cut{'s' if made.cuts != 1 else ''}"
    kept = f"{clock_of(made.kept_duration_s)} of {clock_of(made.duration_s)} kept"
    return f"{count}, {kept} (revision {made.revision}{'' if made.rendered else ', not rendered yet'})."


def next_step(made: CutList, which: str) -> str:
    """The summary, and what to do about it."""
    return (
        summary(made) if made.rendered else f"{summary(made)} Render it with “reelyard cuts render {which}”."
    )


def clock_of(seconds: float) -> str:
    """“1:02:03.45”, with no more than is needed."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{rest:05.2f}" if hours else f"{minutes}:{rest:05.2f}"


def _seconds(text: str) -> float:
    total = 0.0
    for part in text.strip().split(":"):
        total = total * 60 + float(part)
    return total
