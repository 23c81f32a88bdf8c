"""What of a film is silence and goes: decided in whole frames, with a reason for every span; pure.

The order of things, each of which keeps the whole monotone (a lower threshold never cuts more):

1. What is heard: 10 ms steps that reach the threshold, or the speech that a detector found. Sounds less than 0.3 s
   apart are one. A sound of less than 40 ms that stands alone (a click, a dropped sample) is not heard: it would
   leave a flash of picture. A single frame's beep is longer.
2. What lies between two sounds is cut when it is as long as asked for, less the padding. Before the first and after
   the last sound there is padding on the one side only.
3. An edge that falls inside a word moves outwards to the word's end, and on through the words that follow it without
   a frame between them: a phrase that is half heard stays whole. Words that lie in the silence altogether go with it.
4. What would then cut less than 0.1 s stays: a jump for nothing.

A kept range covers all of its sound: frames that hold any of it stay.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, pairwise

from reelyard.media.cut_list import CutList, Reason, Span, joined_spans
from reelyard.media.ranges import TimeRange, exact, merged
from reelyard.media.transcript import Word
from reelyard.tools.sound.levels import STEPS_PER_SECOND, Levels
from reelyard.tools.speech.assembly import SpeechMap
from reelyard.tools.speech.windows import RATE

TOGETHER_S = Fraction(3, 10)  # sounds nearer than this are one
CLICK_S = Fraction(4, 100)  # a sound alone that is shorter is not heard
SMALLEST_CUT_S = Fraction(1, 10)
SPEECH_MARGIN_S = Fraction(2, 10)  # what the speech detector adds before and after what it finds


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of a film: `start` is where frame 0 lies on the file's clock, in seconds."""

    rate: Fraction
    start: Fraction
    count: int

    def floor(self, seconds: Fraction) -> int:
        """The frame shown at that moment, within the film."""
        return self._within(math.floor((seconds - self.start) * self.rate))

    def ceil(self, seconds: Fraction) -> int:
        """The first frame that begins then or later, within the film."""
        return self._within(math.ceil((seconds - self.start) * self.rate))

    def _within(self, frame: int) -> int:
        return min(max(frame, 0), self.count)

    @property
    def time(self) -> TimeRange:
        return TimeRange(self.start, self.start + self.count / self.rate)


@dataclass(frozen=True, slots=True)
class SilenceRules:
    """What counts as a silence to cut; seconds."""

    shortest_s: float = 1.0
    before_s: float = 0.2  # left before what is heard
    after_s: float = 0.2  # left after it


@dataclass(frozen=True, slots=True)
class Heard:
    """When something is heard, in order, seconds on the file's clock; `margin_s` of each end is padding already."""

    ranges: tuple[TimeRange, ...]
    levels: Levels | None = None  # to tell how loud a silence is
    margin_s: Fraction = Fraction(0)
    nothing: str = "nothing is heard in it"  # why nothing would remain, when nothing does


@dataclass(frozen=True, slots=True)
class Decision:
    """The cut list, and what its user should know of it."""

    cuts: CutList
    warnings: tuple[str, ...] = field(default=())


def by_level(levels: Levels, threshold_db: float) -> Heard:
    """What is at least as loud as the threshold, 10 ms by 10 ms."""
    loudest = max(levels.db, default=-96)
    why = f"no sound in it reaches {threshold_db:g} dB for longer than a click; its loudest moment is at {loudest} dB"
    return Heard(_sounds(_loud(levels, threshold_db)), levels, nothing=why)


def by_speech(speech: SpeechMap, levels: Levels | None = None) -> Heard:
    """Where somebody speaks. The detector's own margins count as padding."""
    ranges = (TimeRange(Fraction(s.start, RATE), Fraction(s.end, RATE)) for s in speech.spans)
    return Heard(merged(ranges), levels, SPEECH_MARGIN_S, "nobody is heard speaking in it")


def decide(film: Frames, heard: Heard | None, rules: SilenceRules, words: Iterable[Word] = ()) -> Decision:
    """Which frames stay and which go. Without sound, and where nothing would remain, the film stays whole.

    `words` are those of the transcript, if it is known, timed on the file's clock.
    """
    whole = CutList.whole(film.rate, film.start, film.count)
    if heard is None or film.count == 0:
        return Decision(whole)
    sounds = [clipped for one in heard.ranges if (clipped := one.clipped(film.time)) is not None]
    if not sounds:
        return Decision(whole, (f"nothing was cut from the film: {heard.nothing}",))
    maker = _Maker(film, heard, rules, _word_frames(film, words))
    return Decision(CutList(film.rate, film.start, film.count, joined_spans(maker.spans(sounds))))


@dataclass(frozen=True, slots=True)
class _Maker:
    """The facts that every gap between two sounds is decided by."""

    film: Frames
    heard: Heard
    rules: SilenceRules
    words: Sequence[tuple[int, int]]  # in frames, apart

    def spans(self, sounds: Sequence[TimeRange]) -> Iterator[Span]:
        """The film from its first frame to its last. Sounds that share a frame leave nothing between them."""
        at, end = self.film.time.start, self.film.time.end
        edges = [at, *chain.from_iterable((s.start, s.end) for s in sounds), end]
        done = 0
        for index, (start, stop) in enumerate(pairwise(edges)):
            if index % 2:
                last = max(done, self.film.ceil(stop))
                yield Span(done, last, keep=True, reason=Reason.SOUND)
                done = last
            else:
                for span in self._gap(TimeRange(start, stop), done):
                    yield span
                    done = span.end

    def _gap(self, gap: TimeRange, first: int) -> Iterator[Span]:
        """What becomes of the time between two sounds, from frame `first` on."""
        last = max(first, self.film.floor(gap.end))
        opens, closes = gap.start <= self.film.time.start, gap.end >= self.film.time.end
        if closes:
            last = self.film.count
        hidden = self.heard.margin_s * ((not opens) + (not closes))
        if gap.length + hidden < exact(self.rules.shortest_s):
            yield Span(first, last, keep=True, reason=Reason.SHORT)
            return
        after = Fraction(0) if opens else self._padding(self.rules.after_s)
        before = Fraction(0) if closes else self._padding(self.rules.before_s)
        padded = (
            first if opens else max(first, self.film.ceil(gap.start + after)),
            last if closes else min(last, self.film.floor(gap.end - before)),
        )
        yield from self._between((first, last), padded)

    def _between(self, gap: tuple[int, int], padded: tuple[int, int]) -> Iterator[Span]:
        """The gap's spans: padding, words, what is cut, words, padding."""
        if padded[1] - padded[0] < self._smallest:
            yield Span(*gap, keep=True, reason=Reason.PADDING)
            return
        cut = self._outside_words(padded)
        yield Span(gap[0], padded[0], keep=True, reason=Reason.PADDING)
        if cut[1] - cut[0] < self._smallest:
            yield Span(*padded, keep=True, reason=Reason.WORD)
        else:
            yield Span(padded[0], cut[0], keep=True, reason=Reason.WORD)
            yield Span(*cut, keep=False, reason=Reason.SILENCE, level_db=self._loudest(cut))
            yield Span(cut[1], padded[1], keep=True, reason=Reason.WORD)
        yield Span(padded[1], gap[1], keep=True, reason=Reason.PADDING)

    def _padding(self, seconds: float) -> Fraction:
        return max(Fraction(0), exact(seconds) - self.heard.margin_s)

    @property
    def _smallest(self) -> int:
        return max(1, math.ceil(SMALLEST_CUT_S * self.film.rate))

    def _outside_words(self, cut: tuple[int, int]) -> tuple[int, int]:
        start, end = self._word_at(cut[0]), self._word_at(cut[1])
        return (start[1] if start else cut[0], end[0] if end else cut[1])

    def _word_at(self, frame: int) -> tuple[int, int] | None:
        """The word, or run of words, that the edge before this frame would cut through."""
        index = bisect_right(self.words, (frame, self.film.count + 1)) - 1
        if index < 0:
            return None
        start, end = self.words[index]
        return self.words[index] if start < frame < end else None

    def _loudest(self, cut: tuple[int, int]) -> float | None:
        """The loudest 10 ms of what is cut, in dB; None when it was not measured."""
        if self.heard.levels is None:
            return None
        begin, end = (self.film.start + frame / self.film.rate for frame in cut)
        first, last = max(0, math.floor(begin * STEPS_PER_SECOND)), math.ceil(end * STEPS_PER_SECOND)
        loudest = max(self.heard.levels.db[first : max(0, last)], default=None)
        return None if loudest is None else float(loudest)


def _loud(levels: Levels, threshold_db: float) -> Iterator[TimeRange]:
    begin: int | None = None
    for step, level in enumerate(levels.db):
        if level >= threshold_db:
            begin = step if begin is None else begin
        elif begin is not None:
            yield TimeRange(Fraction(begin, STEPS_PER_SECOND), Fraction(step, STEPS_PER_SECOND))
            begin = None
    if begin is not None:
        yield TimeRange(Fraction(begin, STEPS_PER_SECOND), Fraction(len(levels.db), STEPS_PER_SECOND))


def _sounds(loud: Iterable[TimeRange]) -> tuple[TimeRange, ...]:
    """Stretches of sound: what lies near together is one, clicks alone are none."""
    return tuple(one for one in merged(loud, TOGETHER_S) if one.length >= CLICK_S)


def trusted(word: Word) -> bool:
    """Whether a word's times can be believed: not empty, and no longer than its letters can be spoken.

    Recognisers give words of no length, and words that reach over a pause of seconds to the next. Such a word
    protects nothing: where it really is, it is heard. Slow speech takes a second for a word and a tenth of one
    for each of its letters; nobody takes three.
    """
    length = word.end - word.start
    return 0 < length <= min(3.0, 1.0 + 0.1 * len(word.text))


def _word_frames(film: Frames, words: Iterable[Word]) -> tuple[tuple[int, int], ...]:
    """The frames of the words, in order; words that share a frame are one."""
    ranges = (TimeRange(exact(w.start), exact(w.end)) for w in words if trusted(w))
    frames = sorted((film.floor(r.start), film.ceil(r.end)) for r in ranges if r.overlaps(film.time))
    result: list[tuple[int, int]] = []
    for start, end in frames:
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return tuple(result)
