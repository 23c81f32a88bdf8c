"""What an engine is, inside the child that holds it: a sentence in, its sound and the times of its words out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a voice speaks."""

    voice: str  # the engine's own name for it
    rate: float = 1.0  # 2 is twice as fast
    pitch: float = 0.0  # semitones


@dataclass(frozen=True, slots=True)
class Mark:
    """Where in the sound a place of the text begins."""

    sample: int
    position: int  # character of the text, from 0


@dataclass(frozen=True, slots=True)
class Utterance:
    """The sound of a sentence: one channel, with the pause that the engine makes after it."""

    samples: Samples
    rate: int  # Hz
    marks: tuple[Mark, ...] = ()  # in order of time; empty when the engine tells none


class Engine(Protocol):
    """A loaded engine."""

    def speak(self, text: str, manner: Manner) -> Utterance:
        """The sound of one sentence, taken as plain words whatever they look like.

        Raises Reject (`unknown_voice`) for a voice that it does not have.
        """
        ...
