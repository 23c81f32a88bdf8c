"""CMX 3600 edit decision lists: an event for each kept range, in time code."""

from __future__ import annotations

from reelyard.tools.timelines.edit import Edit
from reelyard.tools.timelines.timecode import TimeCode

REEL = "AX"  # a file, no tape
TITLE_LENGTH = 70


def edl(edit: Edit) -> str:
    """The list as text; its record side begins at one hour, as editors expect it.

    Lists of more than 999 events number on with four digits, which present editors read.
    """
    source = edit.clock
    hour = TimeCode.of(source.rate, f"01:00:00{';' if source.drop else ':'}00")
    lines = [
        f"TITLE: {edit.title[:TITLE_LENGTH]}",
        f"FCM: {'DROP FRAME' if source.drop else 'NON-DROP FRAME'}",
        "",
    ]
    done = 0
    for number, kept in enumerate(edit.cuts.kept, 1):
        times = (
            source.text(kept.start), source.text(kept.end), hour.text(done), hour.text(done + len(kept)),
        )  # fmt: skip
        lines.append(f"{number:03d}  {REEL:<8} {_channels(edit):<5} C        {' '.join(times)}")
        lines.append(f"* FROM CLIP NAME: {edit.title}")
        done += len(kept)
    return "\n".join(lines) + "\n"


def _channels(edit: Edit) -> str:
    if edit.sound is None:
        return "V"
    return "B" if edit.sound.channels == 1 else "AA/V"
