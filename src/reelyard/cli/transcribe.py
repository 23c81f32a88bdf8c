"""`reelyard transcribe`: recordings and films in, transcripts and captions out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelyard.cli.options import AsJson, Data, Workers, settings_of
from reelyard.cli.working import run
from reelyard.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reelyard.cli.desk import Account, Wish
    from reelyard.client import Client, Item
    from reelyard.client.models import Output

FORMATS = ("txt", "srt", "vtt", "json")
DEFAULT_FORMATS = "txt,srt"
SHOWN = 90  # characters of a text

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
    wish = wish_for(language, model, recogniser, read_formats(formats), concurrency=concurrency, again=again)
    raise typer.Exit(run(paths, out, wish, settings_of(data, workers), as_json=as_json, check=check_speech))


def wish_for(
    language: str,
    model: str | None,
    recogniser: str,
    formats: Sequence[str],
    *,
    concurrency: int = 3,
    again: bool,
) -> Wish:
    """What a transcription is to bring."""
    from reelyard.cli.desk import Wish  # noqa: PLC0415 - httpx and pydantic

    settings: dict[str, Any] = {"language": language, "recogniser": recogniser, "model": model}
    taking = Texts(tuple(formats))
    return Wish("transcription", settings, taking, {"formats": list(formats)}, concurrency, again)


@dataclass(frozen=True, slots=True)
class Texts:
    """Takes the transcripts in some formats."""

    formats: tuple[str, ...]

    def files(self, item: Item) -> dict[str, Output]:
        made = {each.role: each for each in item.outputs}
        return {
            f".{form}": made[f"transcript.{form}"] for form in self.formats if f"transcript.{form}" in made
        }

    def is_whole(self, endings: Collection[str]) -> bool:
        return {f".{form}" for form in self.formats} <= set(endings)

    def account(self, item: Item) -> Account:
        from reelyard.cli.desk import Account  # noqa: PLC0415

        words, language = item.fact("words") or 0, item.fact("language")
        made_by, heard = f"{item.fact('recogniser')} {item.fact('model')}", str(item.fact("preview") or "")
        text = ", ".join(part for part in (f"{words} words", language, f"by {made_by}") if part)
        lines = (f"“{heard[:SHOWN]}{'…' if len(heard) > SHOWN else ''}”",) if heard else ()
        facts = {"words": words, "language": language, "made_by": made_by, "preview": item.fact("preview")}
        return Account(text, facts, lines, made_by, item.fact("better"))


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
