"""What somebody should know who ordered a narration in a voice that cannot do all of it; pure."""

from __future__ import annotations

from collections.abc import Iterator

from reelyard.tools.narration.order import Manner
from reelyard.tools.voices.choice import speaks
from reelyard.tools.voices.languages import base
from reelyard.tools.voices.voice import EngineName, Voice

KANJI_SHARE = 0.05  # of the letters


def caveats(voice: Voice, language: str | None, text: str, manner: Manner) -> tuple[str, ...]:
    """A sentence for each thing; none when the voice suits."""
    return tuple(_found(voice, language, text, manner))


def _found(voice: Voice, language: str | None, text: str, manner: Manner) -> Iterator[str]:
    if language is None:
        yield f"The text's language could not be told; it is read by {voice.name}."
    elif not speaks(voice, language):
        yield f"The voice {voice.name} speaks {voice.language}, the text is {language}: it may sound strange."
    if manner.prompt and voice.engine is not EngineName.SERVER:
        yield f"The voice {voice.name} takes no instructions; how to speak was left out of account."
    if manner.pitch and voice.engine is not EngineName.ESPEAK:
        yield f"The pitch of the voice {voice.name} cannot be changed; it was left as it is."
    if voice.engine is EngineName.ESPEAK and base(voice.language) == "ja" and _kanji(text) > KANJI_SHARE:
        yield "eSpeak NG reads kana only and names kanji without reading them: choose another voice for this text."


def _kanji(text: str) -> float:
    letters = sum(map(str.isalnum, text))
    return sum("\u4e00" <= char <= "\u9fff" for char in text) / letters if letters else 0.0
