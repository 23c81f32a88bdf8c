"""`reelyard narrate`: texts in; narrated, illustrated stories out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from reelyard.cli.options import (
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
from reelyard.cli.stories import AUTO, Stories, check_story
from reelyard.cli.working import run

CAPTIONS = ("srt", "vtt", "burnt")
TEXT, NARRATION, PICTURES, FILM = "The text", "Narration", "Pictures", "The film"

WordsPerChunk = Annotated[
    int,
    typer.Option(
        "--words-per-chunk", "-n",
        min=20,
        max=2000,
        metavar="N",
        help="About so many words to a picture; chunks end where sentences end.",
        rich_help_panel=TEXT,
    ),
]  # fmt: skip
Language = Annotated[
    str,
    typer.Option(
        "--language",
        "-l",
        help="Of the text: a code such as en or de; auto detects it.",
        rich_help_panel=TEXT,
    ),
]
Rewrite = Annotated[
    str | None,
    typer.Option(
        "--rewrite",
        metavar="HOW",
        help="Let the configured text server tell the text anew first: “for children of five”.",
        show_default="told as it is",
        rich_help_panel=TEXT,
    ),
]
Audio = Annotated[bool, typer.Option("--audio/--no-audio", help="Read it aloud.", rich_help_panel=NARRATION)]
Voice = Annotated[
    str,
    typer.Option(
        "--voice", "-v",
        help="A name from “reelyard voices”; auto takes the best one here for the text's language.",
        rich_help_panel=NARRATION,
    ),
]  # fmt: skip
Rate = Annotated[
    float,
    typer.Option(
        min=0.5, max=2.0, help="1 is the voice's own pace, 2 twice as fast.", rich_help_panel=NARRATION
    ),
]
Pitch = Annotated[
    float,
    typer.Option(
        min=-12,
        max=12,
        metavar="SEMITONES",
        help="Higher or lower, where the voice can.",
        rich_help_panel=NARRATION,
    ),
]
Pause = Annotated[
    float,
    typer.Option(min=0, max=5, metavar="S", help="Silence between paragraphs.", rich_help_panel=NARRATION),
]
Manner = Annotated[
    str,
    typer.Option(
        metavar="HOW", help="How to speak, for voices that take instructions.", rich_help_panel=NARRATION
    ),
]
Format = Annotated[str, typer.Option("--format", "-f", help="m4a, mp3 or wav.", rich_help_panel=NARRATION)]
Loudness = Annotated[
    float,
    typer.Option(
        min=-36,
        max=-9,
        metavar="LUFS",
        help="-18 audio books, -16 podcasts, -14 video platforms.",
        rich_help_panel=NARRATION,
    ),
]
Images = Annotated[
    bool,
    typer.Option("--images/--no-images", help="Make a picture for each chunk.", rich_help_panel=PICTURES),
]
Style = Annotated[
    str,
    typer.Option("--style", "-s", help="watercolour, paper-cut, pencil or night.", rich_help_panel=PICTURES),
]
Shape = Annotated[
    str, typer.Option(help="16:9, 9:16 or 1:1, of pictures and film.", rich_help_panel=PICTURES)
]
Prompt = Annotated[
    str,
    typer.Option(
        "--prompt", "-p",
        metavar="WORDS",
        help="Said of every picture besides the chunk's own words: place, time, mood, people.",
        rich_help_panel=PICTURES,
    ),
]  # fmt: skip
Maker = Annotated[
    str,
    typer.Option(
        help="drawn by Reelyard itself, or by the configured image server; auto takes that where there is one.",
        rich_help_panel=PICTURES,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=2**31 - 1,
        metavar="N",
        help="Another number draws other pictures.",
        show_default="by the text, so always the same",
        rich_help_panel=PICTURES,
    ),
]
Film = Annotated[
    bool,
    typer.Option(
        "--film/--no-film", help="Put narration and pictures together; it needs both.", rich_help_panel=FILM
    ),
]
Movement = Annotated[
    str,
    typer.Option(
        help="gentle moves slowly over each picture; still is made several times as fast.",
        rich_help_panel=FILM,
    ),
]
Crossfade = Annotated[
    float,
    typer.Option(
        min=0, max=3, metavar="S", help="From one picture to the next; 0 cuts.", rich_help_panel=FILM
    ),
]
Quality = Annotated[str, typer.Option("--quality", "-q", help="720p or 1080p.", rich_help_panel=FILM)]
CaptionsOption = Annotated[
    list[str],
    typer.Option(
        "--captions",
        help=f"Some of {', '.join(CAPTIONS)}, or none; repeat it or use commas.",
        rich_help_panel=FILM,
    ),
]
SpendingLimit = Annotated[
    float | None,
    typer.Option(
        min=0,
        metavar="AMOUNT",
        help="What text, speech and image servers may cost for all of it, in the currency of the configured prices.",
        show_default="no limit",
    ),
]


def narrate(
    paths: Paths,
    out: Out = Path("stories"),
    words_per_chunk: WordsPerChunk = 80,
    language: Language = AUTO,
    rewrite: Rewrite = None,
    audio: Audio = True,
    voice: Voice = AUTO,
    rate: Rate = 1.0,
    pitch: Pitch = 0.0,
    pause: Pause = 0.6,
    manner: Manner = "",
    audio_format: Format = "m4a",
    loudness: Loudness = -18.0,
    images: Images = True,
    style: Style = "watercolour",
    shape: Shape = "16:9",
    prompt: Prompt = "",
    maker: Maker = AUTO,
    seed: Seed = None,
    film: Film = True,
    movement: Movement = "gentle",
    crossfade: Crossfade = 0.6,
    quality: Quality = "1080p",
    captions: CaptionsOption = ["srt", "vtt"],  # noqa: B006 - typer reads it and never changes it
    spending_limit: SpendingLimit = None,
    concurrency: Concurrency = 2,
    again: Again = False,
    data: Data = None,
    workers: Workers = None,
    as_json: AsJson = False,
) -> None:
    """Tell texts as stories: read aloud, a picture for each chunk, and a film of both.

    Takes TXT, MD, DOCX and DOC. Each story gets a folder named after its text, with story.mp4, narration, captions,
    text and cover, and in chunks/ the sound and the picture of each chunk.

    Works by itself, and through the server when one holds the data folder. What was finished before is skipped;
    another choice redoes only what depends on it. “reelyard chunks” changes single chunks afterwards.

    For example:

    reelyard narrate lighthouse.txt

    reelyard narrate tales/ --voice de --style paper-cut --words-per-chunk 60 --captions srt,burnt

    reelyard narrate report.docx --no-images --format mp3
    """
    from reelyard.cli.desk import Wish  # noqa: PLC0415 - httpx and pydantic
    from reelyard.cli.sources import likely  # noqa: PLC0415
    from reelyard.media.info import Kind  # noqa: PLC0415

    settings: dict[str, Any] = {
        "audio": audio, "images": images, "film": film, "words_per_chunk": words_per_chunk,
        "language": language.lower(), "rewrite": rewrite is not None, "rewrite_prompt": rewrite or "",
        "voice": voice, "rate": rate, "pitch": pitch, "paragraph_pause": pause, "audio_prompt": manner,
        "audio_format": audio_format.lower(), "loudness": loudness, "image_style": style.lower(),
        "image_prompt": prompt, "image_shape": shape, "image_maker": maker.lower(), "seed": seed,
        "movement": movement.lower(), "crossfade": crossfade, "film_quality": quality.lower(),
        "captions": chosen(captions, CAPTIONS, "caption"),
    }  # fmt: skip
    besides = {"spending_limit": spending_limit}
    wish = Wish("story", settings, Stories(), besides, concurrency, again, likely("text", {Kind.DOCUMENT}))
    raise typer.Exit(run(paths, out, wish, settings_of(data, workers), as_json=as_json, check=check_story))
