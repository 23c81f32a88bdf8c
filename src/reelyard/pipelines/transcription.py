"""Transcription: sound or film in; text with times, captions and JSON out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from reelyard.errors import Reject, ToolFailed
from reelyard.kit.json import Json, JsonObject
from reelyard.media.info import Kind
from reelyard.media.transcript import Transcript
from reelyard.pipeline.context import Context, json_part
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.stage import Cost, Facts, Inventory, Pool, Stage
from reelyard.tools.captions import CaptionFormat, CueStyle, write
from reelyard.tools.speech import assembly, choice, service
from reelyard.tools.speech.languages import LANGUAGES
from reelyard.tools.speech.pcm import decode_pcm
from reelyard.tools.speech.recogniser import Detected, Identity, Task
from reelyard.tools.speech.windows import RATE, clock

WINDOW_TIME_S = (
    3600.0  # a window of 60 s on the largest model and the slowest processor, its loading included
)
LISTENED_TO = 3  # windows by which a language is detected


def _known_language(code: str) -> str:
    if code != choice.AUTO and code not in LANGUAGES:
        raise ValueError(
            f"“{code}” is not a language that can be recognised; use auto, or a code such as en, de, zh"
        )
    return code


class SpeechSettings(PipelineSettings):
    """What any pipeline that recognises speech lets its user choose."""

    language: Annotated[str, AfterValidator(_known_language)] = Field(
        choice.AUTO,
        title="Language",
        description="The language spoken: a code such as en or de, or auto to detect it.",
        json_schema_extra={"choices": {choice.AUTO: "Detect automatically", **LANGUAGES}},
    )
    recogniser: Literal["auto", "whisper", "pocketsphinx"] = Field(
        "auto",
        title="Recogniser",
        description="auto takes Whisper when a model is on the machine, else PocketSphinx (English only).",
    )
    model: str | None = Field(
        None,
        title="Model",
        description="The name of a Whisper model on this machine; empty takes the preferred one.",
        max_length=100,
        pattern=r"^[\w.-]+(/[\w.-]+)?$",
    )
    word_times: bool = Field(
        True, title="Word times", description="Note when each word was said; needed to click on a word."
    )


class TranscriptionSettings(SpeechSettings):
    """The settings of a transcription."""

    formats: tuple[CaptionFormat, ...] = Field(
        tuple(CaptionFormat),
        title="Formats",
        description="Plain text, SubRip or WebVTT captions. JSON with all details is always made.",
        min_length=1,
    )
    line_length: int = Field(
        42, ge=16, le=80, title="Caption line", description="Characters in a line of captions."
    )
    caption_lines: int = Field(2, ge=1, le=3, title="Caption lines", description="Lines shown at a time.")


def prepare(context: Context) -> Facts:
    """The sound as the recognisers want it: 16 kHz, mono, 16 bit."""
    if not context.media.audio:
        raise Reject("The file has no sound.", code="no_audio", hint="Choose a file with a sound track.")
    pcm = context.out("sound.pcm")
    context.run(decode_pcm(context.input, pcm))
    seconds = pcm.stat().st_size / 2 / RATE
    if seconds == 0:
        raise Reject("No sound could be read from the file.", hint="Check that it plays in a player.")
    expected = context.media.duration_s or 0.0
    if seconds < expected * 0.95 - 1:
        context.warn(
            f"only {clock(seconds)} of {clock(expected)} could be read; the file is damaged or cut short"
        )
    return {"seconds": round(seconds, 3)}


def detect(context: Context) -> Facts:
    """Where there is speech."""
    pcm = context.artifact("sound.pcm")
    total = pcm.stat().st_size // 2

    def on_event(event: JsonObject) -> None:
        done: Any = event["done"]
        context.progress(done / total, f"listened to {clock(done / RATE)}")

    answer = context.ask(
        service.speech_service(os.environ),
        service.detect(pcm),
        timeout_s=120 + total / RATE / 10,
        on_event=on_event,
    )
    context.out("speech.json").write_text(json.dumps(answer), "utf-8")
    speech = assembly.SpeechMap.from_json(answer)
    return {"speech_s": speech.speech_s, "windows": len(speech.windows), "gaps": len(speech.gaps)}


def transcribe(context: Context) -> Facts:
    """What is said, window by window; each window is a part."""
    speech = assembly.SpeechMap.from_json(json.loads(context.artifact("speech.json").read_bytes()))
    by = Identity.from_json(context.tools)
    language = _language(context, speech, by)
    texts: list[assembly.WindowText] = []
    done, total = 0.0, sum(window.seconds for window in speech.windows)
    for window in speech.windows:
        task = Task(window, language.language, word_times=context.settings.word_times)
        texts.append(_window(context, task, by, (done, total)))
        done += window.seconds
        context.progress(done / total, f"{clock(window.end / RATE)} of {clock(speech.seconds)}")
    if texts and all(text.failed for text in texts):
        raise ToolFailed(
            "The recogniser failed on the whole recording.", hint="Try another recogniser or model."
        )
    transcript = assembly.assemble(speech, texts, language if texts else None, by)
    if texts and context.settings.language == choice.AUTO and language.probability is None:
        context.warn(f"the language was not detected, since {by.recogniser} ({by.model}) knows English only")
    for warning in transcript.warnings:
        context.warn(warning)
    context.out("transcript.json").write_text(write(transcript, CaptionFormat.JSON), "utf-8")
    better = choice.better(by)
    return {**assembly.summary(transcript), "better": better, "degraded": any(text.failed for text in texts)}


def _language(context: Context, speech: assembly.SpeechMap, by: Identity) -> Detected:
    """The language asked for, or the one that is heard in the first windows."""
    asked = context.settings.language
    if asked != choice.AUTO or not speech.windows:
        return Detected(asked, None)
    heard = list(speech.windows[:LISTENED_TO])
    request = service.detect_language(context.artifact("sound.pcm"), heard, by)
    key: JsonObject = {"language of": [window.to_json() for window in heard]}
    return Detected(**json_part(context, key, lambda: _ask(context, request)))


def _window(context: Context, task: Task, by: Identity, so_far: tuple[float, float]) -> assembly.WindowText:
    """The text of one window, kept as a part; one on which the recogniser fails is not kept."""
    done, total = so_far

    def on_event(event: JsonObject) -> None:
        segment: Any = event["segment"]
        heard = max(0.0, segment["end"] - task.window.start / RATE)
        live = {name: segment[name] for name in ("start", "end", "text")}
        context.progress(min(done + heard, total) / total, live={"segment": live})

    request = service.transcribe(context.artifact("sound.pcm"), task, by)
    key: JsonObject = {
        "window": task.window.to_json(),
        "language": task.language,
        "word_times": task.word_times,
    }
    try:
        return assembly.WindowText.from_answer(
            task.window, json_part(context, key, lambda: _ask(context, request, on_event))
        )
    except ToolFailed:
        return assembly.WindowText(task.window, failed=True)


def _ask(
    context: Context, request: JsonObject, on_event: Callable[[JsonObject], None] | None = None
) -> JsonObject:
    return context.ask(
        service.speech_service(os.environ), request, timeout_s=WINDOW_TIME_S, on_event=on_event
    )


def export(context: Context) -> Facts:
    """The files of the formats that were ordered, from the newest revision of the transcript."""
    transcript = Transcript.from_json(json.loads(context.artifact("transcript.json").read_bytes()))
    style = CueStyle(line_length=context.settings.line_length, lines=context.settings.caption_lines)
    for form in context.settings.formats:
        if form is not CaptionFormat.JSON:
            context.out(f"transcript.{form}").write_text(write(transcript, form, style), "utf-8")
    return {**assembly.summary(transcript), "formats": sorted({*context.settings.formats, "json"})}


def _tools(settings: Any, inventory: Inventory) -> dict[str, Json]:
    return choice.resolve(settings.recogniser, settings.model, inventory).to_json()


def _detector(_settings: Any, inventory: Inventory) -> dict[str, Json]:
    return {"detector": inventory.get("detector")}


def _check(settings: Any, inventory: Inventory) -> None:
    choice.check(settings.recogniser, settings.model, settings.language, inventory)


SPEECH_STAGES = (
    Stage("prepare", prepare, makes=("sound.pcm",), cost=Cost(per_media_second=0.004), share=1),
    Stage(
        "detect",
        detect,
        uses=("sound.pcm",),
        makes=("speech.json",),
        tools=_detector,
        cost=Cost(0.004, fixed=1),
        share=1,
    ),
    Stage(
        "transcribe",
        transcribe,
        reads=("language", "recogniser", "model", "word_times"),
        uses=("sound.pcm", "speech.json"),
        makes=("transcript.json",),
        outputs=("transcript.json",),
        tools=_tools,
        memory_mb=1024,
        cost=Cost(per_media_second=0.3, fixed=1),
        share=20,
        silence_s=WINDOW_TIME_S,
    ),
)
FILES = ("transcript.txt", "transcript.srt", "transcript.vtt")

PIPELINE = Pipeline(
    name="transcription",
    title="Transcription",
    summary="Text with times, captions and confidence from sound and film.",
    accepts=frozenset({Kind.AUDIO, Kind.VIDEO}),
    settings=TranscriptionSettings,
    stages=(
        *SPEECH_STAGES,
        Stage(
            "write",
            export,
            reads=("formats", "line_length", "caption_lines"),
            uses=("transcript.json",),
            makes=FILES,
            outputs=FILES,
            pool=Pool.LIGHT,
            memory_mb=64,
            share=0.2,
        ),
    ),
    check=_check,
    inventory=lambda: choice.inventory(os.environ),
)
