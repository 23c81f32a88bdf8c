"""`reelyard export`: what a batch made, as one ZIP, one film or document, or a playlist."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urljoin

import typer

from reelyard.cli.exits import Exit
from reelyard.cli.options import AsJson, Data, Out, Which, settings_of
from reelyard.errors import BadSetting, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from reelyard.cli.reporting import Reporter
    from reelyard.cli.session import Session
    from reelyard.client import Export, ExportOrder


class Format(StrEnum):
    """What an export can be."""

    ZIP = "zip"
    MERGED = "merged"
    PLAYLIST = "playlist"


PATTERN = "{position}_{name}.{ext}"

FormatOption = Annotated[
    Format,
    typer.Option(
        "--format", "-f",
        help="zip: every output. merged: one film, audio book or document of all, in order. "
        "playlist: links for a player, for a day.",
    ),
]  # fmt: skip
Failed = Annotated[
    bool,
    typer.Option("--include-failed", help="zip: add a report of what failed, and its originals in failed/."),
]
Pattern = Annotated[
    str | None,
    typer.Option(
        "--pattern", help="zip: how files are named, of {position}, {name} and {ext}.", show_default=PATTERN
    ),
]
Prefix = Annotated[bool, typer.Option("--prefix", help="zip: put the batch's name in front of every name.")]
Plain = Annotated[
    bool,
    typer.Option("--no-original-names", help="zip: number the files instead of using their sources' names."),
]


def export(
    which: Which,
    form: FormatOption = Format.ZIP,
    out: Out = Path(),
    include_failed: Failed = False,
    pattern: Pattern = None,
    prefix: Prefix = False,
    plain: Plain = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Take away all that a batch made, in one file.

    The batch has to have ended. An export that was made before and can still be fetched is fetched again; a download
    that broke off goes on where it stood. The file appears when it is whole and proved.
    """
    from reelyard.cli.batches import connected  # noqa: PLC0415
    from reelyard.client import ExportOrder  # noqa: PLC0415 - httpx and pydantic

    order = ExportOrder(form.value, include_failed, not plain, prefix, pattern)
    check(order)
    check_stays(data, form)
    with connected(data) as session:
        try:
            run(session, which, order, out, as_json=as_json)
        except KeyboardInterrupt:
            typer.echo("Interrupted. The same command goes on where this one stood.", err=True)
            raise typer.Exit(Exit.INTERRUPTED) from None


def check(order: ExportOrder) -> None:
    """Refuse options that this format does not know. Raises InvalidInput."""
    given = {
        "--include-failed": order.include_failed,
        "--pattern": order.pattern is not None,
        "--prefix": order.batch_name_prefix,
        "--no-original-names": not order.use_original_filenames,
    }
    wrong = [name for name, is_given in given.items() if is_given]
    if wrong and order.format != Format.ZIP:
        raise InvalidInput(
            f"{wrong[0]} is for archives, not for “{order.format}”.",
            hint=f"Leave it out, or take --format {Format.ZIP}.",
        )


def check_stays(data: Path | None, form: Format) -> None:
    """Refuse a playlist that would lead nowhere. Raises InvalidInput."""
    if form is not Format.PLAYLIST:
        return
    from reelyard.cli.session import held_client  # noqa: PLC0415

    client = held_client(settings_of(data))
    if client is None:
        raise InvalidInput(
            "A playlist leads to a server that hands out its files, and none runs here when this command is over.",
            hint="Start one with “reelyard serve” first, or take the files themselves with --format zip.",
        )
    client.close()


def run(session: Session, which: str, order: ExportOrder, out: Path, *, as_json: bool) -> None:
    """Order the export, follow it, and fetch it to a free name in `out`."""
    from reelyard.cli.reporting import reporter  # noqa: PLC0415

    batch = session.client.batches.find(which)
    with reporter(as_json=as_json, clock=time.monotonic) as show:
        ordered = session.client.exports.order(batch.id, order)
        made = follow(session, ordered, show)
        path = take(session, made, out, show)
        for warning in made.warnings:
            show.tell("warning", f"Note: {warning}", message=warning)
        text = f"{path} ({told_of(made, path)})"
        show.tell("exported", text, path=str(path), export=made.id, batch=batch.id, format=made.format,
                  items=made.items, files=made.files, size=path.stat().st_size)  # fmt: skip


def follow(session: Session, ordered: Export, show: Reporter) -> Export:
    """Wait for the export; raises ClientError when it does not come to be."""
    name = ordered.file_name

    def tell(export: Export) -> None:
        show.progress(name, export.progress / 100, export.note)

    tell(ordered)
    made = session.client.exports.wait(ordered, on_change=tell)
    show.over(name)
    if made.status != "completed":
        raise made.problem
    return made


def take(session: Session, made: Export, out: Path, show: Reporter) -> Path:
    """Fetch the file; gives where it is."""
    from reelyard.cli.results import create, writable  # noqa: PLC0415
    from reelyard.client.exports import absolute  # noqa: PLC0415
    from reelyard.kit.file_names import safe_file_name  # noqa: PLC0415

    name = safe_file_name(made.file_name, otherwise="export")
    with writable(out):
        out.mkdir(parents=True, exist_ok=True)
        aside = out / f".{made.id}.part"
        if made.format == Format.PLAYLIST:
            where = urljoin(session.address, made.download_url or "")
            aside.write_text(absolute(session.client.exports.text(made), where), "utf-8")
        else:
            size = made.size or 1
            session.client.exports.fetch(
                made, aside, on_received=lambda count: show.progress(name, count / size, "fetching")
            )
            show.over(name)
        return place(aside, out, name, create)


def place(aside: Path, out: Path, name: str, create: Callable[[Path, Path], bool]) -> Path:
    """Put a finished file under a name that is free. Raises BadSetting."""
    for number in range(1, 100_000):
        tried = name if number == 1 else f"{Path(name).stem} ({number}){Path(name).suffix}"
        if create(out / tried, aside):
            aside.unlink()
            return out / tried
    raise BadSetting(f"No free name is left for {name} in {out}.", hint="Choose another folder by --out.")


def told_of(made: Export, path: Path) -> str:
    """What is in the file, in few words."""
    from reelyard.cli.reporting import size as amount  # noqa: PLC0415

    of = f"{made.items} item{'s' if made.items != 1 else ''}"
    if made.format == Format.PLAYLIST and made.expires_at is not None:
        return f"{of}; its links hold until {made.expires_at.astimezone():%Y-%m-%d %H:%M}"
    return f"{of}, {amount(path.stat().st_size)}"
