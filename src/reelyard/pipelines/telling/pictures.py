"""The pictures of a story: one look for all, one picture for each chunk, and a cover."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from reelyard.kit.json import Json
from reelyard.media.story import MOST_CHUNKS, Chunk
from reelyard.pipeline.context import Context
from reelyard.pipeline.stage import Facts
from reelyard.pipelines.telling.text import read_original, read_story
from reelyard.tools.pictures.drawing import PictureOrder, draw, foretold, picture_key
from reelyard.tools.pictures.look import StoryLook, look_of
from reelyard.tools.pictures.scene import PictureShape

LOOK, LIST, COVER = "look.json", "pictures.json", "cover.jpg"
PICTURES = tuple(f"picture-{number:04}.jpg" for number in range(1, MOST_CHUNKS + 1))
DRAWN = "drawn"  # by Reelyard itself
AT_ONCE = 6  # pictures drawn by one child: its start costs as much as one of them
COVER_WORDS = 400  # characters of the story from which the cover's scene is taken


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that the story needs, and the digest of all that it depends on."""

    role: str
    order: PictureOrder
    key: str


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that is there, and what it shows."""

    role: str
    key: str
    description: str
    maker: str

    def to_json(self) -> dict[str, Json]:
        return {
            "role": self.role,
            "key": self.key,
            "description": self.description,
            "maker": self.maker,
        }


def look(context: Context) -> Facts:
    """What all pictures have in common; taken from the text as it was read, so that no edit of a chunk changes it."""
    settings = context.settings
    found = look_of(read_original(context), settings.image_style, settings.image_prompt, settings.seed)
    context.out(LOOK).write_text(json.dumps(found.to_json(), ensure_ascii=False), "utf-8")
    return {"seed": found.seed, "characters": [one.name for one in found.characters]}


def illustrate(context: Context) -> Facts:
    """A picture for each chunk, and a cover; what is still right of an earlier time is taken over."""
    shared = StoryLook.from_json(json.loads(context.artifact(LOOK).read_bytes()))
    known = _known(context)
    made: dict[str, Made] = {}
    missing = []
    for wanted in _wanted(context, shared):
        earlier = known.get(wanted.role)
        if earlier is not None and earlier.key == wanted.key and _taken_over(context, wanted.role):
            made[wanted.role] = earlier
        else:
            missing.append(wanted)
    drawing = _Drawing(context, shared, len(missing))
    made |= {one.role: one for one in drawing.made(missing)}
    _keep_list(context, made)
    return {"pictures": len(made) - 1, "drawn": len(missing), "cards": drawing.cards}


def described(context: Context) -> Mapping[str, str]:
    """What each picture shows, by role."""
    listed = json.loads(context.artifact(LIST).read_bytes())["pictures"]
    return {one["role"]: one["description"] for one in listed}


def _wanted(context: Context, shared: StoryLook) -> Iterator[Wanted]:
    story, shape = read_story(context), PictureShape(context.settings.image_shape)
    folder = context.workdir
    beginning = read_original(context).text[:COVER_WORDS]
    cover = PictureOrder(folder / COVER, beginning, shape, cover=True)
    orders = [(COVER, cover)]
    orders += [(PICTURES[chunk.number - 1], _order(chunk, folder, shape)) for chunk in story.chunks]
    for role, order in orders:
        yield Wanted(role, order, picture_key(order, shared))


def _order(chunk: Chunk, folder: Path, shape: PictureShape) -> PictureOrder:
    path = folder / PICTURES[chunk.number - 1]
    return PictureOrder(path, chunk.text, shape, chunk.heading, chunk.picture_prompt, chunk.seed)


def _known(context: Context) -> dict[str, Made]:
    path = context.earlier(LIST)
    if path is None:
        return {}
    listed: list[dict[str, Any]] = json.loads(path.read_bytes())["pictures"]
    return {one["role"]: Made(**one) for one in listed}


def _taken_over(context: Context, role: str) -> bool:
    path = context.earlier(role)
    if path is not None:
        context.out(role).hardlink_to(path)
    return path is not None


def _keep_list(context: Context, made: Mapping[str, Made]) -> None:
    pictures = [made[role].to_json() for role in sorted(made)]
    context.out(LIST).write_text(json.dumps({"pictures": pictures}, ensure_ascii=False, indent=1), "utf-8")


class _Drawing:
    """Pictures drawn by as many children as there are cores, a few by each; every picture is a part."""

    def __init__(self, context: Context, shared: StoryLook, total: int) -> None:
        self._context, self._look, self._total = context, shared, total
        self._lock = threading.Lock()
        self._done = 0
        self.cards = 0

    def made(self, wanted: Sequence[Wanted]) -> list[Made]:
        groups = list(_grouped(wanted, AT_ONCE))
        hands = min(max(1, self._context.cores), max(1, len(groups)))
        with ThreadPoolExecutor(max_workers=hands, thread_name_prefix="pictures") as pool:
            futures = [pool.submit(self._group, group) for group in groups]
            try:
                return [one for future in futures for one in future.result()]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _group(self, group: Sequence[Wanted]) -> list[Made]:
        """A few pictures by one child: the first that is missing draws all that follow it."""
        drawn = False

        def make(wanted: Wanted, target: Path) -> None:
            nonlocal drawn
            if not drawn:
                rest = [each.order for each in group[group.index(wanted) :]]
                draw(rest, self._look, self._context.workdir, run=self._context.run)
                drawn = True
            wanted.order.path.replace(target)

        return [self._one(wanted, partial(make, wanted)) for wanted in group]

    def _one(self, wanted: Wanted, make: Callable[[Path], None]) -> Made:
        kept = self._context.part({"picture": wanted.key}, make)
        self._context.out(wanted.role).hardlink_to(kept)
        shown = foretold(wanted.order, self._look)
        with self._lock:
            self._done += 1
            self.cards += not shown.drawn
            self._context.progress(self._done / self._total, f"picture {self._done} of {self._total}")
        return Made(wanted.role, wanted.key, shown.description, DRAWN)


def _grouped(wanted: Sequence[Wanted], most: int) -> Iterator[tuple[Wanted, ...]]:
    waiting = iter(wanted)
    while group := tuple(islice(waiting, most)):
        yield group
