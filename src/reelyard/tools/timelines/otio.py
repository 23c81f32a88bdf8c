"""OpenTimelineIO: picture and sound as tracks of clips, by the library of that name."""

from __future__ import annotations

from typing import Any

from reelyard.tools.timelines.edit import Edit


def otio(edit: Edit) -> str:
    """The timeline as the library's JSON."""
    import opentimelineio  # noqa: PLC0415  # heavy

    library: Any = opentimelineio
    schema = library.schema
    timeline = schema.Timeline(name=edit.title, global_start_time=_time(library, 0, edit))
    kinds = [("Picture", schema.TrackKind.Video)]
    if edit.sound is not None:
        kinds.append(("Sound", schema.TrackKind.Audio))
    for name, kind in kinds:
        track = schema.Track(name=name, kind=kind)
        for kept in edit.cuts.kept:
            track.append(_clip(library, edit, kept.start, len(kept)))
        timeline.tracks.append(track)
    written: str = library.adapters.write_to_string(timeline, "otio_json")
    return written + "\n"


def _clip(library: Any, edit: Edit, start: int, length: int) -> Any:
    first = edit.clock.first
    file = library.schema.ExternalReference(
        target_url=edit.address, available_range=_range(library, edit, first, edit.cuts.frames)
    )
    return library.schema.Clip(
        name=edit.title, media_reference=file, source_range=_range(library, edit, first + start, length)
    )


def _range(library: Any, edit: Edit, start: int, length: int) -> Any:
    return library.opentime.TimeRange(_time(library, start, edit), _time(library, length, edit))


def _time(library: Any, frames: int, edit: Edit) -> Any:
    return library.opentime.RationalTime(frames, float(edit.cuts.rate))
