"""Narrated films of pictures: processor time a minute of film at 1080p, beside encoding every picture plainly."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.cutting import spent
from bench.films import QUIET
from bench.films import run as film_run
from bench.result import Result, tell
from bench.server import folder

from reelyard.kit.processes import runner_in
from reelyard.media.story import Chunk, Story
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.pictures.drawing import PictureOrder, draw
from reelyard.tools.pictures.look import look_of
from reelyard.tools.pictures.scene import PictureShape, Style

WIDTH, HEIGHT = 1920, 1080
SLIDE_S, SLIDES = 30, 2
FADE_S = 0.6
TOLD = (  # what the pictures are drawn of
    "The old lighthouse stood on the cliffs above the harbour. Three boats came in with the evening, and gulls with them.",
    "In the forest behind the village a fox slept under the oldest tree. Snow had fallen on the hills all night.",
)
LIMITS = {
    "still": 4.0,
    "still, captions": 4.0,
    "gentle": 25.0,
    "gentle, captions": 25.0,
}  # CPU s a minute of film


def run(*, quick: bool) -> list[Result]:
    """Each way of making the film beside its limit, and all of them beside `ffmpeg -loop 1`."""
    slides = 1 if quick else SLIDES
    with folder() as place:
        tell(f"slideshow: making {slides} pictures and {slides * SLIDE_S} s of narration")
        pictures = list(_pictures(place, slides))
        sound = place / "narration.m4a"
        film_run("-f", "lavfi", "-i", "sine=f=220:r=24000", "-t", slides * SLIDE_S, "-c:a", "aac", sound)
        tell("slideshow: encoding every picture")
        minutes = slides * SLIDE_S / 60
        plain = spent(ffmpeg(), *QUIET, *_plain(pictures, sound, place / "plain.mp4")).cpu_s / minutes
        results = []
        for name, limit in LIMITS.items():
            tell(f"slideshow: {name}")
            results.append(_figure(name, limit, _order(place, name, pictures, sound), plain))
    return results


def _figure(name: str, limit: float, order: Path, plain: float) -> Result:
    took = spent(sys.executable, "-m", "bench.slideshow_child", order)
    made = json.loads(took.said)
    minutes = made["duration_s"] / 60
    note = (
        f"{made['encoded_share']:.1%} of its pictures encoded, {made['bits'] / 1e6:.2f} Mbit/s, checked; "
        f"ffmpeg -loop 1 takes {plain:.0f} CPU s, {plain / (took.cpu_s / minutes):.0f} times as much"
    )
    return Result(f"narrated film, {name}", took.cpu_s / minutes, "CPU s/min", limit, note=note)


def _order(place: Path, name: str, pictures: list[Path], sound: Path) -> Path:
    """What the child is to make, as a file."""
    movement, _, captions = name.partition(", ")
    path = place / f"{name}.json"
    order = {
        "pictures": [str(one) for one in pictures],
        "sound": str(sound),
        "out": str(place / f"{name}.mp4"),
        "movement": movement,
        "captions": bool(captions),
        "fade_s": FADE_S,
        "slide_s": SLIDE_S,
        "size": [WIDTH, HEIGHT],
        "cores": len(os.sched_getaffinity(0)),
    }
    path.write_text(json.dumps(order))
    return path


def _pictures(place: Path, count: int) -> Iterator[Path]:
    """Drawn by the product itself, so that they are as hard to encode as those that it makes films of."""
    chunks = tuple(Chunk(number, text) for number, text in enumerate(TOLD[:count], 1))
    look = look_of(Story("The harbour", "en", chunks), Style.WATERCOLOUR)
    orders = [
        PictureOrder(place / f"picture-{chunk.number}.jpg", chunk.text, PictureShape.WIDE) for chunk in chunks
    ]
    yield from (one.path for one in draw(orders, look, place, run=runner_in(place)))


def _plain(pictures: list[Path], sound: Path, out: Path) -> list[str | Path]:
    """What one would write by hand: each picture repeated, joined without cross-fades, encoded."""
    inputs: list[str | Path] = []
    for path in pictures:
        inputs += ["-loop", "1", "-framerate", "25", "-t", str(SLIDE_S), "-i", path]
    pads = "".join(f"[{number}:v]" for number in range(len(pictures)))
    graph = f"{pads}concat=n={len(pictures)},format=yuv420p[v]"
    coded = ("-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-c:a", "copy")
    return [
        *inputs,
        "-i",
        sound,
        "-filter_complex",
        graph,
        "-map",
        "[v]",
        "-map",
        f"{len(pictures)}:a",
        *coded,
        out,
    ]
