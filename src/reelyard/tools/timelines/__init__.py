"""A film's edit as other editors read it: EDL (CMX 3600), Final Cut Pro XML, OpenTimelineIO."""

from reelyard.tools.timelines.edit import Edit, TimelineFormat
from reelyard.tools.timelines.writers import write

__all__ = ["Edit", "TimelineFormat", "write"]
