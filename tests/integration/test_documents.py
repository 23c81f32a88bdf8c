"""Texts read as the product reads them: each in a child of its own, limited and without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Finished, Runner
from reelyard.media.document import Block, BlockKind, Document, count_words
from reelyard.media.formats import DOC, DOCX, MD, TXT, Format
from reelyard.media.info import Kind, MediaInfo
from reelyard.media.sniffing import sniff, take_sample
from reelyard.pipelines.library import library_pipeline
from reelyard.testing import traps
from reelyard.testing.documents import docx, markdown, txt
from reelyard.testing.local_context import LocalContext, LocalFolder
from reelyard.testing.word97 import doc
from reelyard.tools.documents import read_document, summarise
from reelyard.tools.ffmpeg.limits import ProbeLimits
from reelyard.tools.sentences import chunked

BLOCKS = (
    Block(BlockKind.HEADING, "The Keeper", 1),
    Block(BlockKind.PARAGRAPH, "Dr. Holt kept the lighthouse for 41 years, “and” said so, 🐟."),
    Block(BlockKind.ITEM, "a lamp"),
    Block(BlockKind.ITEM, "a key"),
    Block(BlockKind.ROW, "Thing, Number"),
    Block(BlockKind.ROW, "Stairs, 187"),
    Block(BlockKind.PARAGRAPH, "The boat found the harbour at 5:12 p.m. and nobody was ever lost again."),
)
WRITTEN = {
    "keeper.txt": (TXT, txt(BLOCKS).encode()),
    "keeper.md": (MD, markdown(BLOCKS).encode()),
    "keeper.docx": (DOCX, docx(BLOCKS)),
    "keeper.doc": (DOC, doc(BLOCKS)),
}


@pytest.fixture
def whole(tmp_path: Path, work: Path, run: Runner) -> Whole:
    return Whole(tmp_path / "arrived", work, run)


class Whole:
    """Reads a text from bytes to document."""

    def __init__(self, path: Path, work: Path, run: Runner) -> None:
        self.path, self.work, self.run = path, work, run

    def read(self, data: bytes, found: Format, name: str = "any") -> Document:
        self.path.write_bytes(data)
        return read_document(self.path, found, run=self.run, name=name, workdir=self.work)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_text_of_each_format_is_found_read_and_told(whole: Whole, name: str) -> None:
    expected, data = WRITTEN[name]
    whole.path.write_bytes(data)
    with whole.path.open("rb") as stream:
        found = sniff(take_sample(stream), name)

    document = whole.read(data, expected, name)

    assert found is expected
    assert (document.title, document.language, document.blocks) == ("The Keeper", "en", BLOCKS)
    assert Document.from_json(json.loads(json.dumps(document.to_json()))) == document
    assert chunked(document, 20).text.split() == " ".join(block.text for block in BLOCKS).split()
    assert not list(whole.work.iterdir())


def test_a_text_without_a_title_is_called_by_its_name(whole: Whole) -> None:
    document = whole.read(b"once upon a time there was a lamp.", TXT, "C:\\texts\\my_old story.v2.txt")

    assert document.title == "my old story.v2"


def test_a_text_can_be_summed_up_without_being_kept(whole: Whole) -> None:
    whole.path.write_bytes(txt(BLOCKS).encode("cp1252", "ignore"))

    found = summarise(whole.path, TXT, run=whole.run, name="x.txt")

    assert (found.title, found.language, found.encoding) == ("The Keeper", "en", "cp1252")
    assert found.words == sum(count_words(block.text) for block in BLOCKS)
    assert "cp1252" in found.warnings[0]


@pytest.mark.parametrize(
    ("data", "found", "code"),
    [
        (b" \n\n * \n", TXT, "no_text"),
        (docx([]), DOCX, "no_text"),
        (docx(BLOCKS)[:900], DOCX, "invalid_media"),
        (doc(BLOCKS)[:3_000], DOC, "invalid_media"),
        (traps.bomb(300), DOCX, "limits"),
        (traps.locked_docx(), DOCX, "encrypted"),
        (b"word " * 6_000_000, TXT, "limits"),
    ],
)
def test_what_cannot_be_told_is_refused_in_plain_words(
    whole: Whole, data: bytes, found: Format, code: str
) -> None:
    with pytest.raises(Reject) as refused:
        whole.read(data, found)

    assert refused.value.code == code
    assert refused.value.hint


def test_a_text_of_millions_of_paragraphs_is_refused(whole: Whole) -> None:
    with pytest.raises(Reject, match="paragraphs"):
        whole.read(b"a\n\n" * 500_000, TXT)


def test_what_a_child_stumbles_over_is_damage_to_its_owner(whole: Whole) -> None:
    def stumbling(command: Command, **_: object) -> Finished:
        return whole.run(Command(("python3", "-c", "raise ValueError"), stdin=command.stdin))

    whole.path.write_bytes(b"text")

    with pytest.raises(Reject, match="damaged"):
        summarise(whole.path, TXT, run=stumbling, name="x")


# --- on arrival -------------------------------------------------------------------------------------------


def verified(path: Path, folder: Path, name: str) -> MediaInfo:
    stage = library_pipeline(ProbeLimits()).stage("verify")
    with LocalFolder(folder) as local:
        context = LocalContext(
            local,
            stage,
            path,
            MediaInfo(Kind.DOCUMENT, "txt", "text/plain", 0),
            None,
            {},
            local.root / "work",
            name,
        )
        return MediaInfo.from_json(stage.run(context)["info"])  # type: ignore[arg-type]  # facts are JSON


@pytest.mark.parametrize("name", WRITTEN)
def test_the_words_of_a_text_are_counted_when_it_arrives(tmp_path: Path, name: str) -> None:
    path = tmp_path / "arrived"
    path.write_bytes(WRITTEN[name][1])

    info = verified(path, tmp_path / "folder", name)

    assert (info.kind, info.format) == (Kind.DOCUMENT, WRITTEN[name][0].name)
    assert info.words == sum(count_words(block.text) for block in BLOCKS)


def test_a_text_that_cannot_be_told_is_refused_when_it_arrives(tmp_path: Path) -> None:
    path = tmp_path / "arrived"
    path.write_bytes(traps.locked_docx())

    with pytest.raises(Reject) as refused:
        verified(path, tmp_path / "folder", "secret.docx")

    assert refused.value.code == "encrypted"


def test_what_is_known_of_older_files_can_still_be_read() -> None:
    old = MediaInfo(Kind.DOCUMENT, "txt", "text/plain", 5).to_json()
    del old["words"]

    assert MediaInfo.from_json(old).words is None
