"""How bodies hold themselves: joints of a figure a hundred units tall that faces right."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reelyard.tools.pictures.things.paths import Point
from reelyard.tools.pictures.things.thing import Pose

Bend = tuple[Point, Point]  # elbow and hand, or knee and foot


@dataclass(frozen=True, slots=True)
class Body:
    """Joints; near limbs lie before the body, far ones behind it."""

    neck: Point = (0, -78)
    hip: Point = (0, -46)
    head: Point = (1.5, -89.5)
    nod: float = 0.0  # degrees the head is turned down
    near_arm: Bend = ((-8.5, -60), (-6, -45))
    far_arm: Bend = ((8.5, -60), (9, -46))
    near_leg: Bend = ((-3.8, -24), (-4.6, -3))
    far_leg: Bend = ((4, -24), (5, -3))
    seat: float | None = None  # height of what it sits on
    toes: tuple[float, float] = (0.0, 0.0)  # degrees the near and far foot point down

    def turned(self, **changes: object) -> Body:
        return replace(self, **changes)  # type: ignore[arg-type]


STANDING = Body()
WALKING = Body(
    neck=(1.5, -78), head=(3.5, -89.5), near_arm=((-1, -60), (8, -50)), far_arm=((1, -61), (-7, -48)),
    near_leg=((-2.5, -25), (-13, -5)), far_leg=((6.5, -25), (11.5, -3)), toes=(28, -8),
)  # fmt: skip
RUNNING = Body(
    neck=(8, -75), hip=(0, -46), head=(13, -85.5), near_arm=((12, -60), (21, -67)), far_arm=((-5, -64), (-11, -52)),
    near_leg=((-7, -26), (-23, -8)), far_leg=((16, -39), (14, -18)), toes=(52, 12),
)  # fmt: skip
SITTING = Body(
    neck=(-5, -58), hip=(-7, -27), head=(-2.5, -69.5), near_arm=((-7, -41), (7, -33)), far_arm=((4, -42), (11, -33)),
    near_leg=((13, -26), (13, -3)), far_leg=((15, -27), (17, -3)), seat=22,
)  # fmt: skip
READING = SITTING.turned(
    head=(-0.5, -68.5), nod=16, near_arm=((-3, -41), (11, -44)), far_arm=((5, -42), (15, -45))
)
WAVING = STANDING.turned(far_arm=((15, -84), (17, -100)), head=(2, -89.5), nod=-4)
KNEELING = Body(
    neck=(4, -57), hip=(-5, -27), head=(9, -67.5), nod=10, near_arm=((5, -42), (17, -34)), far_arm=((10, -42), (20, -36)),
    near_leg=((4, -4), (-16, -4)), far_leg=((14, -25), (15, -3)), toes=(60, 0),
)  # fmt: skip
CARRYING = WALKING.turned(near_arm=((-4, -58), (11, -53)), far_arm=((6, -60), (16, -55)))
HOLDING_LAMP = STANDING.turned(far_arm=((12, -68), (21, -72)), near_arm=((-8, -60), (-5, -46)))
ROWING = Body(
    neck=(-3, -52), hip=(-5, -22), head=(1, -63), near_arm=((5, -42), (16, -38)), far_arm=((8, -43), (19, -38)),
    near_leg=((12, -24), (20, -8)), far_leg=((13, -25), (22, -8)),
)  # fmt: skip
EATING = SITTING.turned(near_arm=((-2, -42), (7, -53)), far_arm=((5, -42), (13, -42)))
SLEEPING = STANDING.turned(
    near_arm=((-9, -60), (5, -58)), far_arm=((9, -62), (4, -52)), nod=0.0
)  # fmt: skip

BODIES = {
    Pose.STANDING: STANDING,
    Pose.WALKING: WALKING,
    Pose.RUNNING: RUNNING,
    Pose.SITTING: SITTING,
    Pose.READING: READING,
    Pose.WAVING: WAVING,
    Pose.KNEELING: KNEELING,
    Pose.CARRYING: CARRYING,
    Pose.HOLDING_LAMP: HOLDING_LAMP,
    Pose.EATING: EATING,
    Pose.ROWING: ROWING,
    Pose.SLEEPING: SLEEPING,
}


def body_for(pose: Pose) -> Body:
    """The joints of a pose; who cannot do it stands."""
    return BODIES.get(pose, STANDING)
