"""When each word of a sentence is said: by the engine's marks, else shared out over the time in which there is sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from reelyard.media.document import count_words
from reelyard.tools.voices.engine import Mark, Samples

HOP_S = 0.005
QUIET = 60  # of 32,768: 55 dB below full scale
SHORTEST_PAUSE_S = 0.06  # a shorter silence belongs to the word before it
SPLIT_PAUSE_S = 0.12  # a silence at which a sentence may end
SCRIPT = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is shown: a stretch of the sentence."""

    begin: int  # characters
    end: int
    letters: int


@dataclass(frozen=True, slots=True)
class Loud:
    """Where a sound is heard, in steps of HOP_S."""

    hops: npt.NDArray[np.int64]  # the numbers of those that are loud, in order
    hop: int  # samples

    @property
    def begin(self) -> int:
        """The first sample that is heard; 0 when none is."""
        return int(self.hops[0]) * self.hop if len(self.hops) else 0

    @property
    def end(self) -> int:
        """The sample behind the last that is heard."""
        return int(self.hops[-1] + 1) * self.hop if len(self.hops) else 0

    def at_share(self, share: float) -> int:
        """The sample before which so much of what is heard lies."""
        if not len(self.hops):
            return 0
        exact = share * len(self.hops)
        index = min(int(exact), len(self.hops) - 1)
        return int((self.hops[index] + exact - index) * self.hop)


def loud_parts(samples: Samples, rate: int) -> Loud:
    hop = max(1, round(HOP_S * rate))
    count = -(-len(samples) // hop)
    padded = np.zeros(count * hop, np.int16)
    padded[: len(samples)] = samples
    peaks = np.abs(padded.reshape(count, hop).astype(np.int32)).max(axis=1, initial=0)
    return Loud(np.flatnonzero(peaks > QUIET), hop)


def tokens(text: str) -> list[Token]:
    """The words between spaces; the characters of a sentence that has no spaces and needs none."""
    spans = [match.span() for match in SCRIPT.finditer(text)]
    if len(spans) == 1 and count_words(text) > 1:
        spans = _characters(text)
    return [Token(begin, end, sum(map(str.isalnum, text[begin:end]))) for begin, end in spans]


def _characters(text: str) -> list[tuple[int, int]]:
    """Each letter with the marks behind it, the first one with those before it too."""
    starts = [index for index, char in enumerate(text) if char.isalnum()]
    return list(pairwise([0, *starts[1:], len(text)]))


def word_starts(text: str, marks: Sequence[Mark], loud: Loud) -> list[int]:
    """At which sample each token begins, and at last where the sound ends."""
    words = tokens(text)
    if not marks:
        return _shared(words, loud)
    known: dict[int, int] = {}
    for mark in marks:
        index = next((i for i, word in enumerate(words) if word.begin <= mark.position < word.end), None)
        if index is not None:
            known.setdefault(index, mark.sample)
    return _filled(words, known, loud)


def _shared(words: Sequence[Token], loud: Loud) -> list[int]:
    total = sum(word.letters for word in words) or 1
    sums = accumulate((word.letters for word in words), initial=0)
    return [loud.at_share(done / total) for done in sums]


def _filled(words: Sequence[Token], known: dict[int, int], loud: Loud) -> list[int]:
    """Words between two that are known share the time by their letters; the order of time is kept."""
    anchors = [(0, loud.begin), *((i, at) for i, at in sorted(known.items()) if i), (len(words), loud.end)]
    starts = [loud.begin]
    for (first, begin), (last, end) in pairwise(anchors):
        total = sum(word.letters for word in words[first:last]) or 1
        done = 0
        for word in words[first:last]:
            done += word.letters
            starts.append(begin + (max(begin, end) - begin) * done // total)
    return [min(at, max(loud.end, loud.begin)) for at in accumulate(starts, max)]


def word_spans(text: str, marks: Sequence[Mark], loud: Loud, rate: int) -> list[tuple[int, int, str]]:
    """Begin and end of each word in samples, with the word; a pause behind a word does not belong to it."""
    starts = word_starts(text, marks, loud)
    spans = []
    for token, (begin, end) in zip(tokens(text), pairwise(starts), strict=True):
        index = int(np.searchsorted(loud.hops, -(-end // loud.hop))) - 1
        heard = int(loud.hops[index] + 1) * loud.hop if index >= 0 else end
        paused = heard > begin and end - heard > SHORTEST_PAUSE_S * rate
        spans.append((begin, heard if paused else end, text[token.begin : token.end]))
    return spans


def sentence_cuts(samples: Samples, rate: int, sentences: Sequence[str]) -> list[int]:
    """Where in the sound of several sentences each but the first probably begins: an estimate.

    Each sentence should take as much of the heard sound as it has letters; of the silences those are taken
    which are nearest to that, in order, longer ones before shorter ones.
    """
    loud = loud_parts(samples, rate)
    letters = [max(1, sum(map(str.isalnum, sentence))) for sentence in sentences]
    sums = list(accumulate(letters))
    wanted = [loud.at_share(done / sums[-1]) for done in sums[:-1]]
    pauses = _pauses(loud, rate)
    if not wanted or len(pauses) < len(wanted):
        return wanted
    return _nearest(wanted, pauses)


def _pauses(loud: Loud, rate: int) -> list[tuple[int, int]]:
    """Begin and end of each silence that is long enough."""
    pairs = ((int(a) * loud.hop + loud.hop, int(b) * loud.hop) for a, b in pairwise(loud.hops))
    return [(begin, end) for begin, end in pairs if end - begin >= SPLIT_PAUSE_S * rate]


def _nearest(wanted: Sequence[int], pauses: Sequence[tuple[int, int]]) -> list[int]:
    """One pause for each wanted place, in order, with the smallest sum of distances (a second of pause is worth four)."""

    def cost(place: int, pause: tuple[int, int]) -> float:
        return abs(place - pause[1]) - 4.0 * (pause[1] - pause[0])

    best: list[list[tuple[float, int]]] = []
    for row, place in enumerate(wanted):
        line: list[tuple[float, int]] = []
        least, source = (0.0, -1) if row == 0 else (float("inf"), -1)
        for column, pause in enumerate(pauses):
            if row and column and best[-1][column - 1][0] < least:
                least, source = best[-1][column - 1][0], column - 1
            line.append((least + cost(place, pause), source))
        best.append(line)
    column = min(range(len(pauses)), key=lambda index: best[-1][index][0])
    chosen = []
    for line in reversed(best):
        chosen.append(pauses[column][1])
        column = line[column][1]
    return chosen[::-1]
