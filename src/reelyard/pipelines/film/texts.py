"""What goes with a film: captions, highlights and timelines, all by its cut list."""

from __future__ import annotations

import json

from reelyard.errors import ToolFailed
from reelyard.kit.json import Json
from reelyard.media.cut_list import CutList, FilmClock
from reelyard.media.film_texts import FilmTexts
from reelyard.media.highlights import Highlights
from reelyard.media.transcript import Transcript
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts
from reelyard.pipelines.caption_settings import caption_style
from reelyard.pipelines.film.analysis import read_cuts, read_transcript
from reelyard.pipelines.video_settings import Captions
from reelyard.tools.captions import CaptionFormat, Cue, cues
from reelyard.tools.captions.writers import write, write_cues
from reelyard.tools.cutting.check import captions_inside
from reelyard.tools.timelines.edit import Edit, TimelineFormat
from reelyard.tools.timelines.writers import write as write_timeline

EMBEDDED = "captions.embed.srt"  # those of a track; for later stages only


def write_texts(context: Context) -> Facts:
    """Captions in the film's time, highlights in both times, and the edit for other programs."""
    cuts = read_cuts(context)
    facts: dict[str, Json] = {"film_s": round(float(cuts.duration), 3), "film_frames": cuts.kept_frames}
    transcript = film_transcript(context, cuts)
    if transcript is not None:
        facts["captions"] = _captions(context, transcript, cuts)
    found = film_highlights(context, cuts)
    if found is not None:
        context.out("highlights.json").write_text(json.dumps(found.to_json(), ensure_ascii=False), "utf-8")
        facts["highlights"] = _brief(found)
    for form in context.settings.timelines:
        edit = Edit(cuts, context.media, context.name)
        context.out(f"timeline.{form}").write_text(write_timeline(edit, TimelineFormat(form)), "utf-8")
    return facts


def film_transcript(context: Context, cuts: CutList) -> Transcript | None:
    """What is said in the film, in its own time; None when that is not known."""
    transcript = read_transcript(context)
    return None if transcript is None else FilmTexts(cuts).transcript(transcript)


def film_cues(context: Context, cuts: CutList) -> tuple[Cue, ...]:
    """The captions of the film; none when it is not known what is said."""
    transcript = film_transcript(context, cuts)
    return () if transcript is None else cues(transcript, caption_style(context))


def film_highlights(context: Context, cuts: CutList) -> Highlights | None:
    """The highlights with the film's times, too; None when none were looked for."""
    if not context.has("moments.json"):
        return None
    found = Highlights.from_json(json.loads(context.artifact("moments.json").read_bytes()))
    return found.in_film(FilmClock(cuts))


def _captions(context: Context, transcript: Transcript, cuts: CutList) -> list[Json]:
    style = caption_style(context)
    shown = cues(transcript, style)
    wrong = captions_inside(shown, cuts.duration)
    if wrong:
        raise ToolFailed(f"The captions do not fit the film: {wrong[0]}.")
    for form in context.settings.sidecars:
        text = write(transcript, CaptionFormat(form.value), style)
        context.out(f"captions.{form}").write_text(text, "utf-8")
    if Captions.EMBEDDED in context.settings.captions:
        context.out(EMBEDDED).write_text(write_cues(shown, CaptionFormat.SRT), "utf-8")
    if not shown:
        context.warn("nothing is said in the film: its captions are empty")
    return [form.value for form in context.settings.captions]


def _brief(found: Highlights) -> list[Json]:
    return [
        {
            "start": one.film_start,
            "end": one.film_end,
            "score": one.score,
            "title": one.title,
            "reasons": [reason.text for reason in one.reasons],
        }
        for one in found.found
        if one.film_start is not None
    ]
