"""Looking at a film and deciding: its frames, its loudness, what is silence, which moments stand out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reelyard.errors import Reject, Skip
from reelyard.kit.json import JsonObject
from reelyard.media.cut_list import CutList
from reelyard.media.highlights import Sensitivity
from reelyard.media.info import Kind
from reelyard.media.transcript import Transcript, Word
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts, Stage
from reelyard.pipelines.speech import SPEECH_STAGES
from reelyard.tools.cutting import silence as deciding
from reelyard.tools.cutting.cost import decide
from reelyard.tools.cutting.film_index import FilmIndex, film_index
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.highlights.finding import look
from reelyard.tools.highlights.scenes import changes_at_keyframes, scene_changes
from reelyard.tools.highlights.signals import Signals
from reelyard.tools.sound.levels import Levels, measure
from reelyard.tools.speech.assembly import SpeechMap

NO_SOUND = "the film has no sound"


def index(context: Context) -> Facts:
    """Which frames the film has, and from which of them the rest can be copied."""
    if context.media.kind is not Kind.VIDEO:
        raise Reject(
            "There is no film in it.",
            code="wrong_kind",
            hint="Send a film; recordings can be transcribed, texts told as stories.",
        )
    found = film_index(
        Source(context.input, context.media), run=context.run, target=context.workdir / "index"
    )
    for warning in context.media.warnings:
        context.warn(warning)
    context.out("film-index.json").write_text(json.dumps(found.to_json()), "utf-8")
    facts: JsonObject = {
        "source_s": round(float(found.frames / found.rate), 3),
        "source_frames": found.frames,
        "source_rate": str(found.rate),
        "constant_rate": found.constant,
    }
    return facts


def listen(context: Context) -> Facts:
    """How loud it is, 10 ms by 10 ms."""
    _sounding(context)
    levels = measure(context.artifact("sound.pcm"), context.out("levels.bin"), run=context.run)
    return {"loudest_db": max(levels.db, default=-96)}


def silence(context: Context) -> Facts:
    """What is silent and goes."""
    frames = read_index(context)
    settings = context.settings
    after = settings.padding if settings.padding_after is None else settings.padding_after
    rules = deciding.SilenceRules(settings.min_silence_duration, settings.padding, after)
    film = deciding.Frames(frames.rate, frames.start, frames.frames)
    decided = deciding.decide(film, _heard(context), rules, _words(context))
    if not context.media.audio:
        context.warn(f"nothing was cut: {NO_SOUND}")
    for warning in decided.warnings:
        context.warn(warning)
    return _written(context, decide(decided.cuts, frames, context.media).cuts)


def keep(context: Context) -> Facts:
    """All of it stays; there is a list all the same, in which its user may cut."""
    frames = read_index(context)
    return _written(context, CutList.whole(frames.rate, frames.start, frames.frames))


def highlights(context: Context) -> Facts:
    """Which moments stand out, and why."""
    frames, asked = read_index(context), Sensitivity(context.settings.highlight_sensitivity)
    transcript = read_transcript(context)
    signals = Signals(
        float(frames.start + frames.frames / frames.rate),
        read_levels(context),
        transcript,
        _scenes(context, frames, asked),
    )
    found = look(signals, asked, context.settings.keywords)
    if context.settings.keywords and transcript is None:
        context.warn("no keyword was looked for, since it is not known what is said")
    context.out("moments.json").write_text(json.dumps(found.to_json()), "utf-8")
    return {"found": len(found.found), "looked_at": list(found.looked_at)}


def _scenes(context: Context, frames: FilmIndex, asked: Sensitivity) -> tuple[float, ...]:
    if asked.looks_at_pictures:
        source = Source(context.input, context.media)
        return scene_changes(source, ffmpeg=ffmpeg(), run=context.run, tell=context.progress)
    times = [float(frames.start + number / frames.rate) for number in frames.keyframes]
    return changes_at_keyframes(times, float(1 / frames.rate))


def read_index(context: Context) -> FilmIndex:
    """The film's frames, as `index` found them."""
    return FilmIndex.from_json(json.loads(context.artifact("film-index.json").read_bytes()))


def read_cuts(context: Context) -> CutList:
    """The newest revision of the cut list. Raises Reject where nothing of the film would be left."""
    cuts = CutList.from_json(json.loads(context.artifact("cuts.json").read_bytes()))
    if cuts.kept_frames == 0:
        raise Reject(
            "Nothing of the film would be left.",
            code="nothing_left",
            hint="Restore some of the cuts, then render it again.",
        )
    return cuts


def read_transcript(context: Context) -> Transcript | None:
    """The newest revision of what is said, if that is known."""
    if not context.has("transcript.json"):
        return None
    return Transcript.from_json(json.loads(context.artifact("transcript.json").read_bytes()))


def read_levels(context: Context) -> Levels | None:
    """The level curve, if the film has sound."""
    return (
        Levels.from_bytes(context.artifact("levels.bin").read_bytes()) if context.has("levels.bin") else None
    )


def of_films(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Stages that listen, for films: one without sound is no fault, it only has nothing to hear."""

    def made(stage: Stage) -> Stage:
        def run(context: Context) -> Facts:
            _sounding(context)
            return stage.run(context)

        return replace(stage, run=run)

    return tuple(made(stage) for stage in stages)


def speech_stages() -> tuple[Stage, ...]:
    """Those of transcription, the same to the cache, each as its settings ask for it."""
    prepare, detect, transcribe = of_films(SPEECH_STAGES)
    return (
        replace(prepare, enabled=lambda settings: settings.needs_sound),
        replace(detect, enabled=_listens_for_speech),
        replace(transcribe, enabled=lambda settings: settings.transcribe),
    )


def listens(settings: Any) -> bool:
    """Whether loudness matters to any stage."""
    return bool(settings.remove_silence or settings.detect_highlights)


def _listens_for_speech(settings: Any) -> bool:
    return bool(settings.transcribe or (settings.remove_silence and settings.detect == "speech"))


def _sounding(context: Context) -> None:
    if not context.media.audio:
        raise Skip(NO_SOUND)


def _heard(context: Context) -> deciding.Heard | None:
    levels = read_levels(context)
    if context.settings.detect == "speech" and context.has("speech.json"):
        speech = SpeechMap.from_json(json.loads(context.artifact("speech.json").read_bytes()))
        return deciding.by_speech(speech, levels)
    return deciding.by_level(levels, context.settings.silence_threshold) if levels else None


def _words(context: Context) -> tuple[Word, ...]:
    transcript = read_transcript(context)
    return () if transcript is None else tuple(word for each in transcript.segments for word in each.words)


def _written(context: Context, cuts: CutList) -> Facts:
    context.out("cuts.json").write_text(json.dumps(cuts.to_json()), "utf-8")
    gone = sum(not span.keep for span in cuts.spans)
    removed = cuts.frames - cuts.kept_frames
    return {"cuts": gone, "removed_s": round(float(removed / cuts.rate), 3)}
