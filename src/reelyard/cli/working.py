"""One command's work on the sources that it names: find them, hand them over, tell once how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reelyard.cli.exits import Exit
from reelyard.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reelyard.cli.desk import Desk, Wish
    from reelyard.cli.session import Session
    from reelyard.cli.sources import Found, Source
    from reelyard.client import Client
    from reelyard.settings import Settings

Check = Callable[[Mapping[str, Any], "Wish"], None]  # the pipeline as the server tells it; raises Refused


def run(
    paths: list[str],
    out: Path,
    wish: Wish,
    settings: Settings,
    *,
    as_json: bool,
    check: Check | None = None,
) -> Exit:
    """Work on what `paths` name; `check` refuses, before anything is sent, what the server cannot do."""
    from reelyard.cli.desk import Desk  # noqa: PLC0415
    from reelyard.cli.reporting import reporter  # noqa: PLC0415
    from reelyard.cli.results import Results  # noqa: PLC0415
    from reelyard.cli.session import session  # noqa: PLC0415
    from reelyard.cli.sources import find_sources  # noqa: PLC0415

    found = find_sources(paths, wish.likely, avoid=out)
    if not found.sources:
        raise InvalidInput(
            f"There is no {wish.likely.noun} in {', '.join(paths)} ({found.left_out} other files).",
            hint="A file that you name by itself is tried whatever its name.",
        )
    begun = time.monotonic()
    with reporter(as_json=as_json, clock=time.monotonic) as show:
        desk = Desk(wish, Results(out), show)
        total = sum(source.size for source in found.sources)
        show.tell("found", _found_text(found), files=len(found.sources), bytes=total, left_out=found.left_out)
        left = desk.unfinished(found.sources)
        if not left:
            desk.tally.tell(show, out, time.monotonic() - begun)
            return desk.tally.exit_code
        with session(settings) as held:
            pipeline = pipeline_of(held.client, wish)
            if check is not None:
                check(pipeline, wish)
            return work(held, desk, left, begun)


def pipeline_of(client: Client, wish: Wish) -> Mapping[str, Any]:
    """The wish's pipeline as the server tells it. Raises InvalidInput where the server does not know it."""
    found = next((one for one in client.pipelines() if one["name"] == wish.pipeline), None)
    if found is None:
        raise InvalidInput(
            f"The Reelyard that holds the data folder has no pipeline “{wish.pipeline}”.",
            hint="End it and start the newest version.",
        )
    return found


def work(held: Session, desk: Desk, sources: Sequence[Source], begun: float) -> Exit:
    """Do the job over a session; Ctrl-C pauses it and says how to go on."""
    from reelyard.cli.batches import tell_waiting  # noqa: PLC0415
    from reelyard.cli.job import Job  # noqa: PLC0415

    job = Job(held.client, desk)
    try:
        job.run(sources)
    except KeyboardInterrupt:
        waiting = job.pause()
        desk.tally.tell(desk.reporter, desk.results.folder, time.monotonic() - begun)
        text = "Interrupted. What is finished stays; the same command goes on where this one stood."
        desk.reporter.tell("interrupted", text, batches=waiting)
        return Exit.INTERRUPTED
    desk.tally.tell(desk.reporter, desk.results.folder, time.monotonic() - begun)
    if held.own:
        tell_waiting(held.client)
    return desk.tally.exit_code


def _found_text(found: Found) -> str:
    text = f"{len(found.sources)} file{'s' if len(found.sources) > 1 else ''} to look at"
    return f"{text} ({found.left_out} other files left out)" if found.left_out else text
