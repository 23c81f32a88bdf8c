"""One door to the formats."""

from __future__ import annotations

from reelyard.tools.timelines.edit import Edit, TimelineFormat
from reelyard.tools.timelines.edl import edl
from reelyard.tools.timelines.fcpxml import fcpxml
from reelyard.tools.timelines.otio import otio

_WRITERS = {TimelineFormat.EDL: edl, TimelineFormat.FCPXML: fcpxml, TimelineFormat.OTIO: otio}


def write(edit: Edit, form: TimelineFormat) -> str:
    """The text of a file in that format, to be kept as UTF-8."""
    return _WRITERS[form](edit)
