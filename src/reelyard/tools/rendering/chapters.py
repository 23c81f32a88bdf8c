"""Chapters of a film as the file that ffmpeg takes; pure."""

from __future__ import annotations

from collections.abc import Iterable

from reelyard.media.chapters import Chapter

SPECIAL = str.maketrans({char: f"\\{char}" for char in "=;#\\"})
LONGEST_TITLE = 200  # characters


def chapters_file(chapters: Iterable[Chapter]) -> str:
    """The text of an ffmetadata file; titles are made one line."""
    blocks = [";FFMETADATA1"]
    for chapter in chapters:
        title = " ".join(chapter.title.split())[:LONGEST_TITLE].translate(SPECIAL)
        start, end = (round(time * 1000) for time in (chapter.start, chapter.end))
        blocks += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={end}", f"title={title}"]
    return "\n".join(blocks) + "\n"
