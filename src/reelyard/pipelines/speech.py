"""Recognising speech: the settings and stages that transcription and video have in common."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from reelyard.errors import Reject, ToolFailed
from reelyard.kit.json import Json, JsonObject
from reelyard.media.info import Kind
from reelyard.pipeline.context import Context, json_part
from reelyard.pipeline.pipeline import PipelineSettings
from reelyard.pipeline.stage import Cost, Facts, Inventory, Stage
from reelyard.tools.captions import CaptionFormat, write
from reelyard.tools.ffmpeg.decode import decode
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.speech import assembly, choice, service
from reelyard.tools.speech.languages import LANGUAGES
from reelyard.tools.speech.recogniser import Detected, Identity, RecogniserName, Task
from reelyard.tools.speech.windows import RATE, clock

WINDOW_TIME_S = 1800.0  # 60 s of sound by the largest model on one slow core, its loading included
LANGUAGE_CHOICES: list[Any] = [[choice.AUTO, "Detect automatically"], *map(list, LANGUAGES.items())]
PHASE = "transcribing"
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
        json_schema_extra={"group": "Speech", "choices": LANGUAGE_CHOICES},
    )
    recogniser: Literal["auto", "whisper", "pocketsphinx"] = Field(
        "auto",
        title="Recogniser",
        description="auto takes Whisper when a model is on the machine, else PocketSphinx (English only).",
        json_schema_extra={"group": "Speech"},
    )
    model: str | None = Field(
        None,
        title="Model",
        description="The name of a Whisper model on this machine; empty takes the preferred one.",
        json_schema_extra={"group": "Speech", "advanced": True, "choices_from": "whisper.models"},
        max_length=100,
        pattern=r"^[\w.-]+(/[\w.-]+)?$",
    )
    word_times: bool = Field(
        True,
        title="Word times",
        description="Note when each word was said; needed to click on a word.",
        json_schema_extra={"group": "Speech", "advanced": True},
    )


def prepare(context: Context) -> Facts:
    """The sound as the recognisers want it: 16 kHz, mono, 16 bit, timed from the file's start."""
    if context.media.kind is Kind.DOCUMENT:  # known only after the batch took it
        raise Reject(
            "It is a text, not sound or film.",
            code="wrong_kind",
            hint="Send a recording or a film; texts can be told as stories.",
        )
    source = Source(context.input, context.media)
    pcm = context.out("sound.pcm")
    decoded = decode(source, pcm, ffmpeg=ffmpeg(), run=context.run, tell=context.progress)
    for warning in decoded.warnings:
        context.warn(warning)
    return {"seconds": round(decoded.duration_s, 3)}


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
    failures = [text.failure for text in texts if text.failure]
    if texts and len(failures) == len(texts):
        raise ToolFailed(failures[0], hint="Try another recogniser or model.")
    transcript = assembly.assemble(speech, texts, language if texts else None, by)
    for warning in (*_doubts(context, by, language if texts else None), *transcript.warnings):
        context.warn(warning)
    context.out("transcript.json").write_text(write(transcript, CaptionFormat.JSON), "utf-8")
    better = choice.better(by)
    return {**assembly.summary(transcript), "better": better, "degraded": bool(failures)}


def _doubts(context: Context, by: Identity, language: Detected | None) -> Iterator[str]:
    """What the reader of a text by this recogniser should know."""
    if language is None:
        return
    if context.settings.language == choice.AUTO and language.probability is None:
        yield f"the language was not detected, since {by.recogniser} ({by.model}) knows English only"
    if by.recogniser == RecogniserName.POCKETSPHINX and context.media.audio[0].sample_rate < RATE:
        yield "the sound is of telephone quality, in which pocketsphinx gets about two words in three wrong"


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
    before, total = so_far
    furthest = before

    def on_event(event: JsonObject) -> None:
        nonlocal furthest
        segment: Any = event["segment"]
        heard = before + segment["end"] - task.window.start / RATE
        furthest = min(max(furthest, heard), total)
        live = {name: segment[name] for name in ("start", "end", "text")}
        context.progress(furthest / total, clock(segment["end"]), live={"segment": live})

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
    except ToolFailed as error:
        return assembly.WindowText(task.window, failure=error.message)


def _ask(
    context: Context, request: JsonObject, on_event: Callable[[JsonObject], None] | None = None
) -> JsonObject:
    return context.ask(
        service.speech_service(os.environ), request, timeout_s=WINDOW_TIME_S, on_event=on_event
    )


def _tools(settings: Any, inventory: Inventory) -> dict[str, Json]:
    return choice.resolve(settings.recogniser, settings.model, inventory).to_json()


def _detector(_settings: Any, inventory: Inventory) -> dict[str, Json]:
    return {"detector": inventory.get("detector")}


def check_speech(settings: Any, inventory: Inventory) -> None:
    """Refuse a recogniser, model or language that this installation has not; raises Refused."""
    choice.check(settings.recogniser, settings.model, settings.language, inventory)


def speech_inventory() -> dict[str, Json]:
    """The recognisers and models of this machine."""
    return choice.inventory(os.environ)


SPEECH_STAGES = (
    Stage(
        "prepare",
        prepare,
        makes=("sound.pcm",),
        transient=("sound.pcm",),
        phase=PHASE,
        cost=Cost(per_media_second=0.004),
        share=1,
    ),
    Stage(
        "detect",
        detect,
        uses=("sound.pcm",),
        makes=("speech.json",),
        tools=_detector,
        phase=PHASE,
        cost=Cost(per_media_second=0.002, fixed=1),
        share=1,
    ),
    Stage(
        "transcribe",
        transcribe,
        reads=("language", "word_times"),
        uses=("sound.pcm", "speech.json"),
        makes=("transcript.json",),
        outputs=("transcript.json",),
        tools=_tools,  # recogniser and model as resolved: auto and what it means are the same work
        memory_mb=1024,
        cost=Cost(per_media_second=0.3, fixed=1),
        share=20,
        silence_s=WINDOW_TIME_S,
        phase=PHASE,
    ),
)
