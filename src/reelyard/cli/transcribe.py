"""`reelyard transcribe`: recordings and films in, transcripts and captions out."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelyard.cli.exits import Exit
from reelyard.cli.options import AsJson, Data, Workers, settings_of
from reelyard.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reelyard.cli.desk import Desk, Wish
    from reelyard.cli.session import Session
    from reelyard.cli.sources import Found, Source
    from reelyard.client import Client
    from reelyard.settings import Settings

FORMATS = ("txt", "srt", "vtt", "json")
DEFAULT_FORMATS = "txt,srt"

Paths = Annotated[
    list[str], typer.Argument(metavar="PATHS", help="Files, folders (with all that is in them) or patterns.")
]
Out = Annotated[
    Path,
    typer.Option(
        "--out",
        "-o",
        metavar="DIR",
        help="Where the texts go; the folders' tree is kept, nothing is overwritten.",
    ),
]
Language = Annotated[str, typer.Option("--language", "-l", help="A code such as en or de; auto detects it.")]
Model = Annotated[
    str | None,
    typer.Option("--model", "-m", help="A Whisper model on this machine.", show_default="the preferred one"),
]
Recogniser = Annotated[str, typer.Option("--recogniser", help="auto, whisper or pocketsphinx.")]
Format = Annotated[
    list[str], typer.Option("--format", "-f", help=f"Some of {', '.join(FORMATS)}; repeat it or use commas.")
]
Concurrency = Annotated[
    int, typer.Option("--concurrency", "-c", min=1, max=10, help="Files worked on at once.")
]
Again = Annotated[bool, typer.Option("--again", help="Also do what was finished before.")]


def transcribe(
    paths: Paths,
    out: Out = Path("transcripts"),
    language: Language = "auto",
    model: Model = None,
    recogniser: Recogniser = "auto",
    formats: Format = [DEFAULT_FORMATS],  # noqa: B006 - typer reads it and never changes it
    concurrency: Concurrency = 3,
    again: Again = False,
    data: Data = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Turn speech into text: one transcript for each recording or film.

    Works by itself, and through the server when one holds the data folder. What was finished before, known by its
    content, is skipped; after an interruption the same command goes on where it stood.
    """
    from reelyard.cli.desk import Wish  # noqa: PLC0415 - httpx and pydantic

    settings: dict[str, Any] = {"language": language, "recogniser": recogniser, "model": model}
    wish = Wish(settings, read_formats(formats), concurrency, again)
    raise typer.Exit(run(paths, out, wish, settings_of(data, workers), as_json=as_json))


def run(paths: list[str], out: Path, wish: Wish, settings: Settings, *, as_json: bool) -> Exit:
    """Find the sources, work on them, tell once how it went; gives the exit code."""
    from reelyard.cli.desk import Desk  # noqa: PLC0415
    from reelyard.cli.reporting import reporter  # noqa: PLC0415
    from reelyard.cli.results import Results  # noqa: PLC0415
    from reelyard.cli.session import session  # noqa: PLC0415
    from reelyard.cli.sources import find_sources  # noqa: PLC0415

    found = find_sources(paths, avoid=out)
    if not found.sources:
        raise InvalidInput(
            f"There is no sound or film in {', '.join(paths)} ({found.left_out} other files).",
            hint="A file that you name by itself is tried whatever its name.",
        )
    begun = time.monotonic()
    with reporter(as_json=as_json, clock=time.monotonic) as show:
        desk = Desk(wish, Results(out), show)
        total = sum(source.size for source in found.sources)
        show.tell("found", _found_text(found), files=len(found.sources), bytes=total, left_out=found.left_out)
        left = desk.unfinished(found.sources)
        if not left:
            desk.tally.tell(show, out, time.monotonic() - begun)
            return desk.tally.exit_code
        with session(settings) as held:
            check_speech(held.client, wish)
            return work(held, desk, left, begun)


def work(held: Session, desk: Desk, sources: Sequence[Source], begun: float) -> Exit:
    """Do the job over a session; Ctrl-C pauses it and says how to go on."""
    from reelyard.cli.batches import tell_waiting  # noqa: PLC0415
    from reelyard.cli.job import Job  # noqa: PLC0415

    job = Job(held.client, desk)
    try:
        job.run(sources)
    except KeyboardInterrupt:
        waiting = job.pause()
        desk.tally.tell(desk.reporter, desk.results.folder, time.monotonic() - begun)
        text = "Interrupted. What is finished stays; the same command goes on where this one stood."
        desk.reporter.tell("interrupted", text, batches=waiting)
        return Exit.INTERRUPTED
    desk.tally.tell(desk.reporter, desk.results.folder, time.monotonic() - begun)
    if held.own:
        tell_waiting(held.client)
    return desk.tally.exit_code


def check_speech(client: Client, wish: Wish) -> None:
    """Refuse, before anything is sent, a recogniser, model or language that the workers have not. Raises Refused."""
    from reelyard.tools.speech.choice import check  # noqa: PLC0415
    from reelyard.tools.speech.languages import LANGUAGES  # noqa: PLC0415

    inventory: dict[str, Any] = next(
        (one["inventory"] for one in client.pipelines() if one["name"] == "transcription"), {}
    )
    wanted = wish.settings
    language = wanted["language"]
    if inventory and language in ("auto", *LANGUAGES):  # the server says what is wrong with any other
        check(wanted["recogniser"], wanted["model"], language, inventory)


def read_formats(given: list[str]) -> tuple[str, ...]:
    """The formats named by options, each once, in order; raises InvalidInput that names a wrong one."""
    names = [name.strip().lower() for text in given for name in text.split(",") if name.strip()]
    for name in names:
        if name not in FORMATS:
            raise InvalidInput(f"There is no format “{name}”.", hint=f"Choose some of {', '.join(FORMATS)}.")
    if not names:
        raise InvalidInput("No format was named.", hint=f"Choose some of {', '.join(FORMATS)}.")
    return tuple(dict.fromkeys(names))


def _found_text(found: Found) -> str:
    text = f"{len(found.sources)} file{'s' if len(found.sources) > 1 else ''} to look at"
    return f"{text} ({found.left_out} other files left out)" if found.left_out else text
