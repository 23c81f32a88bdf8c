"""What a voice sounds like: one sentence, spoken once by a confined child and kept for a while."""

from __future__ import annotations

import io
import tempfile
import threading
import wave
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from reelyard.errors import EngineUnavailable, NotFound, StageEnd
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Child, Service, runner_in
from reelyard.tools.narration import spoken
from reelyard.tools.narration.chunk import ChunkOrder, Studio, narrate_chunk
from reelyard.tools.narration.order import RATE
from reelyard.tools.sentences import sentences
from reelyard.tools.voices.choice import named
from reelyard.tools.voices.languages import base
from reelyard.tools.voices.voice import EngineName, Voice

KEPT = 32  # of at most some 300 KB each
AT_A_TIME = 4  # requests: one is spoken, the others wait
WAITS_S = 20.0  # for those that are spoken before


class VoiceSamples:
    """Samples of the voices of this machine, one made at a time. Safe to use from several threads."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = environ
        self._kept: dict[tuple[str, str], bytes] = {}
        self._making = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_A_TIME)

    def get(self, name: str, has: JsonObject) -> bytes:
        """The voice's own sentence as WAV; `has` is the inventory of voices.

        Raises NotFound for an unknown voice, for one without a sentence, and for those of servers, which would
        cost money; EngineUnavailable when it cannot be spoken, or others wait already.
        """
        voice = named(name, has)
        if voice is None or voice.engine is EngineName.SERVER or voice.sample is None:
            why = "There is no such voice." if voice is None else f"There is no sample of “{voice.id}”."
            raise NotFound(why, hint="See the list of voices.", noun="voice")
        key = (voice.id, voice.version)
        found = self._kept.get(key)
        if found is None:
            with self._turn():
                found = self._kept.get(key) or self._made(key, voice, voice.sample)
        return found

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Those who wait hold a thread each: few may."""
        busy = EngineUnavailable("Other voices are being tried.", hint="Try again in a moment.")
        if not self._places.acquire(blocking=False):
            raise busy
        try:
            if not self._making.acquire(timeout=WAITS_S):
                raise busy
            try:
                yield
            finally:
                self._making.release()
        finally:
            self._places.release()

    def _made(self, key: tuple[str, str], voice: Voice, sentence: str) -> bytes:
        try:
            made = speak_sample(voice, sentence, self._folder, self._environ)
        except StageEnd as error:
            raise EngineUnavailable(f"“{voice.id}” could not be tried: {error.message}") from error
        self._kept = dict([*self._kept.items(), (key, made)][-KEPT:])
        return made


def speak_sample(voice: Voice, sentence: str, folder: Path, environ: Mapping[str, str]) -> bytes:
    """The sentence as WAV: 24,000 Hz, one channel, 16 bit. Raises what children raise."""
    folder.mkdir(parents=True, exist_ok=True)
    order = ChunkOrder((sentence,), voice, base(voice.language))
    with tempfile.TemporaryDirectory(dir=folder) as own, closing(_Booth(Path(own))) as booth:
        target = Path(own) / "sample.spoken"
        studio = Studio(booth.ask, runner_in(Path(own)), Path(own), sentences, environ)
        made = narrate_chunk(order, target, studio)
        return _wav(spoken.sound_of(target, made))


class _Booth:
    """Keeps the child for one sample."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._child: Child | None = None

    def ask(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        self._child = self._child or Child(service, self._folder)
        return self._child.ask(request, timeout_s=timeout_s, on_event=on_event)

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()


def _wav(samples: bytes) -> bytes:
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return whole.getvalue()
