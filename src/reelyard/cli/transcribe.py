"""`reelyard transcribe`: recordings and films in, transcripts and captions out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelyard.cli.options import (
    WORDS,
    Again,
    AsJson,
    Concurrency,
    Data,
    Out,
    Paths,
    Workers,
    chosen,
    settings_of,
)
from reelyard.cli.speech import Language, Model, check_speech
from reelyard.cli.working import run
from reelyard.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from reelyard.cli.desk import Account, Wish
    from reelyard.client import Item
    from reelyard.client.models import Output

FORMATS = ("txt", "srt", "vtt", "json")
DEFAULT_FORMATS = "txt,srt"
SHOWN = 90  # characters of a text

Recogniser = Annotated[
    str, typer.Option("--recogniser", help="auto, whisper or pocketsphinx.", rich_help_panel=WORDS)
]
Format = Annotated[
    list[str], typer.Option("--format", "-f", help=f"Some of {', '.join(FORMATS)}; repeat it or use commas.")
]


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


def read_formats(given: list[str]) -> tuple[str, ...]:
    """The formats named by options, each once, in order; raises InvalidInput that names a wrong one."""
    names = chosen(given, FORMATS, "format")
    if not names:
        raise InvalidInput("No format was named.", hint=f"Choose some of {', '.join(FORMATS)}.")
    return tuple(names)
