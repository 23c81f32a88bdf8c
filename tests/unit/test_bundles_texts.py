"""Documents and playlists of a batch: what their readers find in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.errors import InvalidInput
from reelyard.tools.bundles.playlist import write_playlist
from reelyard.tools.bundles.texts import merge_texts, merge_transcripts
from reelyard.tools.bundles.titles import one_line

NASTY = st.text(max_size=60) | st.sampled_from(
    ["a\n#EXTINF:9,x\nhttp://evil.example/x.mp4", "#EXTM3U", "\r\n#EXT-X-ENDLIST", "x\u2028y\x85z\x0bw"]
)


def read_playlist(text: str) -> list[tuple[float, str, str]]:
    """As players read it: an #EXTINF line tells of the next line that is neither empty nor a comment."""
    lines = text.splitlines()
    assert lines[0] == "#EXTM3U"
    found: list[tuple[float, str, str]] = []
    told: tuple[float, str] = (-1, "")
    for line in lines[1:]:
        if line.startswith("#EXTINF:"):
            seconds, _, title = line.removeprefix("#EXTINF:").partition(",")
            told = (float(seconds), title)
        elif line.strip() and not line.startswith("#"):
            found.append((*told, line))
    return found


def test_a_playlist_names_each_part_with_its_length() -> None:
    text = write_playlist([("One", 12.5, "/files/1.mp4?sig=a%2Fb"), ("Zwei, drei", None, "2.mp4")])

    assert read_playlist(text) == [(12.5, "One", "/files/1.mp4?sig=a%2Fb"), (-1, "Zwei, drei", "2.mp4")]
    assert "EXT-X-" not in text


@given(st.lists(NASTY, max_size=8))
def test_no_title_adds_an_entry_or_a_tag(titles: list[str]) -> None:
    text = write_playlist([(title, 1.0, f"/f/{n}") for n, title in enumerate(titles)])

    assert [uri for _, _, uri in read_playlist(text)] == [f"/f/{n}" for n in range(len(titles))]
    assert sum(line.startswith("#") for line in text.splitlines()) == 1 + len(titles)
    text.encode()


@pytest.mark.parametrize(
    "uri",
    [
        "http://evil.example/x", "HTTPS:x", "//evil.example/x", "file:/etc/passwd", "javascript:alert(1)", "",
        "a\nb", "a b", "#EXTINF:1,", "a#b", "/ä", "\\\\host\\x", "/\\evil.example",
    ],
)  # fmt: skip
def test_only_relative_links_stand_in_a_playlist(uri: str) -> None:
    with pytest.raises(InvalidInput, match="cannot stand in a playlist"):
        write_playlist([("x", 1.0, uri)])


def test_texts_become_one_document_with_a_heading_each() -> None:
    document = merge_texts([("talk *one*.mp3", "Hello.\nWorld.\n"), ("two\n# fake", ""), ("", "Bye.")])

    assert document == ("# talk \\*one\\*.mp3\n\nHello.\nWorld.\n\n# two \\# fake\n\n\n# Part 3\n\nBye.\n")


@given(st.lists(st.tuples(NASTY, st.text(alphabet="#=-`~ \t\nab<\\", max_size=40)), max_size=5))
def test_no_text_makes_a_heading_of_its_own(entries: list[tuple[str, str]]) -> None:
    document = merge_texts(entries)

    headings = [line for line in document.splitlines() if re.match(r" {0,3}#{1,6}(\s|$)", line)]
    assert len(headings) == len(entries)
    assert not re.search(r"(?m)^ {0,3}(=+|-+|`{3}.*|~{3}.*)\s*$", document)


def test_transcripts_become_one_list_in_order() -> None:
    merged = merge_transcripts([("a", {"segments": []}), ("b", {"segments": [1]})])

    assert merged["schema"] == "reelyard.transcripts/1"
    assert [(part["position"], part["title"], part["transcript"]) for part in merged["parts"]] == [
        (1, "a", {"segments": []}),
        (2, "b", {"segments": [1]}),
    ]


@given(st.text())
def test_a_title_is_one_line_of_bounded_length(title: str) -> None:
    line = one_line(title)

    assert len(line.splitlines()) <= 1
    assert len(line) <= 200
    assert one_line(line) == line
    line.encode()
