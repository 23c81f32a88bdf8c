"""Playlists over HTTP, whatever their films are called: as many segments as films, and every one leads to its own."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from tests.support.engine import items_of
from tests.support.exports import finished, made
from tests.support.served import Json, Served

NAMES = [
    "one\n#EXTINF:9,x\nhttp://evil.example/x.mp4",
    "#EXTM3U",
    "\r\n#EXT-X-ENDLIST\r\n",
    "http://evil.example/film.mp4",
    "//evil.example/film.mp4",
    "../../etc/passwd",
    "x\u2028#EXT-X-KEY:URI=http://evil.example\x85y\x0bz",
    "größe 🎬, part 2.mp4",
    "\u202egpj.exe",
    "file:///etc/passwd\x00",
    " ",
    'quote" \\ comma,',
]


def parsed(text: str) -> list[tuple[float, str, str]]:
    """As a player reads it, line by line at every kind of line's end: seconds, title and address of each segment."""
    lines = re.split(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)
    assert lines[0] == "#EXTM3U"
    found: list[tuple[float, str, str]] = []
    told: tuple[float, str] | None = None
    for line in lines[1:]:
        if line.startswith("#EXTINF:"):
            assert told is None, "two lengths for one segment"
            seconds, _, title = line.removeprefix("#EXTINF:").partition(",")
            told = float(seconds), title
        elif line and not line.startswith("#"):
            assert told is not None, "a segment without a length"
            found.append((*told, line))
            told = None
        else:
            assert not line.startswith("#EXT"), line
    assert told is None
    return found


@pytest.fixture
def playlist(offline: Served) -> tuple[Json, str]:
    """The export of films that bear these names, each of its own content; and its text."""
    batch_id = made(offline, [{"transcript.txt": f"film {n}".encode()} for n in range(len(NAMES))])
    with offline.container.db.write() as tx:
        for item, name in zip(items_of(offline.container, batch_id), NAMES, strict=True):
            offline.container.library.get(tx, offline.owner, item.file_id).name = name
    export = finished(offline, batch_id, format="playlist")
    assert export["status"] == "completed", export
    return export, httpx.get(offline.address + export["download_url"], trust_env=False).text


def test_a_parser_finds_as_many_segments_as_films_whatever_they_are_called(
    offline: Served, playlist: tuple[Json, str]
) -> None:
    export, text = playlist

    segments = parsed(text)

    assert len(segments) == len(NAMES)
    for n, (_, _, address) in enumerate(segments):
        assert not urlsplit(address).scheme
        assert not urlsplit(address).netloc
        assert address.startswith("objects/")
        where = urljoin(offline.address + export["download_url"], address)  # as a player does
        answer = httpx.get(where, trust_env=False)
        assert answer.content == f"film {n}".encode()


def test_a_segment_s_address_that_was_changed_or_outlived_its_export_leads_nowhere(
    offline: Served, playlist: tuple[Json, str]
) -> None:
    export, text = playlist
    where = offline.address + export["download_url"]
    first, second = (address for _, _, address in parsed(text)[:2])
    crossed = urlsplit(first)._replace(query=urlsplit(second).query).geturl()

    other = httpx.get(urljoin(where, crossed), trust_env=False)
    offline.http.delete(f"/batches/{export['batch_id']}")
    late = httpx.get(urljoin(where, first), trust_env=False)

    assert (other.status_code, late.status_code) == (403, 404)
