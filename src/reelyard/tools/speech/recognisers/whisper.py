"""Recognition by Whisper models through faster-whisper: any of its languages, probabilities, punctuation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reelyard.errors import ModelMissing
from reelyard.media.transcript import Segment
from reelyard.tools.speech.models import how_to_install
from reelyard.tools.speech.recogniser import Detected, OnSegment, Task
from reelyard.tools.speech.sound import Samples, floats, laid_out
from reelyard.tools.speech.windows import Window, near, placed
from reelyard.tools.speech.words import whole_words


class Whisper:
    """One loaded model, on the graphics card when CTranslate2 sees one."""

    def __init__(self, folder: Path, *, cpu_threads: int = 1) -> None:
        """Load the model in `folder`; raises ModelMissing when there is none that can be read."""
        import ctranslate2  # noqa: PLC0415  # heavy
        from faster_whisper import WhisperModel  # noqa: PLC0415

        cuda = ctranslate2.get_cuda_device_count() > 0
        if not (folder / "tokenizer.json").is_file():  # else faster-whisper would ask the network for one
            raise ModelMissing(
                f"The Whisper model in {folder} has no tokenizer.json.", hint=how_to_install(folder.name)
            )
        try:
            self._model: Any = WhisperModel(
                str(folder),
                device="cuda" if cuda else "cpu",
                compute_type="float16" if cuda else "int8",
                cpu_threads=cpu_threads,
                local_files_only=True,
            )
        except (OSError, RuntimeError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelMissing(
                f"The Whisper model in {folder} cannot be loaded: {reason}.", hint=how_to_install(folder.name)
            ) from error

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._model.supported_languages)

    def detect_language(self, samples: Samples, windows: Sequence[Window]) -> Detected:
        if not self._model.model.is_multilingual:
            return Detected("en", None)
        spans = [span for window in windows for span in window.spans]
        language, probability, _ = self._model.detect_language(
            audio=floats(laid_out(samples, spans)), language_detection_segments=len(windows) * 2
        )
        return Detected(str(language), round(float(probability), 4))

    def transcribe(self, samples: Samples, task: Task, on_segment: OnSegment) -> list[Segment]:
        # Silences are left out, since Whisper makes up text in them; pauses within speech stay.
        spans = near(task.window.spans)
        found, _ = self._model.transcribe(
            floats(laid_out(samples, spans)),
            language=task.language,
            word_timestamps=task.word_times,
            vad_filter=False,
            condition_on_previous_text=False,  # a window stands for itself; and errors do not run on
        )
        segments: list[Segment] = []
        for one in found:
            for segment in placed([_segment(one)], spans):
                segments.append(segment)
                on_segment(segment)
        return segments


def _segment(found: Any) -> Segment:
    words = whole_words(
        [(w.word, float(w.start), float(w.end), float(w.probability)) for w in found.words or ()]
    )
    known = [word.probability for word in words if word.probability is not None]
    confidence = sum(known) / len(known) if known else math.exp(float(found.avg_logprob))
    text = " ".join(found.text.split())
    return Segment(
        int(found.id), float(found.start), float(found.end), text, words, round(min(1.0, confidence), 4)
    )
