"""A film done again with something changed: only the stages that depend on it run, as its user reads it over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.faults.filming import EDIT, frames_of, salted, spoken_film
from tests.support.redoing import Json, Redoing, path_of, redoing

from reelyard.core.runs import repository as runs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

STAGES = (
    "index", "prepare", "detect", "transcribe", "listen", "silence", "highlights", "render", "write", "embed",
    "clips",
)  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return spoken_film(tmp_path_factory.mktemp("media"))


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redoing]:
    with redoing(tmp_path_factory.mktemp("films") / "data", "video", EDIT, STAGES) as found:
        yield found


@pytest.fixture(scope="module")
def file(films: Redoing, film: bytes) -> str:
    """The film in the library, and its edit done once."""
    file_id = films.send("talk.mp4", salted(film))
    first = films.done(file_id)
    assert films.fresh(first) == list(STAGES)
    assert first["result"]["render"]["way"] == "smart cut"
    return file_id


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ({}, []),
        ({"line_length": 20}, ["write", "embed"]),
        ({"captions": ["vtt", "embedded"]}, ["write"]),
        ({"padding": 0.05}, ["silence", "render", "write", "embed", "clips"]),
        ({"silence_threshold": -41}, ["silence"]),  # and decides nothing else
        ({"keywords": ["man"]}, ["highlights", "write", "clips"]),
        ({"export_format": "mov"}, ["render", "embed", "clips"]),
        ({"export_quality": "720p"}, ["render"]),  # it is smaller already: the same film, byte by byte
        ({"timelines": ["fcpxml"]}, ["write"]),
    ],
    ids=lambda value: ",".join(value) or "nothing",
)
def test_only_what_depends_on_a_change_runs_anew(
    films: Redoing, file: str, changed: Json, anew: list[str]
) -> None:
    item = films.done(file)

    again = films.redone(item, **changed)

    assert films.fresh(item) == []
    assert again["generation"] == 2
    assert films.fresh(again) == anew


def test_what_is_forgotten_is_made_again_only_for_those_who_miss_it(films: Redoing, file: str) -> None:
    """The sound is kept as a hash alone once the film is done."""
    item = films.done(file)
    with films.server.container.db.write() as tx:
        runs.forget_cache(tx, tx.now + timedelta(seconds=1))

    narrow = films.redone(item, line_length=16)
    padded = films.redone(narrow, padding=0.1)
    timeless = films.redone(padded, word_times=False)

    assert films.fresh(narrow) == ["write", "embed"]
    assert films.fresh(padded) == ["silence", "render", "write", "embed", "clips"]
    assert {"prepare", "transcribe"} <= set(films.fresh(timeless))
    assert not {"index", "detect", "listen"} & set(films.fresh(timeless))


def test_an_edited_cut_list_is_rendered_to_the_frame_and_nothing_is_analysed_again(
    films: Redoing, file: str, tmp_path: Path
) -> None:
    item = films.done(file)
    told = films.server.http.get(f"{path_of(item)}/cuts").json()
    cut = next(span for span in told["spans"] if not span["keep"])
    decisions = [
        {"start": cut["start"], "end": cut["end"], "keep": True},
        {"start": 311, "end": 377, "keep": False},
        {"start": 500, "end": 501, "keep": False},
    ]

    edited = films.server.http.patch(
        f"{path_of(item)}/cuts", json={"decisions": decisions, "revision": told["revision"]}
    ).json()
    rendered = films.server.http.post(f"{path_of(item)}/cuts/render")
    again = films.ended(item["batch_id"])

    assert rendered.status_code == 200, rendered.text
    kept = sum(span["end"] - span["start"] for span in edited["spans"] if span["keep"])
    was = sum(span["end"] - span["start"] for span in told["spans"] if span["keep"])
    assert kept == was + cut["end"] - cut["start"] - 67
    assert films.fresh(again) == ["render", "write", "embed", "clips"]
    assert again["result"]["render"]["frames"] == kept
    assert frames_of(films.fetched(again, "film-captioned.mp4", tmp_path)) == kept
    assert films.server.http.get(f"{path_of(again)}/cuts").json()["rendered"]


def test_an_edit_stands_when_its_film_is_done_again_in_another_format(films: Redoing, file: str) -> None:
    item = films.done(file)
    decisions = [{"start": 400, "end": 450, "keep": False}]
    films.server.http.patch(f"{path_of(item)}/cuts", json={"decisions": decisions, "revision": 0})
    films.server.http.post(f"{path_of(item)}/cuts/render")
    edited = films.ended(item["batch_id"])

    again = films.redone(edited, export_format="mov")

    assert films.fresh(again) == ["render", "embed", "clips"]
    assert again["result"]["render"]["frames"] == edited["result"]["render"]["frames"]
    assert edited["result"]["render"]["frames"] == item["result"]["render"]["frames"] - 50
