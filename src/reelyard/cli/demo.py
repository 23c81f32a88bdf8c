"""`reelyard demo`: the main job, shown; what `make run` runs.

It starts Reelyard, hands it a first batch (media made on the spot, or the files named), shows progress and results,
and then serves the API: on a terminal until Ctrl-C, elsewhere not at all.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reelyard.cli.exits import Exit
from reelyard.cli.options import Data, Workers, settings_of

if TYPE_CHECKING:
    from reelyard.settings import Settings

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILES...", help="Recordings and films; made here when none is named."),
]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the texts go.")]

SPOKEN = {
    "lighthouse.mp3": "The lighthouse keeper wrote a letter every morning. Nobody ever answered, but he did not stop.",
    "meeting.wav": "Good morning everyone. Let us begin with the budget for next year.",
}
FILM = ("film.mp4", "This is a short film about a river and a bridge.")
NOTE = "This is a text. It is here to show that a file which is no recording is refused by name.\n"


def demo(
    files: Files = None, out: Out = Path("out"), data: Data = Path("data"), workers: Workers = None
) -> None:
    """Do the main job on media made here, or on FILES; on a terminal serve the API afterwards."""
    settings = settings_of(data, workers)
    with tempfile.TemporaryDirectory(prefix="reelyard-demo-") as place:
        paths = [path for path in files or [] if path.strip()] or make_media(Path(place))
        raise typer.Exit(_run(paths, out, settings, attended=sys.stdin.isatty() and sys.stdout.isatty()))


def make_media(folder: Path) -> list[str]:
    """Two recordings, a film, and a text that is going to be refused."""
    from reelyard.testing.media import MediaMaker  # noqa: PLC0415

    typer.echo("Making a first batch: two recordings, a film, and a text to be refused.")
    maker = MediaMaker(folder)
    made = [maker.speech(name, text) for name, text in SPOKEN.items()]
    made.append(maker.spoken_film(*FILM))
    note = folder / "note.txt"
    note.write_text(NOTE)
    return [str(path) for path in (*made, note)]


def _run(paths: list[str], out: Path, settings: Settings, *, attended: bool) -> Exit:
    from reelyard.cli.desk import Desk, Wish  # noqa: PLC0415
    from reelyard.cli.reporting import reporter  # noqa: PLC0415
    from reelyard.cli.results import Results  # noqa: PLC0415
    from reelyard.cli.session import session  # noqa: PLC0415
    from reelyard.cli.sources import find_sources  # noqa: PLC0415
    from reelyard.cli.transcribe import FORMATS, work  # noqa: PLC0415

    found = find_sources(paths, avoid=out)
    with session(settings, port=settings.server.port if attended else 0) as held:
        with reporter(as_json=False, clock=time.monotonic) as show:
            show.tell("address", f"Reelyard listens at {held.address}")
            wish = Wish({"language": "auto", "recogniser": "auto", "model": None}, FORMATS, again=True)
            code = work(held, Desk(wish, Results(out), show), found.sources, time.monotonic())
        if code is Exit.SOME_FAILED:
            code = Exit.DONE  # some succeeded, and those that were refused were named
        if attended and held.own and code is not Exit.INTERRUPTED:
            _serve(held.address)
    return code


def _serve(address: str) -> None:
    typer.echo(
        f"\nThe API is at {address}/api/v1 (its description: {address}/api/v1/openapi.json). Ctrl-C ends it."
    )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        typer.echo("Ending.")
