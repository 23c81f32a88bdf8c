"""What goes into an export and under which names: from a batch as it stands to entries that no longer change. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reelyard.core.exports.models import ExportFormat
from reelyard.core.exports.names import Naming, Unique, batch_name
from reelyard.core.exports.order import ExportOrder
from reelyard.kit.file_names import PIECES, piece_of, safe_file_name, stem_of, word_and_extension
from reelyard.kit.json import Json

MANIFEST, REPORT, READABLE = "manifest.json", "report.csv", "failed.txt"
FAILED = "failed/"
ORIGINAL = "original"  # the role of an entry that is no output
MOST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored thing, as it was recorded."""

    key: str
    size: int
    crc32: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Output:
    """One output of an item."""

    role: str
    blob: Blob
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An item as it stands: its outputs, if it is completed; its original, if that has arrived."""

    item_id: str
    position: int
    name: str
    status: str
    outputs: tuple[Output, ...] = ()
    original: Blob | None = None
    code: str | None = None
    message: str | None = None
    hint: str | None = None

    @property
    def completed(self) -> bool:
        return self.status == "completed"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the export, frozen. `name` is its path in an archive."""

    item_id: str | None
    role: str
    name: str
    title: str
    duration_s: float | None
    blob: Blob


@dataclass(frozen=True, slots=True)
class Subject:
    """The batch, as far as an export needs to know it. `primary` are roles, the best first."""

    name: str
    noun: str
    primary: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What an export consists of."""

    entries: tuple[Entry, ...]
    failures: tuple[dict[str, Json], ...]
    items: int  # whose outputs are in it
    left_out: int  # completed items that have nothing for it


def laid_out(subject: Subject, sources: Sequence[Source], order: ExportOrder) -> Layout:
    """Every entry of the export, in the order of the items."""
    completed = [source for source in sources if source.completed]
    if order.format == ExportFormat.ZIP:
        entries = _archived(subject, sources, order)
        with_some = sum(bool(source.outputs) for source in completed)
    else:
        entries = _standing(subject, completed, order)
        with_some = len(entries)
    listed = order.include_failed
    failures = tuple(_failure(source) for source in sources if listed and not source.completed)
    return Layout(tuple(entries), failures, with_some, len(completed) - with_some)


def standing(primary: Sequence[str], outputs: Sequence[Output]) -> Output | None:
    """The output that stands for its item: of the first of the roles that it has."""
    by_role = {output.role: output for output in outputs}
    return next((by_role[role] for role in primary if role in by_role), None)


def file_name(subject: Subject, order: ExportOrder, entries: Sequence[Entry]) -> str:
    """What the download is called; of a whole, its extension may still change."""
    extension = {ExportFormat.ZIP: "zip", ExportFormat.PLAYLIST: "m3u8"}.get(ExportFormat(order.format))
    if extension is None:
        extension = entries[0].name.rpartition(".")[2] if entries else "mp4"
    return safe_file_name(f"{batch_name(subject.name)}.{extension}")


def _archived(subject: Subject, sources: Sequence[Source], order: ExportOrder) -> list[Entry]:
    prefix = f"{batch_name(subject.name)}_" if order.batch_name_prefix else ""
    naming = Naming(order.pattern, max(3, len(str(subject.total))), prefix)
    unique = Unique()
    for ours in (MANIFEST, REPORT, READABLE, FAILED.rstrip("/")):
        unique.take(ours)
    entries = []
    for source in sources:
        title = stem_of(source.name)
        stem = title if order.use_original_filenames else subject.noun
        if source.completed:
            named = _named(source, stem, standing(subject.primary, source.outputs), naming, unique)
            entries += [_entry(source, title, output, name) for output, name in named]
        elif order.include_failed and source.original is not None:
            ext = safe_file_name(source.name).rpartition(".")[2] if "." in source.name else "bin"
            name = unique.take(naming.name(source.position, stem, ext), FAILED)
            entries.append(_entry(source, title, Output(ORIGINAL, source.original), name))
    return entries


def _named(
    source: Source, stem: str, best: Output | None, naming: Naming, unique: Unique
) -> Iterator[tuple[Output, str]]:
    """The outputs of an item with their names; its many pieces lie in one folder of its own."""
    folder = None
    for output in source.outputs:
        piece = piece_of(output.role)
        if piece is not None:
            folder = folder or unique.take(naming.folder(source.position, stem + PIECES)) + "/"
            yield output, unique.take(piece, folder)
            continue
        word, ext = word_and_extension(output.role)
        yield output, unique.take(naming.name(source.position, stem + ("" if output is best else word), ext))


def _standing(subject: Subject, completed: Sequence[Source], order: ExportOrder) -> list[Entry]:
    found = [(source, standing(subject.primary, source.outputs)) for source in completed]
    chosen = [(source, output) for source, output in found if output is not None]
    merged = order.format == ExportFormat.MERGED
    return [
        _entry(
            source,
            stem_of(source.name),
            output,
            f"clip-{number:04}.{word_and_extension(output.role)[1]}" if merged else "",
        )
        for number, (source, output) in enumerate(chosen, start=1)
    ]


def _entry(source: Source, title: str, output: Output, name: str) -> Entry:
    return Entry(source.item_id, output.role, name, title[:MOST_TITLE], output.duration_s, output.blob)


def _failure(source: Source) -> dict[str, Json]:
    return {
        "position": source.position,
        "name": source.name,
        "status": source.status,
        "code": source.code or ("cancelled" if source.status == "cancelled" else "unknown"),
        "message": source.message or ("It was cancelled." if source.status == "cancelled" else ""),
        "hint": source.hint,
        "original": source.original is not None,
    }
