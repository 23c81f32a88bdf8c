"""The board on which a picture's things are put: where there is room, on the right ground, in the right size."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from reelyard.tools.pictures.dice import dice
from reelyard.tools.pictures.footing import Footing
from reelyard.tools.pictures.grounds import Frame
from reelyard.tools.pictures.scene import Band, Circumstances, Ground, Place, Placed, Wanted
from reelyard.tools.pictures.things.catalogue import catalogue
from reelyard.tools.pictures.things.thing import Asking, Dress, Pose, Stand, Thing

SMALL, LARGE = 0.64, 0.56  # exponents of sizes below and above a person's
PERSON = 0.30  # of the unit: how high somebody of 1.7 m stands on a band of scale 1
TALLEST = 0.66  # of the picture's height, for what is not strewn
TRIES = 28
GRID = 40  # places to try where chance has found none
CUT = 0.02  # of the width: so far within is the middle of what is named
EASY = 0.5  # a cost below which nothing better is looked for
SMALLER = (1.0, 0.8, 0.62)
TOPS = {"table", "desk", "chest", "piano", "stove"}  # small things can stand on them
FLAT = {"rug"}
SEATED = {Pose.SITTING, Pose.READING, Pose.EATING}
SEATS = {"chair": 0.5, "armchair": 0.62}  # as high as that share of who sits on it
SITS = 0.22  # of a sitter's own size above his feet
SPANS = {"bridge", "jetty"}  # reach over the water before their band
DECK, DECK_HIGH = "jetty", 0.765  # of its size above its foot
RIDDEN = 2.0  # metres: who is no taller may stand on it
LANDMARK = 3.0  # metres
MOST_COST = {True: 0.8, False: 2.4}  # of scenery, and of what is named
DRY = {
    Ground.GRASS,
    Ground.CROPS,
    Ground.SAND,
    Ground.ROCK,
    Ground.STREET,
    Ground.EARTH,
    Ground.QUAY,
    Ground.DUNES,
    Ground.FLOOR,
    Ground.CLOUD,
}
Box = tuple[float, float, float, float]


def is_landmark(thing: Thing) -> bool:
    """Whether it rules a picture: a tower, a ship; not one of many trees or houses."""
    return thing.tall > LANDMARK and not thing.groups and not thing.alive


def sized(tall: float) -> float:
    """Height of a thing of `tall` metres, as a share of the unit. Large things are drawn smaller, small ones larger
    than they are, as in picture books: all can be seen.
    """
    return float(PERSON * (tall / 1.7) ** (SMALL if tall < 1.7 else LARGE))


@dataclass
class Board:
    """A picture being filled."""

    frame: Frame
    bands: tuple[Band, ...]
    when: Circumstances
    random: Random
    story: int = 0
    window: Box = (0.0, 0.0, 0.0, 0.0)  # of a room
    _placed: list[tuple[Placed, Box]] = field(default_factory=list)

    @property
    def _footing(self) -> Footing:
        return Footing(self.bands, self.frame.width, self.frame.height)

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Far to near; on one band those whose foot is higher first."""
        return tuple(one for one, _ in sorted(self._placed, key=_order))

    def put(self, thing: Thing, want: Wanted, *, at: float, focal: bool) -> None:
        """Place what the words name, near the share `at` of the width."""
        if thing.name == "umbrella" and self._over_head(thing, want):
            return
        if thing.stand is Stand.TABLE and (self._on_top(thing, want) or self._has_table()):
            return  # what finds no room on the table is left out
        if thing.alive and thing.tall < RIDDEN and self._on_deck(thing, want, focal=focal):
            return
        band = self._band_for(thing, focal=focal)
        if band is None:
            return
        places = [part * self.frame.width for part in _thirds(at)] if focal else self._around(at, 0.30)
        self._best(thing, want, band, places, focal=focal)

    def _over_head(self, thing: Thing, want: Wanted) -> bool:
        """An umbrella is held by the first who stands there."""
        for other, _ in self._placed:
            if other.dress is None or other.pose in {Pose.SITTING, Pose.READING, Pose.KNEELING}:
                continue
            one, own = self._mould(thing, want, other.band, focal=False)
            ahead = 0.17 * other.size * (-1 if other.flip else 1)
            size = round(other.size * 0.80, 1)
            put = replace(
                one, x=round(other.x + ahead, 1), foot=round(other.foot - 0.57 * other.size, 1), size=size,
                stands=other.foot, flip=False,
            )  # fmt: skip
            self._placed.append((put, _seen(own, put)))
            return True
        return False

    def _has_table(self) -> bool:
        return any(one.name in TOPS for one, _ in self._placed)

    def _on_top(self, thing: Thing, want: Wanted) -> bool:
        """Put a small thing on furniture, where there is some with room on it."""
        for other, box in self._placed:
            if other.name not in TOPS or other.stands is not None:
                continue
            one, own = self._mould(thing, want, other.band, focal=False)
            wide = (own[2] - own[0]) / 100
            one = replace(one, size=round(min(one.size, 0.34 * (box[2] - box[0]) / wide), 1))
            half = wide * one.size / 2
            for part in (0.5, 0.26, 0.74, 0.38, 0.62, 0.16, 0.84):
                x = box[0] + (box[2] - box[0]) * part
                put = replace(one, x=round(x, 1), foot=round(box[1] + 1, 1), stands=other.foot, flip=False)
                mine = _seen(own, put)
                free = all(
                    _overlap(mine, taken) < 0.05 for it, taken in self._placed if it.stands == other.foot
                )
                if free and x - half > box[0] and x + half < box[2]:
                    self._placed.append((put, mine))
                    return True
        return False

    def seat(self) -> None:
        """Who sits in a room sits on the chair that is there."""
        taken: set[int] = set()
        for i, (one, box) in enumerate(self._placed):
            if one.dress is None or one.pose not in SEATED or one.stands is not None:
                continue
            free = (j for j, (it, _) in enumerate(self._placed) if it.name in SEATS and j not in taken)
            which = next(free, None)
            if which is None:
                return
            taken.add(which)
            chair, seen = self._placed[which]
            size, side = round(SEATS[chair.name] * one.size, 1), -1 if one.flip else 1
            put = replace(
                chair,
                x=round(one.x - 0.09 * one.size * side, 1),
                foot=one.foot,
                band=one.band,
                size=size,
                flip=one.flip,
            )
            own = tuple(
                (part - at) * 100 / chair.size
                for part, at in zip(seen, (chair.x, chair.foot) * 2, strict=True)
            )
            own = (-own[2], own[1], -own[0], own[3]) if chair.flip else own
            self._placed[which] = put, _seen((own[0], own[1], own[2], own[3]), put)
            high = max(0.0, 0.49 * size - SITS * one.size)
            up = replace(one, foot=round(one.foot - 0.5 * high, 1), stands=one.foot, perched=True)
            self._placed[i] = up, box

    def _on_deck(self, thing: Thing, want: Wanted, *, focal: bool) -> bool:
        """Who comes by a jetty stands on it, as long as there is room."""
        for deck, box in self._placed:
            if deck.name != DECK:
                continue
            one, own = self._mould(thing, want, deck.band, focal=focal)
            if one.pose in {Pose.FLYING, Pose.SWIMMING}:
                return False
            reach, foot = 0.43 * (box[2] - box[0]), deck.foot - DECK_HIGH * deck.size
            for part in (0.35, -0.15, 0.8, -0.6, 0.1, 0.6, -0.85):
                x = deck.x + reach * part
                put = replace(
                    one, x=round(x, 1), foot=round(foot, 1), stands=deck.foot, flip=x > self.frame.width / 2
                )
                mine = _seen(own, put)
                fits = deck.x - reach < mine[0] and mine[2] < deck.x + reach
                if fits and all(_overlap(mine, taken) < 0.1 for it, taken in self._placed if it is not deck):
                    self._placed.append((put, mine))
                    return True
        return False

    def strew(self, things: Sequence[Thing], band: int, count: int, named: Collection[str]) -> None:
        """Place what a place has plenty of, where it hides nothing."""
        for _ in range(count if things else 0):
            thing = self.random.choice(things)
            if thing.name in named and not thing.groups:
                continue
            places = [self.random.uniform(-0.02, 1.02) * self.frame.width for _ in range(TRIES // 2)]
            self._best(thing, Wanted(thing.name, 0), band, places, focal=False)

    def _around(self, at: float, reach: float) -> list[float]:
        spread = [self.random.uniform(-reach, reach) for _ in range(TRIES)]
        return [max(0.06, min(0.94, at + one)) * self.frame.width for one in spread]

    def _band_for(self, thing: Thing, *, focal: bool) -> int | None:
        """The band that it belongs on; -1 is the air. None: there is none."""
        outside = self.when.place is not Place.ROOM
        if thing.stand is Stand.SKY or (
            Pose.FLYING in thing.poses and thing.alive and self.random.random() < 0.6
        ):
            return -1 if outside else None
        ground = {Ground.WATER} if thing.stand is Stand.WATER else DRY
        fit = [i for i, band in enumerate(self.bands) if band.ground in ground and band.scale > 0]
        return self._fitting(thing, fit, focal=focal) if fit else None

    def _fitting(self, thing: Thing, fit: Sequence[int], *, focal: bool) -> int:
        """Big things farther back, living and small ones nearer; bridges behind the water that they lead over."""
        place = self.when.place
        if thing.stand is Stand.WALL or (place is Place.ROOM and not thing.alive and thing.tall > 0.6):
            return fit[0]
        if thing.name in SPANS:
            wet = next((i for i, band in enumerate(self.bands) if band.ground is Ground.WATER), 0)
            return max((i for i in fit if i < wet), default=fit[0])
        if thing.tall > 2.6:
            return fit[min(1, len(fit) - 1)] if focal and len(fit) > 2 else fit[0]
        if place is Place.CITY or len(fit) == 1:
            return fit[-1]
        return fit[-2] if focal and len(fit) > 2 else self.random.choice(fit[-2:])

    def _best(self, thing: Thing, want: Wanted, band: int, places: Sequence[float], *, focal: bool) -> None:
        """Put it where that costs least, if anywhere is good enough; what is named gets smaller before it is left out."""
        one, own = self._mould(thing, want, band, focal=focal)
        everywhere = sorted(self._grid(), key=lambda x: abs(x - places[0]))
        tries = [(1.0, places)]
        if want.weight:
            tries += [(part, everywhere) for part in SMALLER]
        best: tuple[float, tuple[Placed, Box]] | None = None
        for part, where in tries:
            mould = replace(one, size=round(one.size * part, 1)), own
            options = [self._at(mould, thing, x) for x in where]
            for rank, option in enumerate(options):
                cost = self._cost(*option, rank) + (1 - part)
                if (best is None or cost < best[0]) and self._stands(thing, *option):
                    best = cost, option
            if best is not None and best[0] < (9.0 if focal else EASY if want.weight else 9.0):
                break
        if best is not None and best[0] < (9.0 if focal else MOST_COST[want.weight == 0]):
            self._placed.append(best[1])

    def _grid(self) -> list[float]:
        return [(i + 0.5) / GRID * self.frame.width for i in range(GRID)]

    def _stands(self, thing: Thing, one: Placed, box: Box) -> bool:
        """Whether it has its ground under it, and is in the picture if it is named."""
        if not one.scenery and not CUT < (box[0] + box[2]) / 2 / self.frame.width < 1 - CUT:
            return False
        if one.band < 0 or one.name in SPANS or thing.stand is Stand.WALL:
            return True
        middle, wide = (box[0] + box[2]) / 2, box[2] - box[0]
        return self._footing.carries(one.band, middle, wide, one.foot, one.size)

    def _mould(self, thing: Thing, want: Wanted, band: int, *, focal: bool) -> tuple[Placed, Box]:
        """The thing as it will look, not yet anywhere, and its own box."""
        scenery = want.weight == 0
        chance = self.random.randrange(2**31)
        nth = sum(one.name == thing.name and not one.scenery for one, _ in self._placed)
        seed = chance if scenery else dice(self.story, thing.name, nth).randrange(2**31)
        pose = (
            want.pose
            if want.pose in thing.poses and want.pose is not Pose.STANDING
            else self._pose(thing, band)
        )
        asking = Asking(
            dice(seed),
            self.when.season,
            snow=self.when.white,
            pose=pose,
            dress=want.dress or Dress(),
            tint=want.tint,
        )
        box = thing.draw(asking).box
        size = round(self._size(thing, band, box, focal=focal), 1)
        return Placed(
            thing.name, 0, 0, size, band, seed, self.random.random() < 0.5, pose,
            want.dress, want.tint, focal, want.who, scenery,
        ), box  # fmt: skip

    def _at(self, mould: tuple[Placed, Box], thing: Thing, x: float) -> tuple[Placed, Box]:
        one, box = mould
        # Who lives looks into the picture.
        flip = one.flip if one.scenery or not thing.alive else x > self.frame.width / 2
        one = replace(one, x=round(x, 1), flip=flip)
        foot = self._foot(thing, one, _seen(box, one))
        if one.band < 0:  # whole in the air
            foot = max(foot, self.frame.ceiling - box[1] * one.size / 100 + 0.03 * self.frame.height)
        one = replace(one, foot=round(foot, 1))
        return one, _seen(box, one)

    def _pose(self, thing: Thing, band: int) -> Pose:
        if Pose.FLYING in thing.poses and band < 0:
            return Pose.FLYING
        return Pose.STANDING if Pose.STANDING in thing.poses else thing.poses[0]

    def _size(self, thing: Thing, band: int, box: Box, *, focal: bool) -> float:
        """Pixels to 100 units."""
        scale = (0.75 if band < 0 else self.bands[band].scale) * self._beside(thing)
        high = (
            sized(thing.tall) * self.frame.unit * scale * (1.16 if focal else self.random.uniform(0.92, 1.06))
        )
        foot = self.frame.height * 0.8 if band < 0 else min(y for _, y in self.bands[band].edge if y > 0)
        room = max(0.12 * self.frame.height, foot - self.frame.ceiling - 0.05 * self.frame.height)
        if band < 0:
            room = 0.55 * (self.frame.horizon - self.frame.ceiling)
        if thing.stand is Stand.WALL:
            high *= 0.8
        high = min(high, room, TALLEST * self.frame.height * (1.0 if focal else 0.85))
        wide = (box[2] - box[0]) / 100
        return min(high, self.frame.width * (0.62 if focal else 0.5) / max(wide, 0.01))

    def _beside(self, thing: Thing) -> float:
        """Beside a landmark, and on a cover, the small are drawn smaller."""
        if self.when.place is Place.ROOM or thing.tall > LANDMARK:
            return 1.0
        tallest = max((catalogue()[one.name].tall for one, _ in self._placed if one.focal), default=0.0)
        return (0.55 if tallest > 9 else 0.8 if tallest > LANDMARK else 1.0) * (
            0.72 if self.frame.ceiling else 1.0
        )

    def _foot(self, thing: Thing, one: Placed, box: Box) -> float:
        """How high it stands, with the box that it would have there."""
        band, x = one.band, one.x
        if band < 0:
            top = self.frame.ceiling
            return top + (self.frame.horizon - top) * self.random.uniform(0.24, 0.72)
        ground, middle = self.bands[band], (box[0] + box[2]) / 2
        if thing.stand is Stand.WALL:
            return ground.at(x) - self.frame.unit * self.random.uniform(0.30, 0.40)
        base = self._footing.level(band, middle, box[2] - box[0])
        low = self.bands[band + 1].at(x) if band + 1 < len(self.bands) else float(self.frame.height)
        room = max(0.0, min(low, self.frame.height) - base)
        if thing.stand is Stand.SHORE and thing.name in SPANS and band + 1 < len(self.bands):
            return min(low, self.frame.height) + self.frame.unit * 0.05
        if ground.ground is Ground.WATER:
            return base + min(room * 0.85, max(one.size * 0.10, room * self.random.uniform(0.25, 0.65)))
        return base + min(room * 0.45, self.frame.height * self.random.uniform(0.008, 0.045))

    def _cost(self, one: Placed, box: Box, rank: int) -> float:
        """How bad a place is: overlaps, leaving the picture, no ground; earlier tries win among equals."""
        cost = rank * 0.002
        if self.when.place is Place.ROOM and one.stands is None:
            hung = catalogue()[one.name].stand is Stand.WALL
            cost += (6.0 if hung else 0.4 if one.dress else 1.3) * _overlap(box, self.window)
        for other, taken in self._placed:
            share = 0.0 if FLAT & {one.name, other.name} else _overlap(box, taken)
            if one.scenery and one.band < other.band:
                cost += share * 0.30  # a background is no harm
            else:
                cost += share * (5.0 if other.focal else 3.0 if not other.scenery else 0.9)
        outside = max(0.0, -box[0]) + max(0.0, box[2] - self.frame.width)
        cost += (0.2 if one.scenery else 4.0) * outside / max(1.0, box[2] - box[0])
        if one.band >= 0 and one.name not in SPANS:
            wide = box[2] - box[0]
            wet = self.bands[one.band].ground is Ground.WATER
            half = 0.46 * wide if wet else min(0.4 * wide, 0.08 * self.frame.width)
            cost += sum(2.5 for x in (one.x - half, one.x, one.x + half) if self._drowned(one, x, wet=wet))
            ground = self.bands[one.band]
            steep = abs(ground.at(one.x + half) - ground.at(one.x - half)) / max(2 * half, 1.0)
            cost += 4 * max(0.0, steep - 0.25)
        return cost

    def _drowned(self, one: Placed, x: float, *, wet: bool) -> bool:
        """Whether its foot is hidden: under the picture, or behind the edge of a nearer band."""
        if one.foot > self.frame.height * 0.985:
            return True
        hidden = one.foot + (0.15 if wet else -0.12) * one.size  # a boat keeps off the shore
        return any(band.at(x) < min(hidden, self.frame.height) for band in self.bands[one.band + 1 :])


def _order(pair: tuple[Placed, Box]) -> tuple[int, bool, float, bool, int]:
    one = pair[0]
    foot = one.foot if one.stands is None else one.stands
    return one.band, one.name not in FLAT, foot, one.stands is not None, one.seed


def _thirds(at: float) -> list[float]:
    """The best place for the focal thing, then what else is good."""
    return [at, at + 0.04 if at > 0.5 else at - 0.04, 1 - at, at - 0.08, at + 0.08, 0.5, 0.2, 0.8]


def _seen(box: Box, one: Placed) -> Box:
    """The box of a placed thing in the picture."""
    k = one.size / 100
    left, right = (-box[2], -box[0]) if one.flip else (box[0], box[2])
    return one.x + left * k, one.foot + box[1] * k, one.x + right * k, one.foot + box[3] * k


def _overlap(one: Box, other: Box) -> float:
    """Common area as a share of the smaller one."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / max(smaller, 1.0)
