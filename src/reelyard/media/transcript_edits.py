"""What a user may change in a transcript: texts and times of segments; words keep theirs if they can."""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from reelyard.media.transcript import Segment, Transcript, Word, read_segments


def edited(original: Transcript, segments: Any) -> Transcript:
    """`original` with the segments a user sent (JSON objects of start, end, text; words are not needed).

    Segments may be changed, split, joined, removed and added; empty ones vanish. A word that stayed keeps its
    time; new words share the time between their neighbours. A changed segment has no confidence any more.
    Raises InvalidInput that names the segment.
    """
    known = {(s.start, s.end, s.text): s for s in original.segments}
    spoken = [word for segment in original.segments for word in segment.words]
    read = [s for s in read_segments(segments, original.duration_s) if s.text]
    kept = [known.get((s.start, s.end, s.text)) or _timed_anew(s, spoken) for s in read]
    numbered = tuple(replace(segment, id=number) for number, segment in enumerate(kept, 1))
    return replace(original, segments=numbered, edited=True)


def _timed_anew(segment: Segment, spoken: list[Word]) -> Segment:
    inside = [w for w in spoken if segment.start <= (w.start + w.end) / 2 <= segment.end]
    return replace(segment, words=retimed(segment, inside), confidence=None)


def retimed(segment: Segment, old: list[Word]) -> tuple[Word, ...]:
    """Times for the words of `segment.text`, from those of the words that were heard there."""
    texts = segment.text.split()
    matcher = SequenceMatcher(a=[_bare(w.text) for w in old], b=[_bare(t) for t in texts], autojunk=False)
    known: dict[int, Word] = {}
    for block in matcher.get_matching_blocks():
        known.update({block.b + i: old[block.a + i] for i in range(block.size)})
    words: list[Word] = []
    for index, text in enumerate(texts):
        if index in known:
            start, end = known[index].start, known[index].end
            words.append(Word(max(start, segment.start), min(end, segment.end), text))
        elif index - 1 in known or index == 0:
            words.extend(_spread(texts, index, known, segment))
    return tuple(words)


def _spread(texts: list[str], first: int, known: dict[int, Word], segment: Segment) -> list[Word]:
    """The run of unknown words from `first`, in the time between its neighbours, by letters."""
    last = first
    while last + 1 < len(texts) and last + 1 not in known:
        last += 1
    start = known[first - 1].end if first else segment.start
    end = known[last + 1].start if last + 1 < len(texts) else segment.end
    run = texts[first : last + 1]
    letters = sum(map(len, run))
    words: list[Word] = []
    for text in run:
        until = start + max(0.0, end - start) * len(text) / letters
        words.append(Word(round(start, 3), round(until, 3), text))
        letters -= len(text)
        start = until
    return words


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
