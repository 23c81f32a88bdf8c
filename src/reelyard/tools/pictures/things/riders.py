"""Who rides: on a horse, a donkey, a bicycle."""

from __future__ import annotations

from dataclasses import replace

from reelyard.tools.pictures.things.animals_farm import DONKEY, HORSE
from reelyard.tools.pictures.things.beasts import Beast, beast_on
from reelyard.tools.pictures.things.figures import Cut, Figure, draw_figure
from reelyard.tools.pictures.things.heads import Hair, Hat
from reelyard.tools.pictures.things.outline import limb, soft, traced
from reelyard.tools.pictures.things.sketch import Sketch
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose, Stand, Thing


def _ride(sketch: Sketch, asking: Asking, beast: Beast, figure: Figure, seat: tuple[float, float]) -> None:
    """The animal with its rider, whose dress is the one asked for; `seat` is where the hips are."""
    pace = asking.pose if asking.pose in (Pose.WALKING, Pose.RUNNING) else Pose.STANDING
    sketch.place(0.66)
    beast_on(sketch, replace(asking, pose=pace), beast)
    x, y = seat
    sketch.place(0.66, x, y)
    sketch.fill(traced("-16,-4 -12,-8 10,-8 14,-4 12,6 -12,6"), "#6d4436", Grain.CLOTH)
    sketch.place(0.6, x, y)
    sketch.line(soft([(18, 0), (40, -8), (58, -22)], closed=False), "#4f3a30", 1.4)
    sketch.place(0.6, x + 3, y + 16)
    draw_figure(sketch, replace(asking, pose=Pose.ROWING), figure)
    sketch.fill(limb([(20, -10), (24, -8)], [3, 3]), "#39302f")


def rider(asking: Asking) -> Drawing:
    sketch = Sketch()
    _ride(sketch, asking, HORSE, Figure(Cut.JACKET, Hair.SHORT, Hat.BRIM), (-4, -40))
    return sketch.drawing()


def knight_on_horse(asking: Asking) -> Drawing:
    sketch = Sketch()
    _ride(sketch, asking, HORSE, Figure(Cut.JACKET, Hair.SHORT, Hat.HELMET, sleeve="#8d959c"), (-4, -40))
    return sketch.drawing()


def donkey_rider(asking: Asking) -> Drawing:
    sketch = Sketch()
    _ride(sketch, asking, DONKEY, Figure(Cut.JACKET, Hair.SHORT, Hat.STRAW), (-6, -38))
    return sketch.drawing()


PACES = (Pose.STANDING, Pose.WALKING, Pose.RUNNING)
THINGS = (
    Thing("rider", 2.8, Stand.LAND, rider, PACES, alive=True, said="someone on a horse"),
    Thing("knight_on_horse", 2.8, Stand.LAND, knight_on_horse, PACES, alive=True, said="a knight on a horse"),
    Thing("donkey_rider", 2.3, Stand.LAND, donkey_rider, PACES[:2], alive=True, said="someone on a donkey"),
)
