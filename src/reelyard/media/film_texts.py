"""What was told of the original, told of the cut film: transcripts, stretches such as highlights, chapters; pure.

Times before are seconds on the file's clock, times after are seconds of the film, from 0 to its duration.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from reelyard.media.chapters import Chapter
from reelyard.media.cut_list import CutList, FilmClock
from reelyard.media.ranges import Seconds, TimeRange, exact
from reelyard.media.transcript import Gap, GapReason, Segment, Transcript, Word

ENOUGH_S = Fraction(1, 4)  # a word of which so much is heard is said, however long a recogniser thought it
MOMENT_S = Fraction(1, 1000)  # around a word of no length
SHORTEST_GAP_S = 2.0  # a shorter silence is a pause within speech


class FilmTexts:
    """Puts texts and stretches of the original where the cut film shows them."""

    def __init__(self, cuts: CutList) -> None:
        self._clock = FilmClock(cuts)
        self._end = math.floor(cuts.duration * 1000) / 1000  # no rounding leads out of the film
        self.duration = cuts.duration

    def stretch(self, start: Seconds, end: Seconds) -> TimeRange | None:
        """Where the film shows what remains of a stretch, from its first moment to its last; None when it was cut."""
        first, last = self._clock.nearest(exact(start)), self._clock.nearest(exact(end))
        return TimeRange(first, last) if last > first else None

    def transcript(self, original: Transcript) -> Transcript:
        """The film's transcript: words that were cut vanish, and segments of which none remains.

        A word remains when at least half of it does, or a quarter of a second. What its warnings said of times is
        not true of the film, so it has none.
        """
        segments: list[Segment] = []
        for segment in original.segments:
            shown = self._segment(segment, segments[-1].end if segments else 0.0)
            if shown is not None:
                segments.append(replace(shown, id=len(segments) + 1))
        return replace(
            original,
            duration_s=self._end,
            segments=tuple(segments),
            gaps=tuple(self._gaps(original.gaps)),
            warnings=(),
        )

    def chapters(self, chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
        """Chapters where the film shows what remains of them; those of which nothing remains vanish."""
        shown = []
        for chapter in sorted(chapters, key=lambda one: one.start):
            remains = self.stretch(chapter.start, chapter.end)
            if remains is not None:
                shown.append(replace(chapter, start=remains.start, end=remains.end))
        return tuple(shown)

    def _segment(self, segment: Segment, earliest: float) -> Segment | None:
        words = [word for word in segment.words if self._remains(word)]
        if (segment.words and not words) or not self._remains(segment):
            return None
        start = max(earliest, self._at(words[0].start if words else segment.start))
        end = self._at(words[-1].end if words else segment.end)
        if len(words) == len(segment.words):
            start, end = max(earliest, self._at(segment.start)), self._at(segment.end)
        if end <= start:
            return None
        text = segment.text
        if len(words) < len(segment.words):
            text = segment.joiner.join(word.text for word in words)
        return replace(segment, start=start, end=end, text=text, words=self._words(words, start, end))

    def _words(self, words: Iterable[Word], start: float, end: float) -> tuple[Word, ...]:
        """Words inside their segment, none over another."""
        placed: list[Word] = []
        for word in words:
            begins = min(max(start, self._at(word.start)), end)
            start = min(max(begins, self._at(word.end)), end)
            placed.append(replace(word, start=begins, end=start))
        return tuple(placed)

    def _remains(self, one: Word | Segment) -> bool:
        start, end = exact(one.start), exact(one.end)
        if start == end:
            start, end = start - MOMENT_S, end + MOMENT_S
            return self._clock.nearest(end) > self._clock.nearest(start)
        kept = self._clock.nearest(end) - self._clock.nearest(start)
        if isinstance(one, Segment):
            return kept > 0
        return kept > 0 and kept >= min((end - start) / 2, ENOUGH_S)

    def _gaps(self, gaps: Iterable[Gap]) -> Iterable[Gap]:
        for gap in gaps:
            start, end = self._at(gap.start), self._at(gap.end)
            if end > start and (gap.reason is GapReason.FAILED or end - start >= SHORTEST_GAP_S):
                yield replace(gap, start=start, end=end)

    def _at(self, seconds: float) -> float:
        return self._ms(self._clock.nearest(exact(seconds)))

    def _ms(self, film: Fraction) -> float:
        return min(float(round(film, 3)), self._end)
