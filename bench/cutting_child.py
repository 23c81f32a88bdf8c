"""One way of cutting, in a process of its own, so that its processor time can be told: `python -m bench.cutting_child`.

`ours FILM CUTS OUT` cuts as the product does, its index included; `check FILM CUTS OUT` checks what it made;
`plan FILM CUTS OUT` reads a cut list and writes it as the product carries it out;
`count FILM CUTS OUT` counts the pictures of any film.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from reelyard.kit.json import JsonObject, digest
from reelyard.kit.processes import runner_in
from reelyard.media.cut_list import CutList
from reelyard.tools.cutting.check import Expected, check_film
from reelyard.tools.cutting.film_index import FilmIndex, film_index
from reelyard.tools.cutting.plan import Copy, plan, refusal
from reelyard.tools.cutting.smart_cut import Hands, Order, smart_cut
from reelyard.tools.cutting.snapping import snapped
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect

CORES = 2


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    what, *paths = sys.argv[1:]
    film, cuts, out = map(Path, paths)
    with TemporaryDirectory(dir=out.parent) as work:
        told = {"ours": _cut, "check": _check, "plan": _plan, "count": _count}[what](
            film, cuts, out, Path(work)
        )
    print(json.dumps(told))
    return 0


def _plan(film: Path, cuts: Path, out: Path, work: Path) -> JsonObject:
    index = _index(film, work)
    refused = refusal(index)
    if refused is not None:
        raise RuntimeError(f"the film that was made cannot be cut by copying: {refused}")
    moved = snapped(_read(cuts), index)
    out.write_text(json.dumps(moved.to_json()))
    return {"share": plan(moved, index).share, "frames": moved.kept_frames, "key": index.keyframes[1]}


def _cut(film: Path, cuts: Path, out: Path, work: Path) -> JsonObject:
    def part(key: JsonObject, make: Callable[[Path], None]) -> Path:
        path = work / digest(key)
        make(path)
        return path

    index = _index(film, work)
    source = Source(film, inspect(film, run=runner_in(work)))
    done = smart_cut(Order(source, index, _read(cuts)), out, Hands(runner_in(work), part, cores=CORES))
    return {"frames": done.frames}


def _check(film: Path, cuts: Path, out: Path, work: Path) -> JsonObject:
    listed, at, copied = _read(cuts), 0, []
    for piece in plan(listed, _index(film, work)).pieces:
        if isinstance(piece, Copy):
            copied.append((at, at + len(piece)))
        at += len(piece)
    expected = Expected(listed.kept_frames, listed.rate, 1, "mp4", copied=tuple(copied))
    return check_film(out, expected, run=runner_in(work), cores=CORES).to_json()


def _count(film: Path, _cuts: Path, _out: Path, work: Path) -> JsonObject:
    return {"frames": _index(film, work).frames}


def _index(film: Path, work: Path) -> FilmIndex:
    run = runner_in(work)
    return film_index(Source(film, inspect(film, run=run)), run=run, target=work / "index.json")


def _read(cuts: Path) -> CutList:
    return CutList.from_json(json.loads(cuts.read_bytes()))


if __name__ == "__main__":
    sys.exit(main())
