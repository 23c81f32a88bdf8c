"""A chunk's sound out of its sentences: joined with pauses, looked at, brought to its loudness. In the child only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from reelyard.errors import ReelyardError, Reject
from reelyard.tools.narration.loudness import levelled
from reelyard.tools.narration.order import RATE, Paragraph, SpokenOrder, shortened
from reelyard.tools.narration.resampling import resampled
from reelyard.tools.narration.words import loud_parts, sentence_cuts, word_spans
from reelyard.tools.voices.engine import Mark, Samples, Utterance

LEAD_S = 0.05  # silence before a chunk: encoders start with a clean slate there
TAIL_S = 0.1  # and behind it at least
SENTENCE_PAUSE_S = 0.25  # at least, at the voice's own pace
SILENT_S = 0.3  # in place of a sentence that has nothing to say, such as a dash
FASTEST = 45.0  # letters a second; faster is no speech
SLOWEST_S = 1.2  # seconds a letter or digit; "1,000,000" or an emoji's name take long
Speak = Callable[[str], Utterance]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sentence spoken, or not."""

    sentence: str
    sound: Utterance | None = None
    problem: str | None = None  # why it is not, or not surely, what should be heard


@dataclass
class Making:
    """The chunk as far as it is made."""

    order: SpokenOrder
    parts: list[Samples] = field(default_factory=list)
    sentences: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    silent: int = 0  # sentences without a sound, as they have no word
    length: int = 0  # samples so far

    def add(self, sound: Samples) -> None:
        self.parts.append(sound)
        self.length += len(sound)

    def pause(self, seconds: float) -> None:
        self.add(np.zeros(max(0, round(seconds * RATE)), np.int16))


def make(order: SpokenOrder, speak: Speak) -> tuple[dict[str, Any], Samples]:
    """The facts of the chunk's sound and the sound itself.

    Raises Reject (`not_spoken`) when no sentence that has words could be spoken.
    """
    making = Making(order)
    making.pause(LEAD_S)
    for number, paragraph in enumerate(order.paragraphs, 1):
        for made in _attempts(order, paragraph, speak):
            _add_sentence(making, number, made)
        _end_paragraph(making, paragraph)
    if making.warnings and all(sentence["start"] is None for sentence in making.sentences):
        raise Reject(making.warnings[0], code="not_spoken", hint="Choose a voice of the text's language.")
    level = levelled(np.concatenate(making.parts), RATE, order.loudness)
    facts = {
        "samples": making.length,
        "seconds": round(making.length / RATE, 3),
        "sentences": [_told(sentence) for sentence in making.sentences],
        "silent": making.silent,
        "estimated": order.recorded,
        "loudness": level.measured,
        "gain_db": level.gain_db,
        "limited": level.limited,
        "warnings": making.warnings,
    }
    return facts, level.samples


def _attempts(order: SpokenOrder, paragraph: Paragraph, speak: Speak) -> Iterator[Attempt]:
    """Each sentence with its sound, and with what is wrong with it."""
    if paragraph.recorded is None:
        for sentence in paragraph.sentences:
            yield _spoken(sentence, order.rate, speak)
        return
    for path, sentences in paragraph.recorded:
        samples = np.fromfile(path, "<i2")
        cuts = sentence_cuts(samples, RATE, sentences)
        for sentence, (begin, end) in zip(sentences, pairwise((0, *cuts, len(samples))), strict=True):
            yield attempt(sentence, Utterance(samples[begin:end], RATE), order.rate)


def _spoken(sentence: str, rate: float, speak: Speak) -> Attempt:
    """The first attempt that is right, else the second."""
    made = Attempt(sentence)
    for _ in range(2):
        try:
            made = attempt(sentence, speak(sentence), rate)
        except Reject:
            raise
        except ReelyardError as error:
            made = Attempt(sentence, problem=str(error))
        if made.problem is None:
            break
    return made


def attempt(sentence: str, sound: Utterance, rate: float) -> Attempt:
    """Whether this can be the sound of the sentence. One without a word may be silent."""
    loud = loud_parts(sound.samples, sound.rate)
    heard = len(loud.hops) * loud.hop / sound.rate
    letters = sum(map(str.isalnum, sentence))
    if letters and not heard:
        return Attempt(sentence, problem="it made no sound")
    if heard < letters / (FASTEST * rate):
        return Attempt(sentence, sound, f"it made {heard:.2f} s of sound, too little for {letters} letters")
    if letters and heard > SLOWEST_S / rate * (letters + 3):
        return Attempt(sentence, sound, f"it made {heard:.0f} s of sound, too much for {letters} letters")
    return Attempt(sentence, sound)


def _add_sentence(making: Making, paragraph: int, made: Attempt) -> None:
    """The sentence behind what there is; what is wrong with it is said, and what was heard of it kept."""
    sentence, sound = made.sentence, made.sound
    fact: dict[str, Any] = {"text": sentence, "paragraph": paragraph, "start": None, "end": None, "words": []}
    making.sentences.append(fact)
    if made.problem is not None:
        how = "was not spoken" if sound is None else "may not be spoken rightly"
        making.warnings.append(f"A sentence {how} ({made.problem}): “{shortened(sentence)}”")
    if sound is None:
        return
    spoken = resampled(sound.samples, sound.rate, RATE)
    loud = loud_parts(spoken, RATE)
    if not len(loud.hops):
        making.silent += 1
        fact.update(start=making.length, end=making.length + round(SILENT_S * RATE))
        making.pause(SILENT_S)
        return
    marks = tuple(Mark(mark.sample * RATE // sound.rate, mark.position) for mark in sound.marks)
    at = making.length
    spans = word_spans(sentence, marks, loud, RATE)
    fact.update(
        start=at + loud.begin, end=at + loud.end, words=[(at + a, at + b, word) for a, b, word in spans]
    )
    making.add(spoken)
    missing = SENTENCE_PAUSE_S / making.order.rate - (len(spoken) - loud.end) / RATE
    making.pause(missing)


def _end_paragraph(making: Making, paragraph: Paragraph) -> None:
    """The paragraph's pause in place of the one that its last sentence brought along."""
    if making.sentences and making.sentences[-1]["end"] is not None:
        end = making.sentences[-1]["end"]
        while making.length > end and making.parts:
            last = making.parts.pop()
            making.length -= len(last)
            if making.length < end:
                making.add(last[: end - making.length])
    making.pause(max(TAIL_S, paragraph.pause))


def _told(sentence: dict[str, Any]) -> dict[str, Any]:
    """The same with times in seconds, to the millisecond."""
    if sentence["start"] is None:
        return sentence
    words = [[_ms(begin), _ms(end), word] for begin, end, word in sentence["words"]]
    return {**sentence, "start": _ms(sentence["start"]), "end": _ms(sentence["end"]), "words": words}


def _ms(samples: int) -> float:
    return round(samples / RATE, 3)
