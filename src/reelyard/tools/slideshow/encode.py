"""Encoding the pictures of a film: batches of them, each a kept piece of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from reelyard.errors import ToolFailed
from reelyard.kit.json import JsonObject, canonical
from reelyard.kit.processes import Command, Limits, Runner, python_child
from reelyard.tools.cutting.film_index import follow
from reelyard.tools.cutting.records import read_header
from reelyard.tools.cutting.sound import order_file
from reelyard.tools.slideshow.coding import PARAMETERS, PRESET, QUALITY
from reelyard.tools.slideshow.lettering import draw_captions, script
from reelyard.tools.slideshow.order import FilmOrder, Tell
from reelyard.tools.slideshow.plan import Batch, told, used

MIB = 1024 * 1024
VERSION = 1  # of how a batch is drawn; another one makes all pieces anew
A_STOP_S = 0.6  # processor seconds at most, of drawing and encoding one
MEMORY = 3072 * MIB
LARGEST = 4096 * MIB


@dataclass(frozen=True, slots=True)
class Studio:
    """With what pictures are made."""

    ffmpeg: str
    run: Runner
    workdir: Path


@dataclass(frozen=True, slots=True)
class Piece:
    """A batch as it is ordered: what it depends on, without any path."""

    order: JsonObject
    pictures: tuple[Path, ...]
    captions: str | None  # the script of its captions

    @property
    def key(self) -> JsonObject:
        """Names all that the piece depends on."""
        return {"slideshow": VERSION, "pictures": sha256(canonical(self.order)).hexdigest()}


def piece_of(order: FilmOrder, batch: Batch, digests: Callable[[Path], str]) -> Piece:
    """The batch with the pictures and captions that it shows; `digests` gives a file's SHA-256."""
    slides, cues = used(batch.stops)
    numbers = {name: {one: at for at, one in enumerate(them)} for name, them in _named(slides, cues)}
    pictures = tuple(order.slides[slide].picture for slide in slides)
    captions = script([order.cues[cue] for cue in cues], order.size, order.lettering) if cues else None
    ordered: dict[str, Any] = {
        "size": list(order.size),
        "moving": order.moving,
        "frames": batch.end - batch.begin,
        "stops": told(batch, numbers),
        "digests": [digests(path) for path in pictures],
        "captions": captions,
        "cues": len(cues),
        "coding": [PRESET, *QUALITY[order.moving], PARAMETERS],
    }
    return Piece(ordered, pictures, captions)


def encode(piece: Piece, target: Path, studio: Studio, tell: Tell) -> None:
    """Draw and encode it; raises ToolFailed when a picture cannot be read, and what `run` raises."""
    lettering = target.with_name(f"{target.name}.letters") if piece.captions is not None else None
    order: Mapping[str, Any] = dict(piece.order)
    try:
        if lettering is not None and piece.captions is not None:
            width, height = order["size"]
            draw_captions(
                piece.captions, order["cues"], (width, height), lettering, studio.ffmpeg, run=studio.run
            )
        own = {
            "pictures": [str(path) for path in piece.pictures],
            "lettering": None if lettering is None else str(lettering),
        }
        with order_file(target, {**order, **own}) as path:
            studio.run(_command(piece, path, lettering, target), on_line=follow(tell))
    finally:
        if lettering is not None:
            lettering.unlink(missing_ok=True)
    if read_header(target).get("frames") != order["frames"]:
        raise ToolFailed("The pictures of the film were not encoded as ordered.")


def _command(piece: Piece, order: Path, lettering: Path | None, target: Path) -> Command:
    argv, env = python_child("reelyard.tools.slideshow.encode_child", str(order), str(target))
    stops: Any = piece.order["stops"]
    frames: Any = piece.order["frames"]
    seconds = 120 + A_STOP_S * len(stops) + frames / 500
    reads = (order, *piece.pictures, *((lettering,) if lettering is not None else ()))
    return Command(argv, reads, (target,), Limits(seconds * 4, int(seconds), MEMORY, LARGEST), env=env)


def _named(slides: list[int], cues: list[int]) -> tuple[tuple[str, list[int]], ...]:
    return ("slides", slides), ("cues", cues)
