"""Cutting silence out of a film: processor time of ours, and of the other ways, on the same film and cut list."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench.films import QUIET, RATE, Shot, camera_film
from bench.result import Result, tell
from bench.server import ROOT, folder

from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.tools.ffmpeg.executable import ffmpeg

FILM_S, KEPT_S, CUTS = 160, 103, 22
PIECE_S, SCENES = 26.0, (150, 470, 560)  # with these and 250 pictures at most, a keyframe comes every 5.2 s
SHORTEST = RATE  # frames: neither a pause nor what is said between two is shorter than a second
LIMITS = {
    250: 1 / 2.5,
    60: 1 / 5,
}  # of trim + concat's processor time, by the pictures from keyframe to keyframe
PEER = "smartcut==1.7"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command and all its children took of the processors, and what it said."""

    cpu_s: float
    said: str


def run(*, quick: bool) -> list[Result]:
    """For each length of a group of pictures: ours beside trim and concat, and beside smartcut where it can be had."""
    results = []
    with folder() as place:
        program = _smartcut(place)
        for gop, limit in LIMITS.items():
            results += _of(place, gop, limit, program, quick=quick)
    return results


def _of(place: Path, gop: int, limit: float, program: Path | None, *, quick: bool) -> list[Result]:
    seconds = FILM_S // 4 if quick else FILM_S
    tell(f"cutting: making a film of {seconds} s, a keyframe every {gop} pictures")
    film = camera_film(place, f"film-{gop}.mp4", seconds, Shot(gop=gop, piece_s=PIECE_S, scenes=SCENES))
    asked, listed = place / f"asked-{gop}.json", place / f"cuts-{gop}.json"
    asked.write_text(json.dumps(pauses(seconds).to_json()))
    planned = _ours("plan", film, asked, listed)
    cuts = CutList.from_json(json.loads(listed.read_bytes()))
    out = place / "out.mp4"
    tell(f"cutting: GOP {gop}, ours")
    ours = spent(*_child("ours", film, listed, out))
    checked = spent(*_child("check", film, listed, out))
    _demand(json.loads(checked.said), cuts)
    tell(f"cutting: GOP {gop}, trim and concat")
    plain = spent(ffmpeg(), *QUIET, *_trim_and_concat(film, cuts, out))
    copied = spent(ffmpeg(), *QUIET, "-i", film, "-map", "0", "-c", "copy", out)
    rate = film.stat().st_size * 8 / seconds / 1e6
    note = (
        f"{seconds} s at {rate:.1f} Mbit/s, {len(cuts.kept)} parts kept, {float(cuts.duration):.0f} s, exact; "
        f"{planned['share']:.0%} encoded; the check {checked.cpu_s:.1f}, copying the whole file {copied.cpu_s:.2f} CPU s"
    )
    results = [
        Result(f"cut, GOP {gop} / trim + concat", ours.cpu_s, "CPU s", limit, peer=plain.cpu_s, note=note)
    ]
    if program is not None:
        tell(f"cutting: GOP {gop}, {PEER}")
        peer = spent(program, film, out, "--keep", _inclusive(cuts), "--frames")
        found = _ours("count", out, listed, out)["frames"]
        note = f"its film has {found} pictures of {cuts.kept_frames}"
        results.append(
            Result(f"cut, GOP {gop} / {PEER}", ours.cpu_s, "CPU s", 1.0, peer=peer.cpu_s, note=note)
        )
    for path in (film, out):
        path.unlink()
    return results


def pauses(seconds: int) -> CutList:
    """Cuts as speech has its pauses: seldom long, often short; always the same, and the same share of any film."""
    chance = random.Random(7)
    count, frames, kept = (
        round(CUTS * seconds / FILM_S),
        seconds * RATE,
        round(KEPT_S * seconds / FILM_S * RATE),
    )
    said = _parted(kept, [chance.lognormvariate(0, 1.0) for _ in range(count + 1)])
    silent = _parted(frames - kept, [chance.lognormvariate(0, 0.5) for _ in range(count)])
    spans, at = [], 0
    for number, length in enumerate(said):
        spans.append(Span(at, at + length, keep=True, reason=Reason.SOUND))
        at += length
        if number < count:
            spans.append(Span(at, at + silent[number], keep=False, reason=Reason.SILENCE))
            at += silent[number]
    return CutList(Fraction(RATE), Fraction(0), frames, tuple(spans))


def _parted(frames: int, weights: list[float]) -> list[int]:
    """The frames in parts by weight, none shorter than a second."""
    free = frames - SHORTEST * len(weights)
    parts = [SHORTEST + int(free * weight / sum(weights)) for weight in weights]
    parts[-1] += frames - sum(parts)
    return parts


def spent(*command: str | Path) -> Spent:
    """Run a command to its end. Raises RuntimeError when it fails."""
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, stderr=complaints, text=True
        )
        assert process.stdout is not None
        said = process.stdout.read()
        process.stdout.close()
        _, status, used = os.wait4(process.pid, 0)  # with all that it waited for itself
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complaints.seek(0)
            raise RuntimeError(f"{command[0]} ended with {process.returncode}: {complaints.read()[-1500:]}")
    return Spent(used.ru_utime + used.ru_stime, said)


def _child(what: str, *paths: Path) -> tuple[str | Path, ...]:
    return (sys.executable, "-m", "bench.cutting_child", what, *paths)


def _ours(what: str, *paths: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(spent(*_child(what, *paths)).said)
    return told


def _demand(checked: dict[str, Any], cuts: CutList) -> None:
    if not checked["right"] or checked["frames"] != cuts.kept_frames:
        raise RuntimeError(f"the film that was cut is not right: {checked}")


def _trim_and_concat(film: Path, cuts: CutList, out: Path) -> list[str | Path]:
    """What one would write by hand."""
    parts, pads = [], ""
    for number, one in enumerate(cuts.kept):
        begin, end = (float(frame / cuts.rate) for frame in (one.start, one.end))
        parts.append(f"[0:v]trim=start_frame={one.start}:end_frame={one.end},setpts=PTS-STARTPTS[v{number}]")
        parts.append(f"[0:a]atrim={begin:.6f}:{end:.6f},asetpts=PTS-STARTPTS[a{number}]")
        pads += f"[v{number}][a{number}]"
    graph = ";".join([*parts, f"{pads}concat=n={len(cuts.kept)}:v=1:a=1[v][a]"])
    coded = ("-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", "-b:a", "128k")
    return ["-i", film, "-filter_complex", graph, "-map", "[v]", "-map", "[a]", *coded, out]


def _inclusive(cuts: CutList) -> str:
    """What is kept, as smartcut takes it: by first and last picture; -1 is the film's last."""
    last = [-1 if one.end == cuts.frames else one.end - 1 for one in cuts.kept]
    return ",".join(f"{one.start},{end}" for one, end in zip(cuts.kept, last, strict=True))


def _smartcut(place: Path) -> Path | None:
    """The program, in an environment of its own; None where the registry does not give it."""
    home = place / "smartcut"
    tell(f"cutting: fetching {PEER}")
    venv.create(home, with_pip=True)
    done = subprocess.run(
        [home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", PEER],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        tell(f"cutting: left out, since it could not be fetched: {PEER} ({done.stderr.strip()[-300:]})")
        return None
    return home / "bin" / "smartcut"
