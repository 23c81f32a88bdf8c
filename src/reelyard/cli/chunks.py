"""`reelyard chunks`: look at a story chunk by chunk, change some, tell it anew."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelyard.cli.batches import connected
from reelyard.cli.one_item import done_anew, found
from reelyard.cli.options import AsJson, Data, Out, Which
from reelyard.cli.stories import AUTO, Stories
from reelyard.errors import InvalidInput

if TYPE_CHECKING:
    from reelyard.client import Story

app = typer.Typer(no_args_is_help=True, help="Look at a story chunk by chunk, change some, and tell it anew.")

NOUN = "story"
STDIN = "-"
SHOWN = 60  # characters of a chunk
OptionalName = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE", help="The text's name or number in the batch.", show_default="the only one"
    ),
]
Name = Annotated[str, typer.Argument(metavar="FILE", help="The text's name or number in the batch.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The chunk's number.")]
Words = Annotated[
    str | None,
    typer.Option(
        help="Other words; blank lines part paragraphs. “-” reads them from standard input.",
        show_default="as they are",
    ),
]
Voice = Annotated[str | None, typer.Option(help="A voice for this chunk.", show_default="as it is")]
Prompt = Annotated[
    str | None, typer.Option(help="What its picture shows, in your words.", show_default="as it is")
]
Seed = Annotated[
    int | None, typer.Option(min=0, help="Another number draws another picture.", show_default="as it is")
]
Reset = Annotated[
    bool, typer.Option("--reset", help="First take the story's own voice, picture and seed again.")
]


@app.command()
def show(which: Which, name: OptionalName = None, data: Data = None, as_json: AsJson = False) -> None:
    """Show each chunk of a story: when it is heard, its voice, its words, and what its picture shows."""
    with connected(data) as session:
        batch, item = found(session.client, which, name, NOUN)
        story = session.client.stories.get(batch, item.id)
    typer.echo(story.model_dump_json() if as_json else page(story))


@app.command("set")
def change(
    which: Which,
    name: Name,
    number: Number,
    text: Words = None,
    voice: Voice = None,
    prompt: Prompt = None,
    seed: Seed = None,
    reset: Reset = False,
    data: Data = None,
) -> None:
    """Change a chunk; nothing is made before “reelyard chunks make”."""
    from reelyard.client import Change  # noqa: PLC0415 - httpx and pydantic

    given = {"text": _read(text), "voice": voice, "picture_prompt": prompt, "seed": seed}
    own: dict[str, Any] = {"voice": None, "picture_prompt": None, "seed": None} if reset else {}
    values = own | {field: value for field, value in given.items() if value is not None}
    if not values:
        raise InvalidInput(
            "Nothing was said of what to change.", hint="Give --text, --voice, --prompt, --seed or --reset."
        )
    with connected(data) as session:
        batch, item = found(session.client, which, name, NOUN)
        before = session.client.stories.get(batch, item.id)
        story = session.client.stories.change(batch, before, [Change(number, values)])
    typer.echo(next_step(story, which, name))


@app.command()
def undo(which: Which, name: OptionalName = None, data: Data = None) -> None:
    """Go back to the story as it was cut from its text."""
    with connected(data) as session:
        batch, item = found(session.client, which, name, NOUN)
        story = session.client.stories.undo(batch, session.client.stories.get(batch, item.id))
    typer.echo(next_step(story, which, *([name] if name else [])))


@app.command()
def make(which: Which, name: OptionalName = None, out: Out = Path("stories"), data: Data = None) -> None:
    """Tell a story as it stands; only what was changed is spoken and drawn again."""
    with connected(data, drain_s=None) as session:
        client = session.client
        batch, item = found(client, which, name, NOUN)
        done_anew(client, item, lambda: client.stories.make(batch, item.id), Stories(), out)


def page(story: Story) -> str:
    """The story for people."""
    from reelyard.cli.cuts import clock_of  # noqa: PLC0415
    from reelyard.cli.tables import aligned, cut  # noqa: PLC0415

    rows = [["#", "AT", "WORDS", "VOICE", "TEXT", "PICTURE"]]
    for chunk in story.chunks:
        at = clock_of(chunk.start_s) if chunk.start_s is not None else ""
        picture = chunk.picture_prompt or chunk.alt or ""
        rows.append(
            [
                str(chunk.number), at, str(chunk.words), chunk.voice or AUTO, cut(chunk.text, SHOWN),
                cut(picture, SHOWN),
            ]
        )  # fmt: skip
    return f"{summary(story)}\n\n{aligned(rows)}"


def summary(story: Story) -> str:
    """The story in a sentence."""
    number = len(story.chunks)
    what = f"“{story.title}”: {story.words} words in {number} chunk{'s' if number != 1 else ''}"
    return f"{what} (revision {story.revision}{'' if story.told else ', not told yet'})."


def next_step(story: Story, *words: str) -> str:
    """The summary, and what to do about it; `words` name the story."""
    if story.told:
        return summary(story)
    return f"{summary(story)} Tell it with “reelyard chunks make {shlex.join(words)}”."


def _read(text: str | None) -> str | None:
    return sys.stdin.read() if text == STDIN else text
