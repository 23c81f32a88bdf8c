"""A voice, heard before it is chosen: one sentence in its language as a short WAV."""

from __future__ import annotations

import io
import wave
from dataclasses import replace
from pathlib import Path

from reelyard.errors import LanguageUnsupported
from reelyard.tools.narration.chunk import Studio, narrate_chunk
from reelyard.tools.narration.order import RATE, ChunkOrder, Manner
from reelyard.tools.narration.spoken import sound_of
from reelyard.tools.voices.voice import Voice

PAUSE_S = 0.2


def sample(voice: Voice, studio: Studio, text: str | None = None) -> bytes:
    """A WAV file in which the voice says `text`, or a sentence in its language; to be kept by whoever asks.

    Raises LanguageUnsupported when there is no sentence in its language and none was given, and as `narrate_chunk`.
    """
    said = text or voice.sample
    if said is None:
        raise LanguageUnsupported(
            f"There is no sentence in the language of {voice.id} to try it by.",
            hint="Give it a text of your own.",
        )
    order = ChunkOrder((said,), voice, voice.language, manner=Manner(paragraph_pause=PAUSE_S))
    target = Path(studio.folder, "sample.spoken")
    made = narrate_chunk(order, target, replace(studio, sentences=lambda paragraph, _language: (paragraph,)))
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound_of(target, made))
    target.unlink()
    return sound.getvalue()
