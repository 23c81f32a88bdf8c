"""`reelyard edit`: films in; tightened films, captions and highlights out."""

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
    listed,
    settings_of,
)
from reelyard.cli.speech import Language, Model, check_speech
from reelyard.cli.working import run
from reelyard.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Collection

    from reelyard.cli.desk import Account
    from reelyard.client import Item
    from reelyard.client.models import Output

CAPTIONS = ("srt", "vtt", "txt", "embedded", "burnt")
TIMELINES = ("edl", "fcpxml", "otio")
SHOWN = 5  # highlights told on the terminal
SILENCE, HIGHLIGHTS, FILM = "Silence", "Highlights", "The film"

RemoveSilence = Annotated[
    bool,
    typer.Option("--remove-silence", help="Cut out where nothing is heard.", rich_help_panel=SILENCE),
]
Detect = Annotated[
    str,
    typer.Option(
        help="What silence is. level: quieter than the threshold; speech: where nobody speaks.",
        rich_help_panel=SILENCE,
    ),
]
Threshold = Annotated[
    float,
    typer.Option(
        min=-60,
        max=-20,
        metavar="DB",
        help="Below it is silence: root mean square in dB, -60 (only digital silence) to -20 (quiet speech, too). "
        "Peak meters read 10 to 15 dB higher.",
        rich_help_panel=SILENCE,
    ),
]
Shortest = Annotated[
    float,
    typer.Option(
        "--min-silence",
        min=0.5,
        max=5,
        metavar="S",
        help="Shorter silences stay.",
        rich_help_panel=SILENCE,
    ),
]
Padding = Annotated[
    str,
    typer.Option(
        metavar="S[,S]",
        help="Seconds left before what is heard and after it; one number is both.",
        rich_help_panel=SILENCE,
    ),
]
Highlights = Annotated[
    bool,
    typer.Option("--highlights", help="Find the moments that stand out.", rich_help_panel=HIGHLIGHTS),
]
Sensitivity = Annotated[str, typer.Option(help="low, medium, high or max.", rich_help_panel=HIGHLIGHTS)]
Keywords = Annotated[
    list[str],
    typer.Option(
        help="Words and phrases that make a highlight; repeat it or use commas.",
        rich_help_panel=HIGHLIGHTS,
    ),
]
Clips = Annotated[
    bool,
    typer.Option("--clips", help="Write each highlight as a film of its own.", rich_help_panel=HIGHLIGHTS),
]
Format = Annotated[str, typer.Option("--format", "-f", help="mp4, mov or webm.", rich_help_panel=FILM)]
Quality = Annotated[
    str,
    typer.Option(
        "--quality",
        "-q",
        help="720p, 1080p, 4k or source. Larger films are scaled down, smaller ones stay.",
        rich_help_panel=FILM,
    ),
]
Upscale = Annotated[
    bool,
    typer.Option("--upscale", help="Scale smaller films up to the quality, too.", rich_help_panel=FILM),
]
Loudness = Annotated[
    float | None,
    typer.Option(
        min=-36,
        max=-9,
        metavar="LUFS",
        help="Bring the sound to this loudness: -23 broadcast, -16 podcasts, -14 video platforms.",
        show_default="left as it is",
        rich_help_panel=FILM,
    ),
]
PlanOnly = Annotated[
    bool,
    typer.Option(
        "--plan",
        help="Only find cuts and highlights; nothing is rendered. They can be changed before they are.",
        rich_help_panel=FILM,
    ),
]
CaptionsOption = Annotated[
    list[str],
    typer.Option(
        "--captions",
        help=f"Some of {', '.join(CAPTIONS)}, or none; repeat it or use commas.",
        rich_help_panel=WORDS,
    ),
]
NoWords = Annotated[
    bool,
    typer.Option("--no-transcript", help="Recognise no speech: quicker, no captions.", rich_help_panel=WORDS),
]
TimelinesOption = Annotated[
    list[str],
    typer.Option(
        "--timeline",
        help=f"The edit for other programs: some of {', '.join(TIMELINES)}.",
        rich_help_panel=FILM,
    ),
]


def edit(
    paths: Paths,
    out: Out = Path("films"),
    remove_silence: RemoveSilence = False,
    detect: Detect = "level",
    threshold: Threshold = -40.0,
    min_silence: Shortest = 1.0,
    padding: Padding = "0.2",
    highlights: Highlights = False,
    sensitivity: Sensitivity = "medium",
    keywords: Keywords = [],  # noqa: B006 - typer reads it and never changes it
    clips: Clips = False,
    export_format: Format = "mp4",
    quality: Quality = "1080p",
    upscale: Upscale = False,
    loudness: Loudness = None,
    plan: PlanOnly = False,
    captions: CaptionsOption = ["srt"],  # noqa: B006 - as above
    no_transcript: NoWords = False,
    language: Language = "auto",
    model: Model = None,
    timelines: TimelinesOption = [],  # noqa: B006 - as above
    concurrency: Concurrency = 2,
    again: Again = False,
    data: Data = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Edit films: remove silence, find highlights, add captions, write them as ordered.

    Works by itself, and through the server when one holds the data folder. What was finished before is skipped;
    another choice redoes only what depends on it. A film that is only cut keeps its picture: next to nothing of it is
    encoded anew.

    Example: reelyard edit talks/ --remove-silence --highlights --captions srt,embedded
    """
    from reelyard.cli.desk import Wish  # noqa: PLC0415 - httpx and pydantic

    before, after = _padding(padding)
    settings: dict[str, Any] = {
        "transcribe": not no_transcript, "language": language, "model": model,
        "remove_silence": remove_silence, "detect": detect, "silence_threshold": threshold,
        "min_silence_duration": min_silence, "padding": before, "padding_after": after,
        "detect_highlights": highlights or clips, "highlight_sensitivity": sensitivity,
        "keywords": listed(keywords), "highlight_clips": clips, "render": not plan,
        "export_format": export_format.lower(), "export_quality": quality.lower(), "upscale": upscale,
        "loudness": loudness, "captions": chosen(captions, CAPTIONS, "caption"),
        "timelines": chosen(timelines, TIMELINES, "timeline"),
    }  # fmt: skip
    wish = Wish("video", settings, Films(), concurrency=concurrency, again=again)
    check = None if no_transcript else check_speech
    raise typer.Exit(run(paths, out, wish, settings_of(data, workers), as_json=as_json, check=check))


@dataclass(frozen=True, slots=True)
class Films:
    """Takes all that came out."""

    def files(self, item: Item) -> dict[str, Output]:
        from reelyard.cli.desk import by_ending  # noqa: PLC0415

        return by_ending(item)

    def is_whole(self, endings: Collection[str]) -> bool:
        return bool(endings)

    def account(self, item: Item) -> Account:
        from reelyard.cli.desk import Account  # noqa: PLC0415
        from reelyard.cli.reporting import seconds  # noqa: PLC0415

        length, was = item.fact("film_s"), item.fact("source_s")
        cuts, way, found = item.fact("cuts"), item.fact("way"), item.fact("highlights")
        parts = [
            f"{seconds(length)} of {seconds(was)}" if length is not None and was is not None else "",
            f"{cuts} cut{'s' if cuts != 1 else ''}" if cuts is not None else "",
            str(way or ""),
            f"{len(found)} highlight{'s' if len(found) != 1 else ''}" if found is not None else "",
        ]
        lines = tuple(
            f"{seconds(one['start'])} {one['title']}: {'; '.join(one['reasons'])}"
            for one in (found or ())[:SHOWN]
        )
        facts = {"film_s": length, "source_s": was, "cuts": cuts, "way": way, "highlights": found}
        made_by = f"{item.fact('recogniser')} {item.fact('model')}" if item.fact("recogniser") else None
        return Account(", ".join(filter(None, parts)), facts, lines, made_by, item.fact("better"))


def _padding(text: str) -> tuple[float, float | None]:
    """Before and after, from “0.2” or “0.1,0.3”; raises InvalidInput."""
    try:
        values = [float(part) for part in text.split(",")]
        before, after = (values[0], None) if len(values) == 1 else (values[0], values[1])
        if len(values) <= 2 and all(0 <= value <= 2 for value in values):
            return before, after
    except ValueError:
        pass
    raise InvalidInput(
        f"“{text}” is no padding.", hint="Give seconds from 0 to 2: one number, or two with a comma."
    )
