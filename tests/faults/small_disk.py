"""A server over a small disk, in a mount namespace of its own: `python -m tests.faults.small_disk FOLDER`.

FOLDER/data is a small tmpfs. A merge finds it full; afterwards there is room again. Prints what was seen as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.faults.filming import film_studio
from tests.faults.studio import Studio
from tests.support.engine import wait_until

from reelyard.testing.media import Film, MediaMaker

PLAIN = {"transcribe": False, "remove_silence": False, "detect_highlights": False, "captions": []}
LARGE = Film(seconds=4, width=320, height=180, options=("-vf", "noise=alls=60:allf=t", "-qp", "0"))
LEFT = 2_000_000  # bytes: enough for rows, not for the whole


def main() -> None:
    folder = Path(sys.argv[1])
    studio = film_studio(folder, settings={"REELYARD_ENGINE__RETRY_DELAYS_S": "[0.1, 0.1]"})
    film = MediaMaker(folder).film("large.mp4", LARGE).read_bytes()
    studio.server.start()
    try:
        told = seen(studio, film)
    finally:
        code = studio.server.stop()
    sys.stdout.write(json.dumps({**told, "exit": code, "wrong": studio.wrong(), "film": len(film)}) + "\n")


def seen(studio: Studio, film: bytes) -> dict[str, Any]:
    batch = studio.start([studio.upload(film), studio.upload(film)], PLAIN)
    studio.over(batch)
    filler = studio.server.data / "filler"
    fill(filler, LEFT)

    full = merged(studio, batch)
    reads = studio.get(f"/batches/{batch}")["status"]
    archive = studio.call("POST", f"/batches/{batch}/exports", {"format": "zip"})
    wait_until(lambda: studio.scratch() == [])
    left = [
        path.name
        for path in (studio.server.data / "objects").rglob("*")
        if full["id"] in str(path) and path.is_file() and path.suffix not in (".json", ".log")
    ]
    filler.unlink()
    later = merged(studio, batch)
    return {"full": full, "reads": reads, "archive": archive["status"], "left": left, "later": later}


def merged(studio: Studio, batch: str) -> dict[str, Any]:
    export = studio.call("POST", f"/batches/{batch}/exports", {"format": "merged"})
    path = f"/batches/{batch}/exports/{export['id']}"
    wait_until(lambda: studio.get(path)["status"] in ("completed", "failed"), 60, 0.05)
    found: dict[str, Any] = studio.get(path)
    return found


def fill(path: Path, left: int) -> None:
    """Take all room but so many bytes."""
    with path.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(1 << 16))
        except OSError:
            stream.truncate(max(0, stream.tell() - left))


if __name__ == "__main__":
    main()
