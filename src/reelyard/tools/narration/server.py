"""The voices' child: `python -m reelyard.tools.narration.server` answers requests over standard input and output.

It keeps eSpeak NG and the Piper voice it loaded last, and speaks in forks of itself: the engines carry state
from one sentence to the next, and a chunk has to sound the same whatever was said before. `service` has what
may be asked.
"""

from __future__ import annotations

import base64
import os
import signal
from functools import partial
from typing import Any

import av  # noqa: F401 - loaded once, before the forks that use it
import numpy as np

from reelyard.errors import ModelMissing, ReelyardError, Reject, Retry, ToolFailed
from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes.serving import Emit, serve
from reelyard.tools.narration.forks import Fork, ForkError, ForkKilledError
from reelyard.tools.narration.making import make
from reelyard.tools.narration.order import SpokenOrder
from reelyard.tools.voices.engine import Engine, Manner, Utterance
from reelyard.tools.voices.voice import EngineName, Voice

KINDS: dict[str, type[ReelyardError]] = {"retry": Retry, "model_missing": ModelMissing}


class Server:
    """Holds the engines that were needed so far, one of each kind."""

    def __init__(self) -> None:
        self._espeak: Engine | None = None
        self._piper: tuple[str, Engine] | None = None
        self._forks: dict[str, Fork] = {}  # by the digests of their orders

    def answer(self, request: dict[str, Any], emit: Emit) -> dict[str, Any]:
        """The answer to one request; raises Reject on an unknown one."""
        if request.get("op") != "speak":
            raise Reject(f"The voices' child does not know “{request.get('op')}”.", code="internal_error")
        wanted = {digest(order): order for order in (request["order"], *request["ahead"])}
        for key in [key for key in self._forks if key not in wanted]:
            self._forks.pop(key).discard()
        for key, order in wanted.items():
            if key not in self._forks:
                self._forks[key] = self._begun(SpokenOrder.from_json(order))
        answers = self._forks.pop(digest(request["order"])).results()
        facts: dict[str, Any] = next(answers)
        at = 0
        for piece in answers:
            emit({"at": at, "sound": base64.b64encode(piece).decode()})
            at += len(piece)
        return facts

    def _begun(self, order: SpokenOrder) -> Fork:
        manner = Manner(order.voice.own_name, order.rate, order.pitch)
        speak = partial(_speak, self._engine(order.voice), manner)
        return Fork(lambda: _made(order, speak))

    def _engine(self, voice: Voice) -> Engine | None:
        """The loaded engine; None for one whose sound is there already."""
        if voice.engine is EngineName.ESPEAK:
            from reelyard.tools.voices.engines.espeak import Espeak  # noqa: PLC0415 - one of several

            self._espeak = self._espeak or Espeak()
            return self._espeak
        if voice.engine is EngineName.PIPER:
            from reelyard.tools.voices.engines.piper import load  # noqa: PLC0415 - one of several, heavy

            if self._piper is None or self._piper[0] != voice.id + voice.version:
                self._piper = None  # the old one's memory goes before the new one comes
                self._piper = voice.id + voice.version, load(voice, os.environ)
            return self._piper[1]
        return None


def _speak(engine: Engine | None, manner: Manner, text: str) -> Utterance:
    if engine is None:
        raise ToolFailed("The sound of a speech server is missing.")
    return engine.speak(text, manner)


def _made(order: SpokenOrder, speak: Any) -> tuple[dict[str, Any], bytes]:
    facts, samples = make(order, speak)
    return facts, samples.astype(np.dtype("<i2"), copy=False).tobytes()


def handle(server: Server, request: dict[str, Any], emit: Emit) -> JsonObject:
    """`server`'s answer; what a fork refused comes as it was said there."""
    try:
        return server.answer(request, emit)
    except ForkError as failed:
        said = failed.said
        if said["kind"] == "reject":
            raise Reject(said["message"], code=said["code"], hint=said["hint"]) from None
        raise KINDS.get(said["kind"], ToolFailed)(said["message"], hint=said["hint"]) from None
    except ForkKilledError:
        os.kill(os.getpid(), signal.SIGKILL)  # as if it had met this child: a new one is asked then
        raise
    except ReelyardError:
        raise
    except Exception as error:
        raise ToolFailed(f"The voice's engine failed: {type(error).__name__}: {error}.") from error


if __name__ == "__main__":
    serve(partial(handle, Server()))
