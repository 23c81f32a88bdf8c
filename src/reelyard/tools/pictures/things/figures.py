"""Draws people from their joints: limbs, clothes, heads; `people.py` says who they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reelyard.tools.pictures.things.heads import Hair, Hat, head
from reelyard.tools.pictures.things.outline import capsule, limb, side_of, soft
from reelyard.tools.pictures.things.paths import Path, Point, ellipse, joined, polygon, rect
from reelyard.tools.pictures.things.poses import Bend, Body, body_for
from reelyard.tools.pictures.things.sketch import Sketch, darker, lighter
from reelyard.tools.pictures.things.thing import Asking, Dress, Grain, Pose


class Cut(StrEnum):
    """Of clothes."""

    JACKET = "jacket"
    COAT = "coat"
    SKIRT = "skirt"
    GOWN = "gown"


HEMS = {Cut.JACKET: -40.0, Cut.COAT: -27.0, Cut.SKIRT: -20.0, Cut.GOWN: -3.0}
FLARES = {Cut.JACKET: 2.5, Cut.COAT: 4.0, Cut.SKIRT: 8.0, Cut.GOWN: 10.0}


@dataclass(frozen=True, slots=True)
class Figure:
    """What tells one kind of person from another, apart from the dress."""

    cut: Cut = Cut.JACKET
    hair: Hair = Hair.SHORT
    hat: Hat = Hat.BRIM
    broad: float = 1.0  # how stout
    big_head: float = 1.0  # children's heads are larger
    beard: str | None = None
    stoop: float = 0.0  # units the head is carried forward
    stick: bool = False
    sleeve: str | None = None  # armour
    near_arm: Bend | None = None  # elbow and hand, whatever the pose: who leads another by the hand
    far_arm: Bend | None = None
    eyes_shut: bool = False


def draw_figure(sketch: Sketch, asking: Asking, figure: Figure) -> None:
    """The person in the asked pose, standing on 0."""
    body, dress = _own(body_for(asking.pose), figure, asking), asking.dress
    coat, legs = dress.coat, dress.legs
    shoulder_near, shoulder_far = (
        (body.neck[0] - 5.2 * figure.broad, body.neck[1] + 4),
        (body.neck[0] + 5 * figure.broad, body.neck[1] + 4),
    )
    if body.seat is not None and not asking.perched:
        _stool(sketch, body)
    held = _held(sketch, asking.pose, body, far=True)
    _arm(sketch, shoulder_far, body.far_arm, darker(figure.sleeve or coat, 0.22), dress, figure)
    _leg(sketch, (body.hip[0] + 3, body.hip[1]), body.far_leg, darker(legs, 0.22), body.toes[1])
    _leg(sketch, (body.hip[0] - 3, body.hip[1]), body.near_leg, legs, body.toes[0])
    _clothes(sketch, asking, figure, body)
    head(sketch, (body.head, body.nod, figure.big_head), figure, dress)
    if dress.scarf:
        _scarf(sketch, asking, body, dress.scarf)
    if held:
        _held(sketch, asking.pose, body, far=False)
    _arm(sketch, shoulder_near, body.near_arm, figure.sleeve or darker(coat, 0.08), dress, figure)
    if figure.stick and asking.pose in (Pose.STANDING, Pose.WALKING):
        x, y = body.near_arm[1]
        sketch.fill(
            limb([(x - 0.5, y - 4), (x + 1, y / 2), (x + 2, 0)], [1.8, 1.6, 1.4]), "#6a4a34", Grain.WOOD
        )


def _own(body: Body, figure: Figure, asking: Asking) -> Body:
    """The pose as this person holds it."""
    random = asking.random
    drop = 2.6 * abs(figure.stoop) / 5
    neck = (body.neck[0] + figure.stoop * 0.5, body.neck[1] + drop)
    above = 11.5 * figure.big_head
    lean = body.head[0] - body.neck[0]
    top = (
        neck[0] + lean * (0.8 + 0.2 * figure.big_head) + figure.stoop * 0.6,
        neck[1] - above + figure.stoop * 0.3,
    )
    body = body.turned(neck=neck, head=top, nod=body.nod + figure.stoop + random.uniform(-2, 2))
    body = body.turned(near_arm=figure.near_arm or body.near_arm, far_arm=figure.far_arm or body.far_arm)
    if figure.stick and asking.pose in (Pose.STANDING, Pose.WALKING):
        body = body.turned(near_arm=((3, -57), (13, -47)))
    return body


def _leg(sketch: Sketch, hip: Point, bend: Bend, colour: str, toes: float) -> None:
    knee, foot = bend
    sketch.fill(
        capsule(hip, knee, 8.5, 6.6) + capsule(knee, (foot[0], foot[1] - 1), 6.6, 4.6), colour, Grain.CLOTH
    )
    shoe = soft([(-3.2, -3.4), (1.6, -3.6), (6.4, 0.2), (7, 3), (-3.2, 3)], corners=[3, 4])
    sketch.fill(shoe.turned(toes).moved(foot[0], foot[1]), "#39302f")


def _arm(sketch: Sketch, shoulder: Point, bend: Bend, colour: str, dress: Dress, figure: Figure) -> None:
    elbow, hand = bend
    sketch.fill(ellipse(hand[0], hand[1], 2.7), dress.skin)
    wrist = (elbow[0] + (hand[0] - elbow[0]) * 0.86, elbow[1] + (hand[1] - elbow[1]) * 0.86)
    k = figure.broad
    sketch.fill(
        capsule(shoulder, elbow, 7.6 * k, 6.4 * k) + capsule(elbow, wrist, 6.4 * k, 5.2), colour, Grain.CLOTH
    )


def _clothes(sketch: Sketch, asking: Asking, figure: Figure, body: Body) -> None:
    """From the shoulders to the hem; over bent knees when sitting."""
    (nx, ny), (hx, hy), k = body.neck, body.hip, figure.broad
    colour, folded = asking.dress.coat, body.near_leg[0][1] > body.hip[1] - 6 and body.hip[1] > -40
    hem = hy + 3 if folded else max(HEMS[figure.cut], hy + 5)
    left, right = (hx - 9, hx + 9) if folded else _hem(body, hem, 5.5 + FLARES[figure.cut])
    waist = 6.6 if figure.cut in (Cut.SKIRT, Cut.GOWN) else 8.2
    mx, my = nx + (hx - nx) * 0.62, ny + (hy - ny) * 0.62
    outline = soft(
        [
            (nx - 3, ny - 2.5),
            (nx - 8.8 * k, ny + 2.5),
            (nx - 9.2 * k, ny + 8),
            (mx - waist * k, my),
            (mx + (left - mx) * 0.62 - waist * 0.2, my + (hem - my) * 0.5),
            (left, hem),
            ((left + right) / 2, hem + 1.4),
            (right, hem),
            (mx + (right - mx) * 0.62 + waist * 0.2, my + (hem - my) * 0.5),
            (mx + waist * k, my),
            (nx + 9 * k, ny + 8),
            (nx + 8.4 * k, ny + 2.5),
            (nx + 3.4, ny - 2.5),
        ],
        corners=[0, 5, 7, 12],
    )
    if folded and figure.cut is not Cut.JACKET:
        sketch.fill(_lap(body, figure), darker(colour, 0.06), Grain.CLOTH)
    sketch.fill(outline, colour, Grain.CLOTH)
    middle = (left + right) / 2 + 2
    away = (
        side_of(outline, (middle, 0), (nx + 2, ny))
        if asking.light < 0
        else side_of(outline, (nx - 2, ny), (middle - 4, 0))
    )
    sketch.shade(away)
    if figure.cut is Cut.COAT and not folded:
        sketch.fill(
            joined(ellipse(nx + (hx - nx) * t + 3.2, ny + (hy - ny) * t, 0.8) for t in (0.3, 0.55, 0.8)),
            lighter(colour, 0.5),
        )
    if figure.cut is Cut.JACKET and not folded:
        sketch.fill(
            polygon((left * k, hem - 5), (right * k, hem - 5), (right * k, hem - 3), (left * k, hem - 3)),
            darker(colour, 0.35),
        )
    if figure.cut is Cut.SKIRT and not folded:
        sketch.fill(
            polygon(
                (mx - 6.8 * k, my - 1.2),
                (mx + 6.8 * k, my - 1.2),
                (mx + 7 * k, my + 1.6),
                (mx - 7 * k, my + 1.6),
            ),
            darker(colour, 0.3),
        )


def _hem(body: Body, y: float, ease: float) -> tuple[float, float]:
    """How far left and right a hem hangs at a height, round both legs."""
    places = []
    for knee, foot in (body.near_leg, body.far_leg):
        upper, lower = (body.hip, knee) if y < knee[1] else (knee, foot)
        span = lower[1] - upper[1]
        share = max(0.0, min(1.0, (y - upper[1]) / span)) if abs(span) > 1 else 0.0
        places.append(upper[0] + (lower[0] - upper[0]) * share)
    return min(places) - ease, max(places) + ease


def _lap(body: Body, figure: Figure) -> Path:
    """A skirt over bent knees."""
    (hx, hy), (knee, foot) = body.hip, body.near_leg
    if foot[0] < hx:  # on one knee
        (a, b), (c, _) = body.far_leg
        return soft(
            [
                (hx - 9, hy + 2),
                (a, b - 5.5),
                (a + 5, b),
                (c + 3, -9),
                (knee[0], -1),
                (foot[0] + 2, -1),
                (hx - 10, -14),
            ],
            corners=[3, 4, 5],
        )
    low = {Cut.COAT: 0.3, Cut.SKIRT: 0.62, Cut.GOWN: 0.96}.get(figure.cut, 0.3)
    end = (knee[0] + (foot[0] - knee[0]) * low, knee[1] + (foot[1] - knee[1]) * low)
    return soft(
        [
            (hx - 9, hy + 4),
            (hx - 6, hy - 9),
            (knee[0], knee[1] - 5.5),
            (knee[0] + 5.5, knee[1] - 1),
            (end[0] + 6, end[1]),
            (end[0] - 6, end[1] + 0.6),
            (hx + 2, hy + 6),
        ],
        corners=[4, 5],
    )


def _scarf(sketch: Sketch, asking: Asking, body: Body, colour: str) -> None:
    x, y = body.neck
    sketch.fill(
        limb(
            [
                (x - 4, y),
                (x - 8 - asking.wind * 8, y + 8 - asking.wind * 5),
                (x - 8 - asking.wind * 14, y + 18 - asking.wind * 12),
            ],
            [4, 4.4, 5],
            blunt=True,
        ),
        darker(colour, 0.16),
        Grain.CLOTH,
    )
    sketch.fill(
        soft(
            [
                (x - 6.4, y - 3),
                (x, y - 1.8),
                (x + 6.6, y - 3.4),
                (x + 7, y + 1.2),
                (x, y + 3.4),
                (x - 7, y + 1.6),
            ]
        ),
        colour,
        Grain.CLOTH,
    )


def _stool(sketch: Sketch, body: Body) -> None:
    x, top = body.hip[0] + 1, -(body.seat or 22)
    sketch.fill(
        polygon((x - 8, top), (x - 5.5, top), (x - 8.5, 0), (x - 11, 0))
        + polygon((x + 5.5, top), (x + 8, top), (x + 11, 0), (x + 8.5, 0)),
        "#6d4e38",
        Grain.WOOD,
    )
    sketch.fill(rect(x - 11, top - 1, 22, 3.6), "#8a6546", Grain.WOOD)


def _held(sketch: Sketch, pose: Pose, body: Body, *, far: bool) -> bool:
    """What is in the hands: drawn between the far arm and the near one."""
    x, y = body.far_arm[1]
    if far:
        return pose in (Pose.READING, Pose.CARRYING, Pose.HOLDING_LAMP, Pose.EATING)
    if pose is Pose.READING:
        sketch.fill(polygon((x - 3, y + 2), (x + 6, y - 11), (x + 8, y - 10.4), (x - 1, y + 3)), "#8c3f3a")
        sketch.fill(
            polygon((x - 3.4, y + 1.4), (x - 1, y - 11.6), (x + 6, y - 11.4), (x - 1.4, y + 2)), "#f3ead6"
        )
    elif pose is Pose.CARRYING:
        basket = soft([(x - 9, y - 3), (x + 9, y - 3), (x + 7, y + 9), (x - 7, y + 9)], corners=[0, 1])
        sketch.fill(joined(ellipse(x + dx, y - 4 - (dx % 2), 3) for dx in (-5, 0, 5)), "#b8573f")
        sketch.fill(basket, "#b08a55", Grain.WOOD)
        sketch.shade(rect(x - 8.4, y + 0.4, 16.8, 1.2) + rect(x - 7.6, y + 4, 15.2, 1.2))
    elif pose is Pose.HOLDING_LAMP:
        sketch.line(soft([(x - 2, y + 4), (x, y), (x + 2, y + 4)], closed=False), "#3a3230", 0.8)
        sketch.fill(
            polygon((x - 3.4, y + 5.6), (x, y + 3), (x + 3.4, y + 5.6)) + rect(x - 3.4, y + 14, 6.8, 1.8),
            "#3a3230",
        )
        sketch.light(rect(x - 2.7, y + 5.6, 5.4, 8.4), "#e9d9a8")
        sketch.fill(rect(x - 0.3, y + 5.6, 0.6, 8.4), "#3a3230")
        sketch.glow(x, y + 10, 46)
    elif pose is Pose.EATING:
        sketch.fill(
            soft([(x - 5, y - 2), (x + 5, y - 2), (x + 3, y + 3), (x - 3, y + 3)], corners=[0, 1]), "#d8c7ab"
        )
    return True
