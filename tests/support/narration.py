"""A place where texts are spoken by the real child, and its sound looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt

from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Child, Command, Limits, Service, runner_in
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.narration import spoken
from reelyard.tools.narration.chunk import ChunkOrder, SpeechServer, Studio, narrate_chunk
from reelyard.tools.narration.order import RATE, Manner
from reelyard.tools.narration.spoken import Spoken
from reelyard.tools.sentences import sentences
from reelyard.tools.voices import choice

Sound = npt.NDArray[np.int16]


@dataclass
class Speaker:
    """The voices' child, and what it spoke in one folder."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    server: SpeechServer | None = None
    _child: Child | None = None
    _names: count[int] = field(default_factory=lambda: count(1))

    @property
    def studio(self) -> Studio:
        run = runner_in(self.folder)
        return Studio(self.ask, run, self.folder, sentences, self.environ, self.server)

    def ask(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        if self._child is None or self._child.closed:
            command = replace(service.command, reads=(*service.command.reads, self.folder))
            self._child = Child(replace(service, command=command), self.folder)
        return self._child.ask(request, timeout_s=timeout_s, on_event=on_event)

    def order(self, *paragraphs: str, voice: str = "auto", language: str | None = "en") -> ChunkOrder:
        has = choice.inventory(self.environ)
        return ChunkOrder(paragraphs, choice.resolve(voice, language, has), language)

    def say(self, *paragraphs: str, voice: str = "auto", language: str | None = "en") -> Told:
        return self.tell(self.order(*paragraphs, voice=voice, language=language))

    def tell(self, order: ChunkOrder) -> Told:
        target = self.folder / f"{next(self._names)}.spoken"
        return Told(target, narrate_chunk(order, target, self.studio))

    def end(self) -> None:
        if self._child is not None:
            self._child.kill()


@dataclass(frozen=True)
class Told:
    """A chunk's file of speech and what is in it."""

    path: Path
    facts: Spoken

    @property
    def sound(self) -> Sound:
        return np.frombuffer(spoken.sound_of(self.path, self.facts), "<i2")

    def between(self, start: float, end: float) -> Sound:
        return self.sound[round(start * RATE) : round(end * RATE)]


def with_manner(order: ChunkOrder, manner: Manner) -> ChunkOrder:
    return replace(order, manner=manner)


def rms(sound: Sound) -> float:
    return float(np.sqrt(np.square(sound.astype(np.float64)).mean())) if len(sound) else 0.0


def decoded(path: Path, folder: Path) -> Sound:
    """A file's sound as ffmpeg plays it, at RATE."""
    target = folder / f"{path.name}.pcm"
    argv = (ffmpeg(), "-v", "error", "-i", f"file:{path}", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-y")
    run = runner_in(folder)
    run(Command((*argv, f"file:{target}"), reads=(path,), writes=(target,), limits=Limits(60, 60)))
    return np.fromfile(target, "<i2")
