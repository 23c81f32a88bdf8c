"""Names and papers of exports: once each on any system, harmless, and true to their pattern."""

from __future__ import annotations

import csv
import io
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.core.exports import report
from reelyard.core.exports.layout import Blob, Output, Source, Subject, laid_out
from reelyard.core.exports.names import MOST_BYTES, Naming, Unique, checked_pattern
from reelyard.core.exports.order import ExportOrder, checked
from reelyard.errors import InvalidInput

SUBJECT = Subject("Sommer: 2026/7", "video", ("film-captioned.mp4", "film.mp4"), 3)


def output(role: str, number: int = 0) -> Output:
    return Output(role, Blob(f"work/{role}-{number}", 10, 1, "ab"), 2.5)


def item(position: int, name: str, *roles: str, status: str = "completed") -> Source:
    outputs = tuple(output(role, position) for role in roles)
    return Source(
        f"id-{position}", position, name, status, outputs, Blob(f"originals/{position}", 7, 2, "cd")
    )


def names(sources: list[Source], subject: Subject = SUBJECT, **options: object) -> list[str]:
    order = replace(ExportOrder(), **options)  # type: ignore[arg-type]
    return [entry.name for entry in laid_out(subject, sources, order).entries]


def test_names_are_numbered_and_what_stands_for_an_item_needs_no_word() -> None:
    found = names([item(1, "Talk.mp4", "clip-01.mp4", "film.mp4"), item(2, "b.mov", "film.mp4")])

    assert found == ["001_Talk-clip-01.mp4", "001_Talk.mp4", "002_b.mp4"]


def test_options_make_other_names() -> None:
    sources = [item(1, "Talk.mp4", "film.mp4"), item(2, "b.mov", status="failed")]

    assert names(sources, use_original_filenames=False) == ["001_video.mp4"]
    assert names(sources, batch_name_prefix=True) == ["Sommer_ 2026_7_001_Talk.mp4"]
    assert names(sources, pattern="{name} ({position}).{ext}") == ["Talk (001).mp4"]
    assert names(sources, include_failed=True) == ["001_Talk.mp4", "failed/002_b.mov"]


STORY = Subject("Sea", "story", ("story.mp4", "narration.m4a", "story.txt"), 2)
PIECES = ("narration-0001.m4a", "narration-0002.m4a", "picture-0001.jpg")


def test_the_many_pieces_of_an_item_lie_in_a_folder_of_its_own() -> None:
    found = names([item(1, "light.txt", "story.mp4", "story.txt", "captions.srt", *PIECES)], STORY)

    assert found == [
        "001_light.mp4", "001_light.txt", "001_light.srt",
        "001_light-chunks/0001.m4a", "001_light-chunks/0002.m4a", "001_light-chunks/0001.jpg",
    ]  # fmt: skip


@pytest.mark.parametrize("pattern", ["{name}.{ext}", "{ext}", "{position}", "same"])
def test_pieces_of_two_items_are_never_in_one_folder(pattern: str) -> None:
    sources = [item(1, "light.txt", *PIECES), item(2, "LIGHT.docx", *PIECES)]

    found = names(sources, STORY, pattern=pattern)

    folders = [name.rpartition("/")[0].lower() for name in found]
    assert len(set(folders[:3])) == len(set(folders[3:])) == 1
    assert folders[0] != folders[3]
    assert {name.rpartition("/")[2] for name in found} == {"0001.m4a", "0002.m4a", "0001.jpg"}


def test_a_position_has_as_many_digits_as_the_largest_needs() -> None:
    assert names([item(7, "a.mp4", "film.mp4")], replace(SUBJECT, total=10_000)) == ["00007_a.mp4"]


def test_names_that_some_system_takes_for_the_same_are_told_apart() -> None:
    nfd = unicodedata.normalize("NFD", "é")
    sources = [
        item(n, name, "film.mp4") for n, name in enumerate(("é.a", f"{nfd}.b", "É.c", "x.d", "X.e"), 1)
    ]

    found = names(sources, pattern="{name}.{ext}")

    folded = {unicodedata.normalize("NFKC", name).casefold() for name in found}
    assert len(folded) == 5


def test_the_names_of_our_own_papers_are_not_given_away() -> None:
    found = names([item(1, "manifest.json", "film.json")], pattern="MANIFEST.{ext}", include_failed=True)

    assert found == ["MANIFEST (2).json"]


HOSTILE = ("../../x", "..\\..\\x", "/abs", "C:\\x", "a\0b", "a\r\nb", "\u202egpj.exe", "CON", ".", " ", "x.", "-rf",
           "%00", "\udcff", "😀" * 300, "x" * 4_096, "a:b|c?d*e")  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leads_out_of_the_archive(name: str) -> None:
    sources = [item(1, name, "film.mp4", "captions.srt", "clip-0001.mp4"), item(2, name, status="failed")]

    found = names(sources, include_failed=True, pattern="{name}.{ext}") + names(sources)

    for one in [part for each in found for part in each.removesuffix("/0001.mp4").split("/")]:
        assert one
        assert not set(one) & set('/\\:*?"<>|\0\r\n\u202e')
        assert one.strip(". ") == one
        assert not one.startswith(("-", "~"))
        assert one.split(".")[0].lower() != "con"
        assert len(one.encode()) <= MOST_BYTES


@given(st.lists(st.text(max_size=300), max_size=30), st.text(max_size=20))
def test_whatever_the_names_each_is_there_once(given_names: list[str], literal: str) -> None:
    literal = "".join(sign for sign in literal if sign not in "{}/\\\0")
    sources = [item(n, name, "film.mp4") for n, name in enumerate(given_names, 1)]

    found = names(sources, pattern=f"{literal}{{name}}.{{ext}}")

    assert len({unicodedata.normalize("NFKC", name).casefold() for name in found}) == len(sources)
    assert all(0 < len(name.encode()) <= MOST_BYTES for name in found)


@pytest.mark.parametrize(
    "pattern",
    ["{position", "}", "{}", "{0}", "{title}", "{name.x}", "{name!r}", "{position:>9}", "a/b", "a\\b", "", " ", "x" * 201],
)  # fmt: skip
def test_a_bad_pattern_is_refused_with_its_field(pattern: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        checked_pattern(pattern)

    assert caught.value.details["field"] == "pattern"
    assert "{position}" in (caught.value.hint or "")


def test_braces_can_be_written() -> None:
    assert Naming(checked_pattern("{{{name}}}.{ext}")).name(1, "a", "mp4") == "{a}.mp4"


def test_what_makes_no_difference_to_a_format_is_not_kept_of_an_order() -> None:
    assert checked(ExportOrder("merged", include_failed=True, pattern="x")) == ExportOrder("merged")
    with pytest.raises(InvalidInput) as caught:
        checked(ExportOrder("rar"))
    assert caught.value.details["field"] == "format"


def test_ten_thousand_items_of_one_name_are_laid_out_in_a_moment() -> None:
    sources = [item(n, "same.mp4", "film.mp4") for n in range(1, 10_001)]
    begun = time.monotonic()

    found = names(sources, pattern="{name}.{ext}")

    assert time.monotonic() - begun < 2.0
    assert len(set(found)) == 10_000


def test_only_what_stands_for_the_items_goes_into_a_whole() -> None:
    sources = [
        item(1, "a.mp4", "captions.srt", "film.mp4"),
        item(2, "b.mp4", "captions.srt"),
        item(3, "c.mp4", "film.mp4", "film-captioned.mp4"),
        item(4, "d.mp4", status="cancelled"),
    ]

    layout = laid_out(SUBJECT, sources, ExportOrder("merged"))

    assert [entry.role for entry in layout.entries] == ["film.mp4", "film-captioned.mp4"]
    assert [entry.title for entry in layout.entries] == ["a", "c"]
    assert (layout.items, layout.left_out) == (2, 1)


def test_a_spreadsheet_finds_no_formula_in_the_report() -> None:
    failures = [
        {"position": 1, "name": name, "status": "failed", "code": "x", "message": "=1+1", "hint": None}
        for name in ("=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", 'say "hi", twice\nhere')
    ]

    rows = list(csv.DictReader(io.StringIO(report.as_table(failures).decode("utf-8-sig"))))

    assert [row["name"][0] for row in rows[:5]] == ["'"] * 5
    assert rows[5]["name"] == 'say "hi", twice\nhere'
    assert {row["message"] for row in rows} == {"'=1+1"}


def test_unique_names_keep_their_extension() -> None:
    unique = Unique()

    assert [unique.take("a.mp4") for _ in range(3)] == ["a.mp4", "a (2).mp4", "a (3).mp4"]
    assert unique.take("a (2).mp4") == "a (2) (2).mp4"
    assert unique.take("a.mp4", "failed/") == "failed/a.mp4"
