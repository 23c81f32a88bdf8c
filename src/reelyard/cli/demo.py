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
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reelyard.cli.exits import Exit
from reelyard.cli.options import Data, Out, Workers, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reelyard.cli.desk import Wish
    from reelyard.cli.sources import Source
    from reelyard.media.info import Kind
    from reelyard.settings import Settings

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILES...", help="Recordings, films and texts; made here when none is named."),
]

SPOKEN = {
    "lighthouse.mp3": "The lighthouse keeper wrote a letter every morning. Nobody ever answered, but he did not stop.",
    "meeting.wav": "Good morning everyone. Let us begin with the budget for next year.",
}
FILMS = {
    "river.mp4": ("This is a short film about a river.", "There is an old bridge, too."),
    "garden.mkv": ("The garden is quiet in winter.", "In spring it is full of birds!"),
}
PAUSE_S = 2.5  # between two sentences of a film: it is going to be cut out
TEXTS = {
    "harbour.txt": """The Light in the Harbour

Every evening the keeper climbed the stairs of the lighthouse and lit the lamp. Far out on the dark sea the boats turned
towards it.

One night the snow fell so thick that nobody saw the light. In his kitchen the keeper took an old bell from the wall,
and he rang it until the morning.

When the sun rose, the fishing boats lay safe in the harbour. A girl and her dog ran along the pier to say good morning.
"""
}
LEAFLET = (
    b"%PDF-1.4\n% It is here to show that a file which is neither sound, film nor text is refused by name.\n"
)
EDIT: dict[str, Any] = {
    "remove_silence": True, "detect_highlights": True, "min_silence_duration": 0.5, "captions": ["srt"],
}  # fmt: skip
TELL: dict[str, Any] = {"words_per_chunk": 30, "film_quality": "720p", "image_maker": "drawn"}


def demo(
    files: Files = None, out: Out = Path("out"), data: Data = Path("data"), workers: Workers = None
) -> None:
    """Do the main job on media made here, or on FILES; on a terminal serve the API afterwards."""
    settings = settings_of(data, workers)
    with tempfile.TemporaryDirectory(prefix="reelyard-demo-") as place:
        paths = [path for path in files or [] if path.strip()] or make_media(Path(place))
        raise typer.Exit(_run(paths, out, settings, attended=sys.stdin.isatty() and sys.stdout.isatty()))


def make_media(folder: Path) -> list[str]:
    """Two recordings, two films, a text, and a PDF that is going to be refused."""
    from reelyard.testing.films import Recipe, spoken_film  # noqa: PLC0415 - numpy
    from reelyard.testing.media import MediaMaker  # noqa: PLC0415

    typer.echo("Making a first batch of each kind: recordings, films, a text, and a PDF to be refused.")
    maker = MediaMaker(folder)
    made = [maker.speech(name, text) for name, text in SPOKEN.items()]
    shape = Recipe(size=(320, 180), gop=25)
    made += [
        spoken_film(maker, said, name, pause_s=PAUSE_S, recipe=shape).path for name, said in FILMS.items()
    ]
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "leaflet.pdf").write_bytes(LEAFLET)
    return [str(path) for path in (*made, *(folder / name for name in TEXTS), folder / "leaflet.pdf")]


def _run(paths: list[str], out: Path, settings: Settings, *, attended: bool) -> Exit:
    from reelyard.cli.desk import Desk  # noqa: PLC0415
    from reelyard.cli.exits import outcome  # noqa: PLC0415
    from reelyard.cli.reporting import reporter  # noqa: PLC0415
    from reelyard.cli.results import Results  # noqa: PLC0415
    from reelyard.cli.session import session  # noqa: PLC0415
    from reelyard.cli.sources import ANY, find_sources  # noqa: PLC0415
    from reelyard.cli.working import work  # noqa: PLC0415

    sources = find_sources(paths, ANY, avoid=out).sources
    desks = []
    with session(settings, port=settings.server.port if attended else 0) as held:
        with reporter(as_json=False, clock=time.monotonic) as show:
            show.tell("address", f"Reelyard listens at {held.address}")
            for title, wish, wanted in _orders(sources):
                show.tell("order", f"\n{title}")
                desks.append(Desk(wish, Results(out), show))
                code = work(held, desks[-1], wanted, time.monotonic())
                if code is Exit.INTERRUPTED:
                    return code
        done = sum(len(desk.tally.done) for desk in desks)
        if attended and held.own:
            _serve(held.address)
    # Where some succeeded, those that were refused were named: that is how it should be.
    return Exit.DONE if done else outcome(0, 1)


def _orders(sources: Sequence[Source]) -> Iterator[tuple[str, Wish, list[Source]]]:
    """Recordings are transcribed, films edited, texts told; what is nothing of it is refused by the first that is asked."""
    from reelyard.cli.desk import Wish  # noqa: PLC0415
    from reelyard.cli.edit import Films  # noqa: PLC0415
    from reelyard.cli.stories import Stories  # noqa: PLC0415
    from reelyard.cli.transcribe import FORMATS, wish_for  # noqa: PLC0415
    from reelyard.media.info import Kind  # noqa: PLC0415

    kinds = [(source, _kind_of(source.path)) for source in sources]
    films = [source for source, kind in kinds if kind is Kind.VIDEO]
    texts = [source for source, kind in kinds if kind is Kind.DOCUMENT]
    others = [source for source, kind in kinds if kind not in (Kind.VIDEO, Kind.DOCUMENT)]
    if others:
        yield "Transcribing recordings:", wish_for("auto", None, "auto", FORMATS, again=True), others
    if films:
        edit = Wish("video", EDIT, Films(), again=True)
        yield "Editing films: silence out, highlights found, captions:", edit, films
    if texts:
        tell = Wish("story", TELL, Stories(), again=True)
        yield "Telling stories: read aloud, drawn, and put together as films:", tell, texts


def _kind_of(path: Path) -> Kind | None:
    """What a file looks like; of what may be several kinds, film."""
    from reelyard.media.info import Kind  # noqa: PLC0415
    from reelyard.media.sniffing import sniff, take_sample  # noqa: PLC0415

    try:
        with path.open("rb") as stream:
            found = sniff(take_sample(stream), path.name)
    except OSError:
        return None
    kinds = found.kinds if found is not None else frozenset()
    return next((kind for kind in (Kind.VIDEO, Kind.DOCUMENT, Kind.AUDIO) if kind in kinds), None)


def _serve(address: str) -> None:
    typer.echo(
        f"\nThe API is at {address}/api/v1 (its description: {address}/api/v1/openapi.json). Ctrl-C ends it."
    )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        typer.echo("Ending.")
