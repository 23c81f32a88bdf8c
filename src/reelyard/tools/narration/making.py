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
        for sentence, sound in _utterances(paragraph, speak):
            _add_sentence(making, number, sentence, sound)
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


def _utterances(paragraph: Paragraph, speak: Speak) -> Iterator[tuple[str, Utterance | str]]:
    """Each sentence with its sound, or with the reason why there is none."""
    if paragraph.recorded is None:
        for sentence in paragraph.sentences:
            yield sentence, _spoken(sentence, speak)
        return
    for path, sentences in paragraph.recorded:
        samples = np.fromfile(path, "<i2")
        cuts = sentence_cuts(samples, RATE, sentences)
        for sentence, (begin, end) in zip(sentences, pairwise((0, *cuts, len(samples))), strict=True):
            sound = Utterance(samples[begin:end], RATE)
            yield sentence, problem_of(sentence, sound) or sound


def _spoken(sentence: str, speak: Speak) -> Utterance | str:
    """Its sound, after a second attempt where the first is not right."""
    problem = ""
    for _ in range(2):
        try:
            sound = speak(sentence)
        except Reject:
            raise
        except ReelyardError as error:
            problem = str(error)
            continue
        problem = problem_of(sentence, sound) or ""
        if not problem:
            return sound
    return problem


def problem_of(sentence: str, sound: Utterance) -> str | None:
    """Why this cannot be the sound of the sentence; None when it may be. A sentence without words may be silent."""
    loud = loud_parts(sound.samples, sound.rate)
    heard = len(loud.hops) * loud.hop / sound.rate
    letters = sum(map(str.isalnum, sentence))
    if not letters:
        return None
    if not heard:
        return "it made no sound"
    if heard < letters / FASTEST / 2:  # at the fastest pace
        return f"it made {heard:.2f} s of sound, too little for {letters} letters"
    if heard > SLOWEST_S * 2 * (letters + 3):  # at the slowest
        return f"it made {heard:.0f} s of sound, too much for {letters} letters"
    return None


def _add_sentence(making: Making, paragraph: int, sentence: str, sound: Utterance | str) -> None:
    """The sentence behind what there is. One that could not be spoken is left out of the sound and named."""
    fact: dict[str, Any] = {"text": sentence, "paragraph": paragraph, "start": None, "end": None, "words": []}
    making.sentences.append(fact)
    if isinstance(sound, str):
        making.warnings.append(f"A sentence was not spoken ({sound}): “{shortened(sentence)}”")
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
