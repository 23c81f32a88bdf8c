"""Handing over a batch: an archive beside one plain file of the same size from the same server, and one film of many."""

from __future__ import annotations

import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.films import Shot, talk
from bench.result import Result, tell
from bench.rows import Zeros, completed, sparse_original
from bench.server import Plan, Site, folder, prepared, serving
from bench.startup import memory_mb
from bench.watching import watching

from reelyard.kit.processes import runner_in
from reelyard.tools.bundles.merge import Clip, Tools, merge_films
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.probe import inspect

FILES = 20
LEAST_RATIO = 0.8
MOST_MEMORY_MB = 64.0
MERGE_LIMIT = 500.0  # times as fast as it plays
MIB = 1024**2
EVERY_S = 0.2  # memory is looked at
WARM = 64 * MIB


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be fetched."""

    url: str
    size: int


def run(*, quick: bool) -> list[Result]:
    """An archive of 20 files, and a film of 20 clips."""
    return [*_archive(quick=quick), _merged(quick=quick)]


# --- ZIP --------------------------------------------------------------------------------------------------


def _archive(*, quick: bool) -> list[Result]:
    """Stretches of both in alternate order, each read before: the median of their speeds; then the archive in one go.

    The contents are zeros that take up no room on the disk.
    """
    size, stretches = (50 * 10**6, 5) if quick else (10**9, 10)
    speeds: dict[str, list[float]] = {"zip": [], "plain": []}
    most = [0.0]
    with folder() as place:
        tell(f"exports: {FILES} files of {size / 1e6:,.0f} MB")
        with prepared(place / "data", Plan()) as container:
            batch_id = completed(container, [Zeros(size)] * FILES)
            file_id = sparse_original(container, Zeros(size * FILES, known=False))
        with serving(place / "data") as site:
            sources = {"zip": _exported(site, batch_id), "plain": _original(site, file_id, size * FILES)}
            for source in sources.values():
                fetch(site, source, (0, WARM))
            before, each = memory_mb(site.pid), size * FILES // stretches
            with watching(lambda: memory_mb(site.pid), most, EVERY_S):
                for turn in range(stretches):
                    tell(f"exports: stretch {turn + 1} of {stretches}")
                    for name in sorted(sources, reverse=turn % 2 == 0):
                        stretch = (turn * each, turn * each + each // 2)
                        fetch(site, sources[name], stretch)  # the disk's cache is to be no part of it
                        speeds[name].append(fetch(site, sources[name], stretch))
                tell("exports: the whole archive")
                whole = fetch(site, sources["zip"], (0, sources["zip"].size))
    total = size * FILES / 1e9
    zipped, plain = median(speeds["zip"]), median(speeds["plain"])
    note = (
        f"{FILES} files; median of {stretches} stretches each; then all of it in one go at {whole:.0f} MB/s"
    )
    grown = max(0.0, most[0] - before)
    name, memory = f"ZIP of {total:g} GB / one plain file", "memory that the server gains by it"
    return [
        Result(name, zipped, "MB/s", LEAST_RATIO, at_most=False, peer=plain, note=note),
        Result(memory, grown, "MB", MOST_MEMORY_MB, note="PSS of all its processes"),
    ]


def _exported(site: Site, batch_id: str) -> Source:
    path = f"/api/v1/batches/{batch_id}/exports"
    export = site.call("POST", path, {"format": "zip"})
    export = site.ended_at(f"{path}/{export['id']}", 60)
    if export["status"] != "completed":
        raise RuntimeError(f"the export failed: {export['error_message']}")
    return Source(export["download_url"], export["size"])


def _original(site: Site, file_id: str, size: int) -> Source:
    return Source(site.call("GET", f"/api/v1/files/{file_id}")["download_url"], size)


def fetch(site: Site, source: Source, stretch: tuple[int, int]) -> float:
    """Fetch bytes from the first up to, but not including, the second, to nowhere; MB a second.

    Raises RuntimeError when it breaks off.
    """
    start, end = stretch
    wanted = end - start
    begun = time.perf_counter()
    with socket.create_connection((site.host, site.port)) as line:
        target = source.url.removeprefix(f"http://{site.host}:{site.port}")
        wish = f"Host: {site.host}:{site.port}\r\nRange: bytes={start}-{end - 1}"
        asked = f"GET {target} HTTP/1.1\r\n{wish}\r\n\r\n"
        line.sendall(asked.encode())
        said, block = b"", bytearray(MIB)
        while b"\r\n\r\n" not in said:
            said += line.recv(4096) or _broken(source, "before it began")
        head, _, rest = said.partition(b"\r\n\r\n")
        if head[9:12] not in (b"200", b"206"):
            _broken(source, head[:300].decode("latin-1"))
        left = wanted - len(rest)
        while left:
            left -= line.recv_into(block, min(left, MIB)) or len(
                _broken(source, f"{left} bytes before its end")
            )
    return wanted / 1e6 / (time.perf_counter() - begun)


def _broken(source: Source, why: str) -> bytes:
    raise RuntimeError(f"{source.url.split('?')[0]} broke off: {why}")


# --- one film of many -------------------------------------------------------------------------------------


def _merged(*, quick: bool) -> Result:
    """Clips that agree in everything: their packets are copied."""
    count, seconds = (5, 60) if quick else (FILES, 180)
    with folder() as place:
        tell(f"exports: making {count} films of {seconds} s")
        film = talk(place, "clip.mp4", seconds, Shot(height=360, piece_s=8))
        size = film.stat().st_size / 1e6
        paths = [Path(shutil.copyfile(film, place / f"clip-{number}.mp4")) for number in range(count)]
        run = runner_in(place)
        clips = [Clip(path, path.stem, inspect(path, run=run)) for path in paths]
        work = place / "work"
        work.mkdir()
        tell("exports: merging")
        begun = time.perf_counter()
        merged = merge_films(clips, place / "whole.mp4", Tools(ffmpeg(), run, work))
        took = time.perf_counter() - begun
    if merged.conformed or merged.warnings or abs(merged.duration_s - count * seconds) > 1:
        raise RuntimeError(f"the merged film is not the clips: {merged}")
    note = f"{count} films of {seconds} s, {size:.0f} MB each, in {took:.1f} s"
    return Result(
        "merge by copy", count * seconds / took, "times as fast", MERGE_LIMIT, at_most=False, note=note
    )
