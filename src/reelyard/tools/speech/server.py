"""The speech child: `python -m reelyard.tools.speech.server` answers requests over standard input and output.

It detects speech and recognises it, and keeps the recogniser it loaded last. `service` has what may
be asked.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from reelyard.errors import ModelMissing, ReelyardError, Reject, Retry, ToolFailed
from reelyard.kit.json import JsonObject
from reelyard.kit.processes.serving import Emit, serve
from reelyard.media.transcript import Segment
from reelyard.tools.speech.detection import find_speech
from reelyard.tools.speech.models import find_models, how_to_install
from reelyard.tools.speech.recogniser import Identity, Recogniser, RecogniserName, Task
from reelyard.tools.speech.sound import levels_of, open_pcm
from reelyard.tools.speech.windows import Window, make_windows, tidied


class Server:
    """Holds at most one loaded recogniser."""

    def __init__(self) -> None:
        self._identity: Identity | None = None
        self._recogniser: Recogniser | None = None

    def answer(self, request: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """The answer to one request; `emit` is told what happens before. Raises Reject on an unknown one."""
        operations = {
            "detect": self._detect,
            "detect_language": self._detect_language,
            "transcribe": self._transcribe,
        }
        operation = operations.get(request.get("op", ""))
        if operation is None:
            raise Reject(f"The speech child does not know “{request.get('op')}”.", code="internal_error")
        return operation(request, emit)

    def _detect(self, request: dict[str, Any], emit: Emit) -> dict[str, Any]:
        samples = open_pcm(Path(request["pcm"]))
        spans = find_speech(samples, lambda done: emit({"done": done}))
        windows = make_windows(spans, levels_of(samples))
        return {
            "total": len(samples),
            "spans": [[span.start, span.end] for span in spans],
            "windows": [window.to_json() for window in windows],
        }

    def _detect_language(self, request: dict[str, Any], emit: Emit) -> dict[str, Any]:
        del emit
        windows = [Window.from_json(window) for window in request["windows"]]
        found = self._loaded(request).detect_language(open_pcm(Path(request["pcm"])), windows)
        return asdict(found)

    def _transcribe(self, request: dict[str, Any], emit: Emit) -> dict[str, Any]:
        recogniser, language = self._loaded(request), request["language"]
        if language not in recogniser.languages:
            raise Reject(f"The model does not know the language “{language}”.", code="language_unsupported")

        def tell(segment: Segment) -> None:
            if segment.text and segment.end > segment.start:
                emit({"segment": asdict(segment)})

        window = Window.from_json(request["window"])
        task = Task(window, language, word_times=request["word_times"])
        segments = recogniser.transcribe(open_pcm(Path(request["pcm"])), task, tell)
        return {"segments": [asdict(segment) for segment in tidied(segments, window)]}

    def _loaded(self, request: dict[str, Any]) -> Recogniser:
        identity = Identity.from_json(request["by"])
        if self._recogniser is None or identity != self._identity:
            self._recogniser = None  # the old one's memory goes before the new one comes
            self._recogniser = load(identity)
            self._identity = identity
        return self._recogniser


def load(identity: Identity) -> Recogniser:
    """The recogniser, loaded from this machine. Raises ModelMissing, or Retry when it was changed."""
    if identity.recogniser == RecogniserName.POCKETSPHINX:
        from reelyard.tools.speech.recognisers.pocketsphinx import Pocketsphinx  # noqa: PLC0415  # one of two, heavy

        return Pocketsphinx()
    from reelyard.tools.speech.recognisers.whisper import Whisper  # noqa: PLC0415

    model = next((m for m in find_models(os.environ) if m.name == identity.model), None)
    if model is None:
        raise ModelMissing(
            f"The Whisper model “{identity.model}” is not on this machine.",
            hint=how_to_install(identity.model),
        )
    if model.digest() != identity.digest:
        raise Retry(f"The Whisper model “{identity.model}” was changed since the work was given out.")
    return Whisper(model.folder, cpu_threads=int(os.environ.get("OMP_NUM_THREADS", "1")))


def handle(server: Server, request: dict[str, Any], emit: Emit) -> JsonObject:
    """`server`'s answer, with whatever a library throws as ToolFailed: the loaded model lives on."""
    try:
        return server.answer(request, emit)
    except ReelyardError:
        raise
    except Exception as error:
        raise ToolFailed(f"The speech tools failed: {type(error).__name__}: {error}.") from error


if __name__ == "__main__":
    serve(partial(handle, Server()))
