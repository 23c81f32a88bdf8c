"""Documents made to harm are refused quickly, in plain words, and reach nothing outside."""

import contextlib
import io
import random
import time

import pytest

from reelyard.errors import Reject
from reelyard.media.document import Block, BlockKind
from reelyard.media.sniffing import sniff, take_sample
from reelyard.testing import traps
from reelyard.testing.documents import DECLARATION, RELATIONS, docx, markdown, packed, paragraph, part, txt
from reelyard.testing.word97 import doc
from reelyard.tools.documents.reading_child import check, reader

BLOCKS = [
    Block(BlockKind.HEADING, "The Keeper", 1),
    Block(BlockKind.PARAGRAPH, "Once upon a time, “he” said, in the U.K., 🐟."),
    Block(BlockKind.ITEM, "a lamp"),
    Block(BlockKind.ROW, "Thing, Number"),
    Block(BlockKind.ROW, "Stairs, 187"),
] * 4
WHOLE = {
    "docx": docx(BLOCKS, title="Any"),
    "doc": doc(BLOCKS),
    "md": markdown(BLOCKS).encode(),
    "txt": txt(BLOCKS).encode(),
}
MUTANTS = 120
SECONDS = 2.0  # for one, on a busy machine; the usual is a hundredth


def read(name: str, data: bytes) -> str:
    content = reader(name)(io.BytesIO(data))
    check(content)
    return " ".join(block.text for block in content.blocks)


def refused(data: bytes, name: str = "docx") -> Reject:
    with pytest.raises(Reject) as found:
        read(name, data)
    return found.value


@pytest.mark.parametrize(
    ("bomb", "word"), [(traps.bomb(300), "100 times"), (traps.bomb(230, ratio=60), "200 MiB")]
)
def test_a_bomb_is_refused_before_it_has_unfolded(bomb: bytes, word: str) -> None:
    found = refused(bomb)

    assert found.code == "limits"
    assert word in found.message


def test_a_small_text_of_much_sameness_is_no_bomb() -> None:
    body = part("document", f"<w:body>{paragraph('la ' * 600_000)}</w:body>")

    assert read("docx", packed({"_rels/.rels": RELATIONS, "word/document.xml": body})).count("la") == 600_000


def test_too_many_parts_are_refused_before_any_is_read() -> None:
    assert refused(traps.crowded(10_001)).code == "limits"
    assert refused(traps.crowded(65_536)).code == "limits"


def test_parts_over_each_other_are_refused() -> None:
    assert refused(traps.overlapping()).code == "limits"


@pytest.mark.parametrize("claimed", [0, 10, 2**31, 2**32 - 1])
def test_a_forged_size_is_not_believed(claimed: int) -> None:
    assert refused(traps.forged(claimed)).code == "invalid_media"


@pytest.mark.parametrize(
    ("trick", "data"), list(traps.declarations()), ids=[name for name, _ in traps.declarations()]
)
def test_entities_and_document_types_are_refused_at_sight(trick: str, data: bytes) -> None:
    assert "declares" in refused(data).message


def test_a_document_that_points_outside_is_read_and_nothing_is_fetched() -> None:
    assert read("docx", traps.pointing_outside("Only these words.")) == "Only these words."


def test_what_is_nested_too_deeply_is_refused() -> None:
    assert read("docx", traps.deep(50)) == "deep"
    assert refused(traps.deep(5_000)).code == "limits"


def test_xml_of_a_strange_encoding_is_damage() -> None:
    strange = DECLARATION.replace("UTF-8", "FTF-9") + "<w:document/>"

    assert refused(packed({"word/document.xml": strange})).code == "invalid_media"


def test_a_document_with_a_password_is_known_by_its_container() -> None:
    data = traps.locked_docx()

    found = sniff(take_sample(io.BytesIO(data)))

    assert found is not None
    assert refused(data, found.name).code == "encrypted"


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_cut_off_anywhere_is_read_or_refused(name: str) -> None:
    data = WHOLE[name]

    for end in range(0, len(data), max(1, len(data) // 60)):
        assert _ends_well(name, data[:end])


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_is_read_or_refused_and_never_hangs(name: str) -> None:
    for mutant in traps.mutants(WHOLE[name], random.Random(4), MUTANTS):
        assert _ends_well(name, mutant)


def test_damaged_xml_in_a_whole_archive_is_read_or_refused() -> None:
    whole = part(
        "document", f"<w:body>{''.join(paragraph(block.text) for block in BLOCKS)}</w:body>"
    ).encode()

    for mutant in traps.mutants(whole, random.Random(5), MUTANTS):
        assert _ends_well("docx", packed({"word/document.xml": mutant, "word/styles.xml": mutant}))


def _ends_well(name: str, data: bytes) -> bool:
    began = time.monotonic()
    with contextlib.suppress(Reject):
        read(name, data)
    return time.monotonic() - began < SECONDS
