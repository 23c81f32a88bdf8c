"""People."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reelyard.tools.pictures.things.figures import Cut, Figure, draw_figure
from reelyard.tools.pictures.things.heads import Hair, Hat
from reelyard.tools.pictures.things.outline import traced
from reelyard.tools.pictures.things.sketch import Sketch, lighter
from reelyard.tools.pictures.things.thing import Asking, Drawing, Grain, Pose, Stand, Thing

POSES = (
    Pose.STANDING,
    Pose.WALKING,
    Pose.RUNNING,
    Pose.SITTING,
    Pose.READING,
    Pose.WAVING,
    Pose.KNEELING,
    Pose.CARRYING,
    Pose.HOLDING_LAMP,
    Pose.EATING,
    Pose.SLEEPING,
)


def _choice(asking: Asking, *figures: Figure) -> Figure:
    """One of several figures, told by the dress: the same person is drawn the same in every picture."""
    dress = asking.dress
    told = sum(int(colour[1:], 16) for colour in (dress.coat, dress.hair, dress.skin, dress.legs))
    return figures[(told // 7) % len(figures)]


def _person(*figures: Figure, size: float = 1.0) -> Callable[[Asking], Drawing]:
    def draw(asking: Asking) -> Drawing:
        sketch = Sketch()
        figure = _choice(asking, *figures)
        if asking.pose is Pose.SLEEPING:
            _asleep(sketch, asking, figure, size)
        else:
            sketch.place(size)
            draw_figure(sketch, asking, figure)
        return sketch.drawing()

    return draw


def _asleep(sketch: Sketch, asking: Asking, figure: Figure, size: float) -> None:
    """On the ground, face up, the head to the left on something soft, under a blanket."""
    sketch.fill(traced("-62,0! -66,-9 -56,-14 -38,-12 -30,-5 -32,0!"), "#e6dccb", Grain.CLOTH)
    sketch.place(size, 48, -11, turn=-90)
    lying = replace(figure, cut=Cut.JACKET, hat=Hat.CAP, stick=False, stoop=0.0, eyes_shut=True)
    bare = replace(asking, light=-1.0, dress=replace(asking.dress, hat=None, scarf=None))
    draw_figure(sketch, bare, lying)
    sketch.place()
    rug = asking.dress.scarf or "#8a6f5a"
    sketch.fill(
        traced("-8,0! -10,-12 -4,-21 10,-22 24,-21 36,-20 48,-24 57,-21 62,-8 62,0!"), rug, Grain.CLOTH
    )
    sketch.fill(traced("-8,0! -10,-12 -4,-21 4,-22 -1,-12 0,0!"), lighter(rug, 0.4), Grain.CLOTH)
    sketch.shade(traced("0,0! 2,-6 30,-8 62,-6 62,0!"))


man = _person(
    Figure(Cut.COAT, Hair.SHORT, Hat.BRIM),
    Figure(Cut.JACKET, Hair.SHORT, Hat.CAP, broad=1.08),
    Figure(Cut.JACKET, Hair.CURLS, Hat.BRIM),
)
woman = _person(
    Figure(Cut.SKIRT, Hair.LONG, Hat.WOOL, broad=0.9),
    Figure(Cut.COAT, Hair.BUN, Hat.BRIM, broad=0.92),
    Figure(Cut.SKIRT, Hair.BOB, Hat.BRIM, broad=0.9),
)
boy = _person(
    Figure(Cut.JACKET, Hair.SHORT, Hat.CAP, broad=0.95, big_head=1.3),
    Figure(Cut.JACKET, Hair.CURLS, Hat.WOOL, broad=0.95, big_head=1.3),
    size=0.96,
)
girl = _person(
    Figure(Cut.SKIRT, Hair.BRAID, Hat.WOOL, broad=0.9, big_head=1.3),
    Figure(Cut.SKIRT, Hair.BOB, Hat.BRIM, broad=0.9, big_head=1.3),
    size=0.96,
)
old_man = _person(Figure(Cut.COAT, Hair.RING, Hat.CAP, broad=1.06, beard="#dcd8d0", stoop=5, stick=True))
old_woman = _person(Figure(Cut.GOWN, Hair.BUN, Hat.BONNET, stoop=5, stick=True))
king = _person(Figure(Cut.GOWN, Hair.SHORT, Hat.CROWN, broad=1.12, beard="#8f7e6c"))
queen = _person(Figure(Cut.GOWN, Hair.LONG, Hat.CROWN, broad=0.92))
knight = _person(Figure(Cut.JACKET, Hair.SHORT, Hat.HELMET, broad=1.1, sleeve="#8d959c"))
soldier = _person(Figure(Cut.JACKET, Hair.SHORT, Hat.SHAKO, broad=1.04))


def child(asking: Asking) -> Drawing:
    """A girl or a boy, told by the dress."""
    told = sum(int(colour[1:], 16) for colour in (asking.dress.coat, asking.dress.hair))
    return (girl if told % 2 else boy)(asking)


prince = _person(Figure(Cut.JACKET, Hair.BOB, Hat.CROWN))
princess = _person(Figure(Cut.GOWN, Hair.LONG, Hat.CROWN, broad=0.86, big_head=1.08))
witch = _person(Figure(Cut.GOWN, Hair.LONG, Hat.POINTED, broad=0.96, stoop=3, stick=True))
wizard = _person(Figure(Cut.GOWN, Hair.LONG, Hat.POINTED, broad=1.02, beard="#dcd8d0", stick=True))
pirate = _person(Figure(Cut.COAT, Hair.LONG, Hat.TRICORNE, broad=1.06, beard="#3d302b"))
farmer = _person(Figure(Cut.JACKET, Hair.SHORT, Hat.STRAW, broad=1.1))
fisherman = _person(Figure(Cut.COAT, Hair.SHORT, Hat.WOOL, broad=1.1, beard="#a39a90"))

THINGS = (
    Thing("man", 1.75, Stand.LAND, man, POSES, alive=True),
    Thing("woman", 1.66, Stand.LAND, woman, POSES, alive=True),
    Thing("boy", 1.2, Stand.LAND, boy, POSES, alive=True),
    Thing("girl", 1.18, Stand.LAND, girl, POSES, alive=True),
    Thing("child", 1.15, Stand.LAND, child, POSES, alive=True),
    Thing("old_man", 1.68, Stand.LAND, old_man, POSES, alive=True, said="an old man"),
    Thing("old_woman", 1.56, Stand.LAND, old_woman, POSES, alive=True, said="an old woman"),
    Thing("king", 1.75, Stand.LAND, king, POSES, alive=True),
    Thing("queen", 1.7, Stand.LAND, queen, POSES, alive=True),
    Thing("knight", 1.78, Stand.LAND, knight, POSES, alive=True),
    Thing("soldier", 1.75, Stand.LAND, soldier, POSES, alive=True),
    Thing("prince", 1.7, Stand.LAND, prince, POSES, alive=True),
    Thing("princess", 1.6, Stand.LAND, princess, POSES, alive=True),
    Thing("witch", 1.62, Stand.LAND, witch, POSES, alive=True),
    Thing("wizard", 1.78, Stand.LAND, wizard, POSES, alive=True),
    Thing("pirate", 1.78, Stand.LAND, pirate, POSES, alive=True),
    Thing("farmer", 1.76, Stand.LAND, farmer, POSES, alive=True),
    Thing("fisherman", 1.76, Stand.LAND, fisherman, POSES, alive=True),
)
