"""Recognition by PocketSphinx: English only, model in the package, so that it works on any machine.

Its figures (word error on read and spoken English): whole files 0.32, segments of speech 0.30, those
at an even level 0.29, with wider beams 0.27 at 0.3 s of work per second of speech. It cannot tell
how sure it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reelyard.media.transcript import Segment, Word
from reelyard.tools.speech.recogniser import Detected, OnSegment, Task
from reelyard.tools.speech.sound import Samples, at_level, levels_of, with_floor
from reelyard.tools.speech.windows import RATE, Span, Window, split

LONGEST_S = 15  # it loses its way in longer utterances
LEVEL_DB = -20.0  # of an utterance, below full scale
FLOOR_DB = -36.0  # of its quietest parts, below its mean: digital silence misleads it
WIDE = {"beam": 1e-60, "pbeam": 1e-60, "wbeam": 1e-40}
FRAMES = 100  # a second


class Pocketsphinx:
    """The decoder with its English model."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder  # noqa: PLC0415  # heavy

        self._decoder: Any = Decoder(samprate=float(RATE), loglevel="FATAL", **WIDE)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset({"en"})

    def detect_language(self, samples: Samples, windows: Sequence[Window]) -> Detected:
        del samples, windows
        return Detected("en", None)

    def transcribe(self, samples: Samples, task: Task, on_segment: OnSegment) -> list[Segment]:
        levels = levels_of(samples)
        segments: list[Segment] = []
        for span in task.window.spans:
            for piece in split(span, levels, LONGEST_S * RATE):
                words = self._decode(prepared(samples[piece.start : piece.end]), piece)
                if words:
                    text = " ".join(word.text for word in words)
                    kept = tuple(words) if task.word_times else ()
                    segments.append(Segment(len(segments) + 1, words[0].start, words[-1].end, text, kept))
                    on_segment(segments[-1])
        return segments

    def _decode(self, samples: Samples, piece: Span) -> list[Word]:
        # A whole utterance at once: fed bit by bit, its errors tripled.
        self._decoder.start_utt()
        try:
            self._decoder.process_raw(samples.tobytes(), no_search=False, full_utt=True)
        finally:
            self._decoder.end_utt()  # else it would refuse every utterance after this one
        if self._decoder.hyp() is None:
            return []
        return [
            Word(
                round(piece.start_s + one.start_frame / FRAMES, 3),
                round(min(piece.start_s + (one.end_frame + 1) / FRAMES, piece.end_s), 3),
                _spelt(one.word),
            )
            for one in self._decoder.seg()
            if not one.word.startswith(("<", "[", "++"))
        ]


def prepared(samples: Samples) -> Samples:
    """An utterance as the model was trained to hear it."""
    return with_floor(at_level(samples, LEVEL_DB), FLOOR_DB)


def _spelt(word: str) -> str:
    """Without the number of its pronunciation: "and(2)" is "and"; "i" is written "I"."""
    bare = word.split("(", maxsplit=1)[0]
    return bare.capitalize() if bare == "i" or bare.startswith("i'") else bare
