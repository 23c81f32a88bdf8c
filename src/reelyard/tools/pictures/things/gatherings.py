"""Several people at once: two hand in hand, a family, a crowd."""

from __future__ import annotations

from dataclasses import replace

from reelyard.tools.pictures.things.figures import Cut, Figure, draw_figure
from reelyard.tools.pictures.things.heads import Hair, Hat
from reelyard.tools.pictures.things.sketch import Sketch
from reelyard.tools.pictures.things.thing import Asking, Drawing, Dress, Pose, Stand, Thing

FIGURES = (
    Figure(Cut.COAT, Hair.SHORT, Hat.BRIM),
    Figure(Cut.SKIRT, Hair.BUN, Hat.BRIM, broad=0.92),
    Figure(Cut.JACKET, Hair.CURLS, Hat.CAP, broad=1.06),
    Figure(Cut.SKIRT, Hair.LONG, Hat.WOOL, broad=0.9),
    Figure(Cut.GOWN, Hair.BOB, Hat.BONNET, broad=0.94),
    Figure(Cut.JACKET, Hair.SHORT, Hat.WOOL),
)
COATS = ("#8a4f46", "#4f6a78", "#6f7a56", "#a8824c", "#5f5470", "#7d6a5c", "#3f5a5a", "#9a6a58")
HAIRS = ("#4a342a", "#7d5a3c", "#2f2826", "#a88458", "#8a8480")
SKINS = ("#d9a981", "#e6c3a0", "#b07d58", "#8a5c40")
HATS = (None, "#5a4a48", "#7d6a4c", None, "#6a4a5a")


def _somebody(asking: Asking) -> Dress:
    pick = asking.random.choice
    return Dress(
        pick(COATS),
        pick(("#3c3a44", "#4f4438", "#45505a")),
        pick(HAIRS),
        pick(SKINS),
        pick(HATS),
        pick((None, None, "#a8503f")),
    )


def crowd(asking: Asking) -> Drawing:
    """Seven people in two rows, all different."""
    random, sketch = asking.random, Sketch()
    for row, (count, size) in enumerate(((4, 0.93), (3, 1.0))):
        for i in range(count):
            x = (i - (count - 1) / 2) * 37 + random.uniform(-6, 6)
            looks = random.random() < 0.5
            sketch.place(size * random.uniform(0.92, 1.04), x, -5.0 if row == 0 else 0.0, flip=looks)
            pose = random.choice((Pose.STANDING, Pose.STANDING, Pose.WAVING)) if row == 0 else Pose.STANDING
            one = replace(
                asking, dress=_somebody(asking), pose=pose, light=-asking.light if looks else asking.light
            )
            draw_figure(sketch, one, random.choice(FIGURES))
    return sketch.drawing()


def couple(asking: Asking) -> Drawing:
    """Two hand in hand; the nearer one wears the dress that is asked for."""
    sketch = Sketch()
    walks = asking.pose if asking.pose in (Pose.STANDING, Pose.WALKING) else Pose.STANDING
    other = replace(asking, pose=walks, dress=replace(_somebody(asking), hat=None))
    sketch.place(0.94, -14, 0)
    draw_figure(sketch, other, replace(FIGURES[3], far_arm=((11, -59), (15, -44))))
    sketch.place(1, 14, 0)
    draw_figure(sketch, replace(asking, pose=walks), replace(FIGURES[0], near_arm=((-11, -60), (-14, -43))))
    return sketch.drawing()


def mother_and_child(asking: Asking) -> Drawing:
    """A grown woman in the asked dress with a child by the hand."""
    sketch = Sketch()
    walks = asking.pose if asking.pose in (Pose.STANDING, Pose.WALKING) else Pose.STANDING
    child = replace(
        asking, pose=walks, dress=replace(_somebody(asking), skin=asking.dress.skin, hair=asking.dress.hair)
    )
    sketch.place(1, -12, 0)
    draw_figure(sketch, replace(asking, pose=walks), replace(FIGURES[3], far_arm=((12, -61), (21, -50))))
    sketch.place(0.62, 17, 0)
    draw_figure(
        sketch,
        child,
        Figure(Cut.JACKET, Hair.SHORT, Hat.WOOL, broad=0.95, big_head=1.3, near_arm=((-13, -68), (-13, -81))),
    )
    return sketch.drawing()


THINGS = (
    Thing("crowd", 1.75, Stand.LAND, crowd, alive=True, said="a crowd of people"),
    Thing(
        "couple",
        1.75,
        Stand.LAND,
        couple,
        (Pose.STANDING, Pose.WALKING),
        alive=True,
        said="two people hand in hand",
    ),
    Thing(
        "mother_and_child",
        1.68,
        Stand.LAND,
        mother_and_child,
        (Pose.STANDING, Pose.WALKING),
        alive=True,
        said="a mother with her child",
    ),
)
