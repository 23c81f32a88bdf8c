"""A story done again with something changed: only the stages, and only the chunks, that depend on it are made anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.support.redoing import Json, Redoing, path_of, redoing

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

TEXT = """The Fisherman's Cat

The old fisherman had a black cat. Every morning she sat on the pier and waited for the red boat.

One night a storm came over the sea. The lighthouse shone, and the boat found its way home.

In the kitchen a lamp was lit. The cat slept beside the stove, and nobody woke her.
"""
SMALL: Json = {"words_per_chunk": 20, "movement": "still", "film_quality": "720p", "crossfade": 0}
STAGES = ("read", "chunk", "write", "narrate", "sound", "caption", "look", "illustrate", "film")
CHUNKS = 3


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redoing]:
    with redoing(tmp_path_factory.mktemp("stories") / "data", "story", SMALL, STAGES) as found:
        yield found


@pytest.fixture(scope="module")
def file(stories: Redoing) -> str:
    """The text in the library, told once."""
    file_id = stories.send("cat.txt", TEXT.encode())
    first = stories.done(file_id)
    assert stories.fresh(first) == list(STAGES)
    assert first["result"]["chunk"]["chunks"] == CHUNKS
    return file_id


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ({}, []),
        ({"line_length": 20}, ["caption"]),
        ({"captions": ["vtt"]}, ["caption"]),
        ({"audio_format": "mp3"}, ["sound", "caption", "film"]),
        ({"movement": "gentle"}, ["film"]),
        ({"image_style": "night"}, ["look", "illustrate", "film"]),
        ({"voice": "espeak:en-gb"}, ["narrate", "sound", "caption", "film"]),
    ],
    ids=lambda value: ",".join(value) or "nothing",
)
def test_only_what_depends_on_a_change_runs_anew(
    stories: Redoing, file: str, changed: Json, anew: list[str]
) -> None:
    item = stories.done(file)

    again = stories.redone(item, **changed)

    assert stories.fresh(item) == []
    assert again["generation"] == 2
    assert stories.fresh(again) == anew


def test_drawn_captions_change_the_film_and_nothing_before_it(stories: Redoing, file: str) -> None:
    item = stories.done(file)

    answer = stories.server.http.post(
        f"{path_of(item)}/redo", json={"settings": {"captions": ["srt", "burnt"]}}
    )
    burnt = stories.ended(item["batch_id"])
    wider = stories.redone(burnt, captions=["srt", "burnt"], caption_size=8)

    assert answer.status_code == 200, answer.text
    fresh = [run["stage"] for run in burnt["runs"] if run["generation"] == 2 and not run["cached"]]
    assert fresh == ["caption", "film_with_captions"]
    again = [run["stage"] for run in wider["runs"] if run["generation"] == 3 and not run["cached"]]
    assert again == ["film_with_captions"]


@pytest.mark.parametrize(
    ("change", "speech", "picture"),
    [
        ({"text": "One night a storm came over the hills. The boy stood at the door."}, True, True),
        ({"voice": "espeak:en-gb"}, True, False),
        ({"picture_prompt": "a castle in the snow"}, False, True),
        ({"seed": 4711}, False, True),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else str(value),
)
def test_a_changed_chunk_is_made_anew_and_every_other_stays_byte_for_byte(
    stories: Redoing, file: str, change: Json, *, speech: bool, picture: bool
) -> None:
    item = stories.done(file)
    before = _contents(stories, item)
    told = stories.server.http.get(f"{path_of(item)}/story").json()

    answer = stories.server.http.patch(
        f"{path_of(item)}/story", json={"revision": told["revision"], "chunks": [{"number": 2, **change}]}
    )
    made = stories.server.http.post(f"{path_of(item)}/story/make")
    again = stories.ended(item["batch_id"])

    assert answer.status_code == 200, answer.text
    assert made.status_code == 200, made.text
    changed = {role for role, content in _contents(stories, again).items() if content != before[role]}
    assert changed == {
        *({"narration-0002.m4a", "narration.m4a"} if speech else ()),
        *({"picture-0002.jpg"} if picture else ()),
    }
    assert again["result"]["narrate"]["spoken"] == int(speech)
    assert again["result"]["illustrate"]["made"] == int(picture)
    assert str(stories.content(again, "story.txt"), "utf-8").count("boy stood at the door") == int(
        "text" in change
    )
    assert stories.content(again, "story.mp4") != stories.content(item, "story.mp4")


def _contents(stories: Redoing, item: Json) -> dict[str, bytes]:
    """The sounds and pictures of the story."""
    roles = [one["role"] for one in item["outputs"] if one["role"].startswith(("narration", "picture"))]
    return {role: stories.content(item, role) for role in roles}
