"""Made speech of a length, the same at every call."""

from __future__ import annotations

import random
from pathlib import Path

from reelyard.testing.media import MediaMaker

WORDS_A_SECOND = 2.6  # of eSpeak NG's English
SENTENCE = 11  # words
TEXT = (
    "the morning train was late again so we walked along the river and talked about the garden where my mother "
    "used to grow apples before the war and how the people of our small town would meet in the evening to sing "
    "old songs while children played with a dog near the water and nobody thought of money or of the long winter"
)


def made_speech(folder: Path, name: str, seconds: float, *, seed: int) -> Path:
    """About so many seconds of English sentences with pauses between them."""
    chance, words = random.Random(seed), TEXT.split()
    count = max(1, round(seconds * WORDS_A_SECOND / SENTENCE))
    sentences = (" ".join(chance.choices(words, k=SENTENCE)).capitalize() + "." for _ in range(count))
    return MediaMaker(folder).speech(name, "\n\n".join(sentences))
