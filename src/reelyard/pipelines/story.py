"""Story: a text in; told in chunks, read aloud, drawn, and put together as a narrated film."""

from __future__ import annotations

from typing import Any

from reelyard.media.info import Kind
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Cost, Inventory, Pool, Stage
from reelyard.pipelines.caption_settings import CAPTION_STYLE
from reelyard.pipelines.story_settings import StorySettings
from reelyard.pipelines.telling import film, pictures, servers, text, voice
from reelyard.tools.servers.configured import ServerKind, required

STORY, AUDIO, IMAGES = "story", "audio", "images"  # the steps that users know
PACING = ("rate", "pitch", "paragraph_pause", "loudness", "audio_prompt")
ASKING_S = 1_800.0  # a server may be slow, and others may be served first
FILM = ("image_shape", "film_quality", "movement", "crossfade")


def check(settings: Any, inventory: Inventory) -> None:
    """Refuse what this installation cannot do; raises Refused."""
    if settings.audio:
        voice.check_voice(settings, inventory)
    if settings.rewrite:
        required(ServerKind.TEXT, inventory)
    if settings.images and settings.image_maker == "server":
        required(ServerKind.IMAGE, inventory)


def _film_stage(name: str, *, burnt: bool) -> Stage:
    """The film; only with captions drawn into it does their style change it."""
    return Stage(
        name,
        film.film,
        reads=(*FILM, "captions", *CAPTION_STYLE, "caption_size") if burnt else FILM,
        uses=(
            text.CHUNKS,
            voice.TIMING,
            *((voice.TIMES,) if burnt else ()),
            *voice.WHOLE,
            *pictures.PICTURES,
        ),
        makes=(film.FILM,),
        outputs=(film.FILM,),
        enabled=lambda settings: settings.makes_film and settings.burns_captions is burnt,
        memory_mb=1024,
        cost=Cost(per_megabyte=20_000, fixed=2),  # a text of 5 KB is a film of 6 minutes
        share=10,
        phase=IMAGES,
    )


PIPELINE = Pipeline(
    name="story",
    title="Story",
    summary="Texts read aloud, drawn, and told as narrated films.",
    accepts=frozenset({Kind.DOCUMENT}),
    settings=StorySettings,
    stages=(
        Stage(
            "read",
            text.read,
            reads=("language",),
            makes=(text.DOCUMENT,),
            named=True,
            memory_mb=256,
            cost=Cost(per_megabyte=3, fixed=0.5),
            share=0.5,
            phase=STORY,
        ),
        Stage(
            "rewrite",
            text.tell_anew,
            reads=("rewrite_prompt", "rewrite_length"),
            uses=(text.DOCUMENT,),
            makes=(text.TOLD,),
            tools=servers.text_tools,
            price=servers.text_price,
            enabled=lambda settings: settings.rewrite,
            memory_mb=128,
            cost=Cost(per_megabyte=10_000, fixed=5),
            share=4,
            silence_s=ASKING_S,
            phase=STORY,
        ),
        Stage(
            "chunk",
            text.chunk,
            version=2,
            reads=("words_per_chunk",),
            uses=(text.DOCUMENT, text.TOLD),
            makes=(text.CHUNKS,),
            outputs=(text.CHUNKS,),
            memory_mb=128,
            cost=Cost(per_megabyte=5, fixed=0.1),
            share=0.5,
            phase=STORY,
        ),
        Stage(
            "write",
            text.write,
            uses=(text.CHUNKS,),
            makes=(text.TEXT,),
            outputs=(text.TEXT,),
            pool=Pool.LIGHT,
            memory_mb=64,
            share=0.1,
            phase=STORY,
        ),
        Stage(
            "narrate",
            voice.narrate,
            reads=("voice", *PACING),
            uses=(text.CHUNKS,),
            makes=voice.SPEECH,
            renews=voice.SPEECH,
            tools=voice.voices_of,
            price=servers.speech_price,
            silence_s=ASKING_S,
            enabled=lambda settings: settings.audio,
            cost=Cost(per_megabyte=300, fixed=1),
            share=5,
            phase=AUDIO,
        ),
        Stage(
            "sound",
            voice.sound,
            reads=("audio_format",),
            uses=(text.CHUNKS, *voice.SPEECH),
            makes=(*voice.NARRATIONS, *voice.WHOLE, voice.TIMES, voice.TIMING),
            outputs=(*voice.NARRATIONS, *voice.WHOLE),
            enabled=lambda settings: settings.audio,
            cost=Cost(per_megabyte=200, fixed=1),
            share=3,
            phase=AUDIO,
        ),
        Stage(
            "caption",
            voice.caption,
            reads=("captions", *CAPTION_STYLE),
            uses=(voice.TIMES,),
            makes=voice.CAPTIONS,
            outputs=voice.CAPTIONS,
            enabled=lambda settings: settings.audio,
            pool=Pool.LIGHT,
            memory_mb=64,
            share=0.2,
            phase=AUDIO,
        ),
        Stage(
            "look",
            pictures.look,
            reads=("image_style", "image_prompt", "seed"),
            uses=(text.DOCUMENT, text.TOLD),
            makes=(pictures.LOOK,),
            enabled=lambda settings: settings.images,
            pool=Pool.LIGHT,
            memory_mb=128,
            share=0.2,
            phase=IMAGES,
        ),
        Stage(
            "illustrate",
            pictures.illustrate,
            reads=("image_shape", "image_failure"),
            uses=(text.CHUNKS, text.DOCUMENT, text.TOLD, pictures.LOOK),
            makes=(*pictures.PICTURES, pictures.COVER, pictures.LIST),
            outputs=(*pictures.PICTURES, pictures.COVER),
            renews=(*pictures.PICTURES, pictures.COVER, pictures.LIST),
            tools=servers.image_tools,
            price=servers.image_price,
            silence_s=ASKING_S,
            enabled=lambda settings: settings.images,
            memory_mb=1024,
            cost=Cost(per_megabyte=2_000, fixed=1),  # a picture to each half kilobyte
            share=10,
            phase=IMAGES,
        ),
        _film_stage("film", burnt=False),
        _film_stage("film_with_captions", burnt=True),
    ),
    check=check,
    inventory=servers.inventory,
    primary=(film.FILM, *voice.WHOLE, text.TEXT),
    spending_limit=lambda settings: settings.spending_limit,
    noun="story",
)
