"""What a worker does for an export: the outputs that stand for the items of a batch become one file, in their order.

Not for users to order: the engine runs the stage with the export as its subject, and gives it the clips as
artifacts under the roles clip-0001, clip-0002 and so on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import PurePosixPath

from reelyard.errors import Reject
from reelyard.kit.json import Json
from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.stage import Cost, Facts, Stage
from reelyard.tools.bundles.merge import (
    Clip,
    Tools,
    film_extension,
    merge_films,
    merge_sounds,
    merge_texts,
    merge_transcripts,
)
from reelyard.tools.bundles.opening import open_clips
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.limits import ProbeLimits

MOST_CLIPS = 10_000
LOOKING = 0.05  # of the progress, for what the clips are
MADE = ("merged.mp4", "merged.mov", "merged.webm", "merged.m4a", "merged.md", "merged.json")


class ClipTold(PipelineSettings):
    """What is known of one clip: its user's title, seconds, and the role that it has for its own item."""

    title: str
    duration_s: float | None
    role: str


class MergeSettings(PipelineSettings):
    """The clips in order."""

    clips: tuple[ClipTold, ...]


class Sort(StrEnum):
    """What can be joined with what."""

    FILM = "film"
    SOUND = "sound"
    TEXT = "text"
    TRANSCRIPT = "transcript"
    OTHER = "other"


_SORTS = {
    **dict.fromkeys((".mp4", ".mov", ".webm", ".mkv"), Sort.FILM),
    **dict.fromkeys((".m4a", ".mp3", ".wav", ".flac", ".ogg", ".opus", ".aac"), Sort.SOUND),
    **dict.fromkeys((".txt", ".md"), Sort.TEXT),
    ".json": Sort.TRANSCRIPT,
}

Numbered = tuple[int, ClipTold]


def sort_of(role: str) -> Sort:
    """By the ending of its role."""
    return _SORTS.get(PurePosixPath(role).suffix.lower(), Sort.OTHER)


def merge(limits: ProbeLimits, context: Context) -> Facts:
    """One file of all clips of the first one's sort; others are left out with a warning."""
    clips: Sequence[Numbered] = list(enumerate(context.settings.clips, start=1))
    sort = sort_of(clips[0][1].role)
    for _, clip in clips:
        if sort_of(clip.role) is not sort:
            context.warn(f"“{clip.title}” was left out: it cannot be joined with a {sort}.")
    chosen = [(number, clip) for number, clip in clips if sort_of(clip.role) is sort]
    if sort in (Sort.TEXT, Sort.TRANSCRIPT):
        return _documents(context, sort, chosen)
    if sort in (Sort.FILM, Sort.SOUND):
        return _media(context, limits, sort, chosen)
    raise Reject("What stands for these items cannot be joined.", hint="Export an archive instead.")


def _documents(context: Context, sort: Sort, chosen: Sequence[Numbered]) -> Facts:
    texts = [(clip.title, context.artifact(_role(number)).read_text("utf-8")) for number, clip in chosen]
    if sort is Sort.TEXT:
        context.out("merged.md").write_text(merge_texts(texts), "utf-8")
    else:
        value: Json = merge_transcripts([(title, json.loads(text)) for title, text in texts])
        context.out("merged.json").write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    return {"clips": len(chosen)}


def _media(context: Context, limits: ProbeLimits, sort: Sort, chosen: Sequence[Numbered]) -> Facts:
    clips = _clips(context, limits, chosen)
    last = len(clips)

    def tell(done: float) -> None:
        at = min(last, int(done * last) + 1)
        context.progress(LOOKING + (1 - LOOKING) * done, f"Joining {sort} {at} of {last}")

    join = merge_films if sort is Sort.FILM else merge_sounds
    extension = film_extension(clips) if sort is Sort.FILM else ".m4a"
    tools = Tools(ffmpeg(), context.run, context.workdir, context.part, tell)
    made = join(clips, context.out(f"merged{extension}"), tools)
    for warning in made.warnings:
        context.warn(warning)
    return {"clips": len(clips), "duration_s": made.duration_s, "conformed": list(made.conformed)}


def _clips(context: Context, limits: ProbeLimits, chosen: Sequence[Numbered]) -> list[Clip]:
    """The clips that can be read; the others are left out with a warning."""
    context.progress(0.0, f"Looking at {len(chosen)}")
    files = [(context.artifact(_role(number)), told.title) for number, told in chosen]
    found = []
    for (_, title), clip in zip(
        files, open_clips(files, run=context.run, workdir=context.workdir, limits=limits), strict=True
    ):
        if isinstance(clip, Reject):
            context.warn(f"“{title}” was left out: {clip.message}")
        else:
            found.append(clip)
    context.progress(LOOKING, f"Joining {len(found)}")
    if not found:
        raise Reject("None of the outputs can be read.", hint="Do the items again, then export once more.")
    return found


def _role(number: int) -> str:
    return f"clip-{number:04}"


def export_pipeline(limits: ProbeLimits) -> Pipeline:
    """The stage of an export; what is joined may be as long as `limits` allow for one file, many times over."""
    whole = replace(limits, max_duration_s=limits.max_duration_s * MOST_CLIPS)
    return Pipeline(
        name="exports",
        title="Exports",
        summary="What is done for an export.",
        accepts=frozenset(Kind),
        settings=MergeSettings,
        stages=(
            Stage(
                "merge",
                lambda context: merge(whole, context),
                uses=tuple(_role(number) for number in range(1, MOST_CLIPS + 1)),
                makes=MADE,
                outputs=MADE,
                cost=Cost(per_media_second=0.02, per_megabyte=0.01, fixed=1.0),
            ),
        ),
    )
