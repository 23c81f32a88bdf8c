"""Video: a film in; the film without its silences, its captions and its highlights out."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reelyard.kit.json import Json
from reelyard.kit.processes import runner_in
from reelyard.media.info import Kind
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Cost, Inventory, Pool, Stage
from reelyard.pipelines.caption_settings import CAPTION_STYLE
from reelyard.pipelines.film import analysis, rendering, texts
from reelyard.pipelines.speech import check_speech, speech_inventory
from reelyard.pipelines.video_settings import Captions, Timeline, VideoSettings
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.rendering.encoders import available_encoders, graphics_devices

REMOVING, DETECTING, EXPORTING = "removing_silence", "detecting_highlights", "exporting"
CONTAINERS = ("mp4", "mov", "webm")
MOST_CLIPS = rendering.MOST_CLIPS
FILMS = tuple(f"film.{each}" for each in CONTAINERS)
CAPTIONED = tuple(f"film-captioned.{each}" for each in CONTAINERS)
CLIPS = tuple(f"clip-{number:02}.{each}" for number in range(1, MOST_CLIPS + 1) for each in CONTAINERS)
SIDECARS = tuple(f"captions.{each}" for each in ("srt", "vtt", "txt"))
TIMELINES = tuple(f"timeline.{each}" for each in Timeline)
ENCODING = ("export_format", "export_quality", "upscale", "webm_codec", "loudness")
DRAWING = (*CAPTION_STYLE, "caption_size")


def check(settings: Any, inventory: Inventory) -> None:
    """Refuse what this installation cannot do; raises Refused."""
    if settings.transcribe:
        check_speech(settings, inventory)


def inventory() -> Mapping[str, Json]:
    """Recognisers and models, and the graphics card's encoders."""
    return {**speech_inventory(), "h264_encoders": list(graphics_encoders())}


def graphics_encoders() -> tuple[str, ...]:
    """The graphics card's H.264 encoders that work, best first."""
    if not graphics_devices():
        return ()
    with tempfile.TemporaryDirectory() as folder:
        return available_encoders(ffmpeg(), run=runner_in(Path(folder)))


def _embeds(settings: Any) -> bool:
    return bool(settings.render and settings.transcribe and Captions.EMBEDDED in settings.captions)


PIPELINE = Pipeline(
    name="video",
    title="Video",
    summary="Films without their silences, with captions and highlights, in the format you need.",
    accepts=frozenset({Kind.VIDEO}),
    settings=VideoSettings,
    stages=(
        Stage(
            "index",
            analysis.index,
            makes=("film-index.json",),
            cost=Cost(per_megabyte=0.002, fixed=0.5),
            share=0.5,
        ),
        *analysis.speech_stages(),
        Stage(
            "listen",
            analysis.listen,
            uses=("sound.pcm",),
            makes=("levels.bin",),
            enabled=analysis.listens,
            cost=Cost(per_media_second=0.001, fixed=0.3),
            share=0.5,
            phase=REMOVING,
        ),
        Stage(
            "silence",
            analysis.silence,
            reads=("detect", "silence_threshold", "min_silence_duration", "padding", "padding_after"),
            uses=("film-index.json", "levels.bin", "speech.json", "transcript.json"),
            makes=("cuts.json",),
            outputs=("cuts.json",),
            enabled=lambda settings: settings.remove_silence,
            cost=Cost(per_media_second=0.001, fixed=0.2),
            share=0.5,
            phase=REMOVING,
        ),
        Stage(
            "keep",
            analysis.keep,
            uses=("film-index.json",),
            makes=("cuts.json",),
            outputs=("cuts.json",),
            enabled=lambda settings: not settings.remove_silence,
            pool=Pool.LIGHT,
            memory_mb=64,
            share=0.1,
        ),
        Stage(
            "highlights",
            analysis.highlights,
            reads=("highlight_sensitivity", "keywords"),
            uses=("film-index.json", "levels.bin", "transcript.json"),
            makes=("moments.json",),
            enabled=lambda settings: settings.detect_highlights,
            cost=Cost(per_media_second=0.03, fixed=0.3),
            share=3,
            phase=DETECTING,
        ),
        Stage(
            "render",
            rendering.render_film,
            version=2,
            reads=ENCODING,
            uses=("film-index.json", "cuts.json"),
            makes=FILMS,
            outputs=FILMS,
            tools=rendering.encoder_of,
            enabled=lambda settings: settings.render and not settings.burns_captions,
            memory_mb=2048,
            cost=Cost(per_media_second=0.4, fixed=1),
            share=15,
            phase=EXPORTING,
        ),
        Stage(
            "burn",  # the same with captions drawn into the picture: only then do words and style change the film
            rendering.render_film,
            version=2,
            reads=(*ENCODING, *DRAWING),
            uses=("film-index.json", "cuts.json", "transcript.json"),
            makes=FILMS,
            outputs=FILMS,
            tools=rendering.encoder_of,
            enabled=lambda settings: settings.render and settings.burns_captions,
            memory_mb=2048,
            cost=Cost(per_media_second=0.8, fixed=1),
            share=15,
            phase=EXPORTING,
        ),
        Stage(
            "write",
            texts.write_texts,
            named=True,
            reads=("captions", *CAPTION_STYLE, "timelines"),
            uses=("cuts.json", "transcript.json", "moments.json"),
            makes=(*SIDECARS, texts.EMBEDDED, "highlights.json", *TIMELINES),
            outputs=(*SIDECARS, "highlights.json", *TIMELINES),
            memory_mb=128,
            cost=Cost(fixed=0.1),
            share=0.2,
            phase=EXPORTING,
        ),
        Stage(
            "embed",
            rendering.embed,
            reads=("export_format",),
            uses=(texts.EMBEDDED, "cuts.json", "transcript.json", *FILMS),
            makes=CAPTIONED,
            outputs=CAPTIONED,
            hides=FILMS,
            enabled=_embeds,
            cost=Cost(per_media_second=0.003, fixed=0.5),
            share=1,
            phase=EXPORTING,
        ),
        Stage(
            "clips",
            rendering.cut_clips,
            version=2,
            reads=("export_format", "webm_codec"),
            uses=("cuts.json", "moments.json", *FILMS),
            makes=CLIPS,
            outputs=CLIPS,
            tools=rendering.encoder_of,
            enabled=lambda settings: (
                settings.render and settings.highlight_clips and settings.detect_highlights
            ),
            memory_mb=2048,
            cost=Cost(per_media_second=0.1, fixed=1),
            share=3,
            phase=EXPORTING,
        ),
    ),
    check=check,
    inventory=inventory,
    primary=(*CAPTIONED, *FILMS),
    noun="video",
)
