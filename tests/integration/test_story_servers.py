"""A story told with servers: what they give is used, and what they fail at costs nothing else its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.stub_server import Mode, Stub, stub_server

from reelyard.errors import ModelUnavailable, ServerRefused
from reelyard.kit.processes import runner_in
from reelyard.pipelines.story import PIPELINE
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.tools.ffmpeg.probe import inspect

TEXT = """The Fisherman's Cat

The old fisherman had a black cat. Every morning she sat on the pier and waited for the red boat.

In the kitchen a lamp was lit. The cat slept beside the stove, and nobody woke her until the evening came.
"""
SMALL: dict[str, Any] = {"words_per_chunk": 20, "audio": False, "film": False}
KEY = "a-key-that-nobody-sees"


@pytest.fixture(scope="module")
def running() -> Iterator[Stub]:
    with stub_server() as stub:
        yield stub


@pytest.fixture
def stub(running: Stub, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """All three kinds of servers, at one address."""
    running.reset()
    for kind in ("TEXT", "SPEECH", "IMAGE"):
        monkeypatch.setenv(f"REELYARD_{kind}_SERVER__URL", running.url)
        monkeypatch.setenv(f"REELYARD_{kind}_SERVER__MODEL", "stub")
        monkeypatch.setenv(f"REELYARD_{kind}_SERVER__KEY", KEY)
        monkeypatch.setenv(f"REELYARD_{kind}_SERVER__PRICE", "0.5")
    monkeypatch.setenv("REELYARD_SPEECH_SERVER__VOICES", '["alloy"]')
    return running


def tell(folder: Path, **settings: Any) -> tuple[LocalFolder, dict[str, Any]]:
    (given := folder / "given").mkdir()
    path = given / "cat.txt"
    path.write_text(TEXT)
    info = inspect(path, run=runner_in(given), name=path.name)
    order = LocalOrder(path, info, {**SMALL, **settings}, path.name)
    with LocalFolder(folder / "work") as work:
        return work, run_locally(PIPELINE, order, work)


def listed(work: LocalFolder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(work.artifact("pictures.json").read_bytes())["pictures"]
    return found


def test_pictures_come_from_the_server_that_there_is_and_each_is_asked_and_paid_for_once(
    stub: Stub, tmp_path: Path
) -> None:
    work, facts = tell(tmp_path, image_prompt="by a cold sea", image_shape="1:1")

    prompts = [one.body["prompt"] for one in stub.received]
    assert facts["illustrate"]["pictures"] == 2
    assert facts["illustrate"]["failed"] == []
    assert len(prompts) == 3  # with the cover
    assert all("by a cold sea" in prompt for prompt in prompts)
    assert "The cat slept beside the stove" in prompts[2]
    assert {one["maker"] for one in listed(work)} == {stub.url.split("/")[2]}
    assert work.spent == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(("failure", "pictures"), [("draw", 2), ("leave_out", 0)])
def test_pictures_that_a_server_refuses_are_drawn_or_left_out_as_ordered_and_the_story_goes_on(
    stub: Stub, tmp_path: Path, failure: str, pictures: int
) -> None:
    stub.mode = Mode.REFUSES

    work, facts = tell(tmp_path, image_failure=failure, audio=True, film=True, film_quality="720p")

    assert facts["illustrate"]["failed"] == [0, 1, 2]
    assert facts["illustrate"]["degraded"]
    assert facts["illustrate"]["pictures"] == pictures
    assert work.artifact("story.mp4").exists() is (failure == "draw")
    assert work.artifact("narration.m4a").exists()
    said = [warning for warning in work.warnings if warning.startswith("Chunk 2: ")]
    assert len(said) == 1
    assert ("drawn instead" in said[0]) is (failure == "draw")
    assert KEY not in "".join(work.warnings)


def test_only_the_picture_that_fails_is_drawn_instead(stub: Stub, tmp_path: Path) -> None:
    def second(prompt: str) -> bool:
        return "slept beside the stove" in prompt and "black cat" not in prompt  # the cover shows all of it

    stub.choose = lambda asked: Mode.REFUSES if second(asked["prompt"]) else Mode.GOOD

    work, facts = tell(tmp_path)

    assert facts["illustrate"]["failed"] == [2]
    makers = {one["role"]: (one["maker"] == "drawn", one["instead"]) for one in listed(work)}
    assert makers["picture-0001.jpg"] == (False, False)
    assert makers["picture-0002.jpg"] == (True, True)


def test_a_drawn_story_asks_no_server(stub: Stub, tmp_path: Path) -> None:
    work, facts = tell(tmp_path, image_maker="drawn", audio=True)

    assert facts["illustrate"]["pictures"] == 2
    assert facts["narrate"]["voice"]["engine"] == "espeak"
    assert stub.count == 0
    assert work.spent == []


def test_a_text_is_told_as_the_server_tells_it(stub: Stub, tmp_path: Path) -> None:
    stub.reply = (
        "# The Fisherman's Cat\n\nA cat waited every day for a red boat, and at night she slept by the stove."
    )

    work, facts = tell(tmp_path, images=False, rewrite=True, rewrite_prompt="for small children")

    assert "waited every day for a red boat" in work.artifact("story.txt").read_text()
    assert "old fisherman" not in work.artifact("story.txt").read_text()
    assert any("for small children" in str(one.body) for one in stub.received)
    assert facts["rewrite"]["by"]["model"] == "stub"


def test_a_text_that_the_server_will_not_tell_fails_the_story_with_the_reason(
    stub: Stub, tmp_path: Path
) -> None:
    stub.mode = Mode.UNAUTHORISED

    with pytest.raises(ServerRefused, match="401") as refused:
        tell(tmp_path, images=False, rewrite=True)

    assert "REELYARD_TEXT_SERVER__KEY" in (refused.value.hint or "")
    assert KEY not in refused.value.message


def test_a_server_s_voice_speaks_with_its_instructions(stub: Stub, tmp_path: Path) -> None:
    work, facts = tell(tmp_path, images=False, audio=True, voice="alloy", audio_prompt="calmly")

    spoken = [one.body for one in stub.received]
    assert facts["narrate"]["voice"]["id"] == "server:alloy"
    assert {body["voice"] for body in spoken} == {"alloy"}
    assert {body["instructions"] for body in spoken} == {"calmly"}
    assert facts["sound"]["duration_s"] > 3
    assert work.spent == [0.5] * len(spoken)


@pytest.mark.parametrize("wanted", [{"image_maker": "server"}, {"rewrite": True}])
def test_what_needs_a_server_is_refused_at_once_where_there_is_none(
    tmp_path: Path, wanted: dict[str, Any]
) -> None:
    with pytest.raises(ModelUnavailable, match="server is configured"):
        tell(tmp_path, **wanted)
