"""Pictures of a story, drawn: orders in, JPEG files and their descriptions out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reelyard.errors import ToolFailed
from reelyard.kit.json import digest
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.tools.pictures.colours import mix
from reelyard.tools.pictures.composing import compose
from reelyard.tools.pictures.describing import describe, describe_card
from reelyard.tools.pictures.imagining import Asked, imagine
from reelyard.tools.pictures.lettering import FONT_FILES, cleaned, face_for
from reelyard.tools.pictures.look import StoryLook
from reelyard.tools.pictures.painting.cards import Card, colour_on, letters, paint_card
from reelyard.tools.pictures.painting.manner import inks_of
from reelyard.tools.pictures.painting.painter import Painting, paint
from reelyard.tools.pictures.scene import Hour, PictureShape, Scene, Weather

VERSION = 2  # of what is drawn: another one makes other pictures of the same words
MIB = 1024 * 1024
AT_A_TIME = 24  # pictures to a child: their drawings have some hundred kilobytes each
COVER_ROOM = 0.28  # of the height, for the title
FIRST_WORDS = 10  # of a chunk, on a title card without heading
A_SENTENCE = re.compile(r"(?<=[.!?…。])\s+|\n")


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """One picture to be drawn."""

    path: Path  # the JPEG to be made, in the folder given to `draw`
    text: str
    shape: PictureShape
    heading: str | None = None
    prompt: str | None = None  # the chunk's own
    seed: int | None = None  # the chunk's own; None: the story's, with the words
    cover: bool = False  # the story's title over the scene that `text` names


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """One picture that was made."""

    path: Path
    description: str
    drawn: bool = True  # False: a title card, for nothing could be drawn


def picture_key(order: PictureOrder, look: StoryLook) -> str:
    """Changes whenever the picture would: a digest of all that it depends on."""
    wish = {"text": order.text, "heading": order.heading, "prompt": order.prompt, "seed": order.seed}
    return digest(
        {**wish, "cover": order.cover, "shape": order.shape, "look": look.to_json(), "version": VERSION}
    )


def foretold(order: PictureOrder, look: StoryLook) -> DrawnPicture:
    """What `draw` will say of the picture, without painting it."""
    return _plan(order, look).made


def draw(
    orders: Sequence[PictureOrder],
    look: StoryLook,
    folder: Path,
    *,
    run: Runner,
    tell: Callable[[int], None] = lambda _made: None,
) -> list[DrawnPicture]:
    """Draw pictures, so many in one child; `tell` hears how many are done.

    `folder` holds the drawings meanwhile and must be the folder of the orders' paths or above it. Raises what `run`
    raises, and ToolFailed when a picture is missing afterwards.
    """
    plans = [_plan(order, look) for order in orders]
    for first in range(0, len(orders), AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        paintings = [
            _painting(plan, order, look) for plan, order in zip(plans[some], orders[some], strict=True)
        ]
        _run(orders[some], paintings, folder, run=run, tell=partial(_onward, tell, first))
    for order in orders:
        if not order.path.is_file():
            raise ToolFailed(
                f"{order.path.name} was not made.", hint="Try again; if it happens again, tell us."
            )
    return [plan.made for plan in plans]


def _onward(tell: Callable[[int], None], before: int, made: int) -> None:
    tell(before + made)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be painted for an order."""

    made: DrawnPicture
    scene: Scene | None  # None: a title card
    seed: int
    title: str = ""  # to be set over the scene


def _plan(order: PictureOrder, look: StoryLook) -> _Plan:
    seed = order.seed if order.seed is not None else _seed(order, look)
    motif = imagine(Asked(order.text, order.prompt, seed), look)
    if motif is None:
        words = cleaned(_words(order, look))
        said = describe_card(words if face_for(words) else "", look.style)
        return _Plan(DrawnPicture(order.path, said, drawn=False), None, seed)
    _, when = inks_of(look.style, motif.when, look.palette)
    if order.cover and when.weather is Weather.STORM:  # lightning would strike the title
        when = replace(when, weather=Weather.RAIN)
    scene = compose(replace(motif, when=when, headroom=COVER_ROOM if order.cover else 0.0), order.shape)
    said = describe(scene, look.style)
    title = cleaned(look.title) if order.cover else ""
    if not title or face_for(title) is None:
        return _Plan(DrawnPicture(order.path, said), scene, seed)
    return _Plan(DrawnPicture(order.path, f"{said[:-1]}, under the title “{title}”."), scene, seed, title)


def _painting(plan: _Plan, order: PictureOrder, look: StoryLook) -> Painting:
    if plan.scene is None:
        hour = Hour(look.hour) if look.hour else Hour.DAWN
        return paint_card(Card(_words(order, look), order.shape, look.style, look.palette, plan.seed, hour))
    painting = paint(plan.scene, look.style)
    face = face_for(plan.title)
    if not plan.title or face is None:
        return painting
    inks, _ = inks_of(look.style, plan.scene.when, plan.scene.palette)
    ground = inks.plain(mix(inks.air.top, inks.air.middle, 0.4))
    return replace(
        painting, over=letters(plan.title, face, order.shape, colour_on(ground), (0.04, COVER_ROOM))
    )


def _words(order: PictureOrder, look: StoryLook) -> str:
    """What a title card says."""
    return look.title if order.cover else order.heading or _first_words(order.text)


def _seed(order: PictureOrder, look: StoryLook) -> int:
    return int(digest({"text": order.text, "prompt": order.prompt, "seed": look.seed})[:8], 16) % 2**31


def _first_words(text: str) -> str:
    """The first sentence, or as much of it as a card holds, ending where it pauses if it does."""
    sentence = A_SENTENCE.split(text.strip(), maxsplit=1)[0]
    words = sentence.split()
    if len(words) <= FIRST_WORDS:
        return sentence
    for count in range(FIRST_WORDS, 3, -1):
        if words[count - 1][-1] in ",;:":
            return " ".join(words[:count]).rstrip(",;:") + " …"
    return " ".join(words[: FIRST_WORDS - 2]) + " …"


def _run(
    orders: Sequence[PictureOrder],
    paintings: Sequence[Painting],
    folder: Path,
    *,
    run: Runner,
    tell: Callable[[int], None],
) -> None:
    """Hand the drawings to the child; they are gone afterwards."""
    aside: list[Path] = []

    def kept(name: str, text: str) -> str:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        aside.append(path)
        return str(path)

    def heard(line: str) -> None:
        if line.startswith("done "):
            tell(int(line[5:]))

    try:
        jobs = [
            {
                "seen": kept(f"drawing-{i:04}.svg", painting.seen),
                "guide": kept(f"drawing-{i:04}.guide.svg", painting.guide),
                "over": kept(f"drawing-{i:04}.over.svg", painting.over) if painting.over else None,
                "style": painting.style,
                "seed": painting.seed,
                "path": str(order.path),
            }
            for i, (order, painting) in enumerate(zip(orders, paintings, strict=True))
        ]
        plan = kept(
            "drawings.json", json.dumps({"pictures": jobs, "fonts": [str(path) for path in FONT_FILES]})
        )
        argv, env = python_child("reelyard.tools.pictures.raster_child", plan)
        limits = Limits(60 + 30 * len(jobs), 60 + 15 * len(jobs), 3072 * MIB, 64 * MIB)
        run(
            Command(argv, reads=(folder, *FONT_FILES), writes=(folder,), env=env, limits=limits),
            on_line=heard,
        )
    finally:
        for path in aside:
            path.unlink(missing_ok=True)
