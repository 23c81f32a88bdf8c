"""Texts read aloud: from 5,000 words to the narration of each chunk and of the whole, by the voice in the package."""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.result import Result, tell
from bench.server import folder

from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Ask, Child, Service, runner_in
from reelyard.tools.narration.chunk import ChunkOrder, Studio, narrate_chunk
from reelyard.tools.narration.soundtrack import SoundOrder, make_soundtrack
from reelyard.tools.sentences import sentences
from reelyard.tools.voices import choice

WORDS, QUICK_WORDS, CHUNK = 5_000, 1_000, 80
LEAST = 200.0  # times real time
VOCABULARY = (
    "the old man looked at boats on a river people have to work very hard make money in big city think that "
    "president will speak tonight house by sea little once upon time there was garden winter summer beautiful "
    "extraordinary understanding mountain children remember 1984 and or but never quite"
)


def run(*, quick: bool) -> list[Result]:
    """How many times faster than it is heard a narration is made, by the clock."""
    chunks = list(made_up(QUICK_WORDS if quick else WORDS))
    cores = len(os.sched_getaffinity(0))
    with folder() as place, _asking(place) as ask:
        studio = Studio(ask, runner_in(place), place, sentences)
        voice = choice.resolve("auto", "en", choice.inventory({}))
        orders = [ChunkOrder(chunk, voice, "en") for chunk in chunks]
        tell(f"narration: {len(chunks)} chunks")
        begun = time.monotonic()
        pieces = [place / f"{number}.spoken" for number in range(len(orders))]
        for number, order in enumerate(orders):
            narrate_chunk(order, pieces[number], studio, orders[number + 1 : number + cores])
        spoken = time.monotonic()
        wanted = SoundOrder(tuple(pieces), "m4a", "A story", tuple(chunk[0] for chunk in chunks), "en")
        targets = [place / f"{number}.m4a" for number in range(len(orders))]
        made = make_soundtrack(wanted, place / "whole.m4a", targets, run=studio.run, cores=cores)
        ended = time.monotonic()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    note = (
        f"{made.seconds / 60:.0f} min of sound: spoken {made.seconds / (spoken - begun):.0f} times, encoded "
        f"{made.seconds / (ended - spoken):.0f} times; largest child {memory:.0f} MiB"
    )
    return [
        Result(
            "narration", made.seconds / (ended - begun), "times real time", LEAST, at_most=False, note=note
        )
    ]


def made_up(words: int, seed: int = 1) -> Iterator[tuple[str, ...]]:
    """About so many words: chunks of two paragraphs of made-up sentences, always the same by one seed."""
    words_of_it = VOCABULARY.split()
    dice = random.Random(seed)
    for _ in range(words // CHUNK):
        lengths = (dice.randint(8, 22) for _ in range(CHUNK // 15))
        said = [" ".join(dice.choice(words_of_it) for _ in range(length)).capitalize() for length in lengths]
        yield ". ".join(said[:3]) + ".", ", and ".join(said[3:]) + "."


@contextmanager
def _asking(place: Path) -> Iterator[Ask]:
    """The voices' child, which is ended at the end."""
    started: list[Child] = []

    def ask(
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        if not started:
            command = replace(service.command, reads=(*service.command.reads, place))
            started.append(Child(replace(service, command=command), place))
        return started[0].ask(request, timeout_s=timeout_s, on_event=on_event)

    try:
        yield ask
    finally:
        for child in started:
            child.kill()
