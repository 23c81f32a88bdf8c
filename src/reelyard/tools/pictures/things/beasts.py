"""How animals are drawn: parts traced once on a grid whose ground lies at 100, coloured by the coat, set walking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reelyard.tools.pictures.things.outline import traced
from reelyard.tools.pictures.things.paths import Path, Step
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter, varied
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose

GROUND = 100.0


@dataclass(frozen=True, slots=True)
class Part:
    """One patch: its tone (a colour, or coat, far, dark, pale, mane, shade, shine) and its traced outline.

    `legs` says whether it strides when the animal walks: near and far legs go opposite ways.
    """

    tone: str
    outline: str
    legs: str = ""


@dataclass(frozen=True, slots=True)
class Beast:
    """An animal: how its parts lie, which coats it may have, where its middle is and its belly."""

    coats: tuple[str, ...]
    parts: tuple[Part, ...]
    middle: float
    belly: float = 66.0
    mane: str | None = None
    poses: Mapping[Pose, tuple[Part, ...]] | None = None
    stride: float = 9.0
    grain: Grain = Grain.FUR


def near(tone: str, outline: str) -> Part:
    return Part(tone, outline, "near")


def far(tone: str, outline: str) -> Part:
    return Part(tone, outline, "far")


def strode(path: Path, beast: Beast, reach: float) -> Path:
    """Legs apart: below the belly, what is before the middle swings forward by `reach` at the "
    "ground, the rest back.
    """

    def swung(x: float, y: float) -> tuple[float, float]:
        if y <= beast.belly:
            return x, y
        share = (y - beast.belly) / (GROUND - beast.belly)
        fore = max(-1.0, min(1.0, (x - beast.middle) / 12))
        return x + reach * share * fore, y

    return Path(tuple(Step(step.kind, tuple(swung(*p) for p in step.points)) for step in path.steps))


def tones(beast: Beast, coat: str) -> dict[str, str]:
    """The colours that parts name."""
    return {
        "coat": coat,
        "far": darker(coat, 0.3),
        "dark": darker(coat, 0.18),
        "deep": darker(coat, 0.5),
        "pale": lighter(coat, 0.45),
        "mane": beast.mane or darker(coat, 0.55),
        "spot": "#6b4a36" if _is_pale(coat) else lighter(coat, 0.55),
    }


def beast_on(sketch: Sketch, asking: Asking, beast: Beast) -> None:
    """Draws the animal on the pad's own numbers, ground at 0."""
    random = asking.random
    coat = varied(asking.tint or random.choice(beast.coats), random, 0.07)
    colours = tones(beast, coat)
    own = (beast.poses or {}).get(asking.pose)
    pace = (
        {Pose.WALKING: 1.0, Pose.RUNNING: 2.2}.get(asking.pose, random.uniform(-0.12, 0.3))
        if own is None
        else 0.0
    )
    for part in own or beast.parts:
        path = traced(part.outline)
        if part.legs:
            path = strode(path, beast, beast.stride * pace * (0.9 if part.legs == "near" else -0.75))
        path = path.moved(-beast.middle, -GROUND)
        if part.tone == "shade":
            sketch.shade(path)
        elif part.tone == "shine":
            sketch.shine(path)
        else:
            sketch.fill(path, colours.get(part.tone, part.tone), beast.grain)


def drawn(beast: Beast) -> Callable[[Asking], Drawing]:
    """A thing's way to draw this animal."""

    def draw(asking: Asking) -> Drawing:
        sketch = Sketch()
        beast_on(sketch, asking, beast)
        return sketch.drawing()

    return draw


def dot(x: float, y: float, r: float = 1.4) -> str:
    """The trace of a small round spot: an eye, a nose."""
    k = r * 0.71
    ring = ((-r, 0.0), (-k, -k), (0.0, -r), (k, -k), (r, 0.0), (k, k), (0.0, r), (-k, k))
    return " ".join(f"{x + a:.2f},{y + b:.2f}" for a, b in ring)


def _is_pale(colour: str) -> bool:
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) > 480
