"""A Piper voice in the child: the real code path with a model of two kilobytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.narration import Speaker, rms, with_manner

from reelyard.errors import ModelMissing, Retry, UnknownVoice
from reelyard.testing.tiny_piper import make_tiny_piper
from reelyard.tools.narration.order import Manner
from reelyard.tools.voices import choice
from reelyard.tools.voices.piper_voices import FOLDER

pytest.importorskip("piper", reason="Piper's voices need the extra “piper”")
NAME = "piper:en_US-tiny-low"


@pytest.fixture
def piper(tmp_path: Path) -> Iterator[Speaker]:
    make_tiny_piper(tmp_path / "voices")
    found = Speaker(tmp_path, {FOLDER: str(tmp_path / "voices")})
    yield found
    found.end()


def test_a_voice_put_into_the_folder_is_taken_for_its_language(piper: Speaker) -> None:
    has = choice.inventory(piper.environ)

    assert choice.resolve("auto", "en", has).id == NAME
    assert choice.resolve("auto", "de", has).id == "espeak:de"
    assert choice.resolve("en_us-tiny-low", None, has).id == NAME
    with pytest.raises(UnknownVoice, match="en_US-tiny-medium"):
        choice.resolve("piper:en_US-tiny-medium", "en", has)


def test_it_speaks_each_sentence_and_the_same_bytes_again(piper: Speaker) -> None:
    order = piper.order("The old man looked at the boats. Then he left [[now]]!", "Really?", voice=NAME)

    first = piper.tell(order)
    piper.say("Something else.", voice=NAME)
    again = piper.tell(order)
    piper.end()
    by_another_child = piper.tell(order)

    assert len(first.facts.segments) == 3
    assert not first.facts.warnings
    for segment in first.facts.segments:
        assert rms(first.between(segment.start, segment.end)) > 300
        assert " ".join(word.text for word in segment.words) == segment.text
    assert first.path.read_bytes() == again.path.read_bytes() == by_another_child.path.read_bytes()


def test_its_pace_can_be_chosen(piper: Speaker) -> None:
    order = piper.order("The old man looked at the boats.", voice=NAME)

    slow, fast = piper.tell(order), piper.tell(with_manner(order, Manner(rate=2.0)))

    assert fast.facts.segments[0].end == pytest.approx(slow.facts.segments[0].end / 2, rel=0.1)


def test_a_voice_that_was_changed_or_taken_away_since_is_said_to_be(piper: Speaker) -> None:
    order = piper.order("Words.", voice=NAME)
    model = Path(piper.environ[FOLDER], "en_US-tiny-low.onnx")

    model.write_bytes(model.read_bytes() + b"\0")
    with pytest.raises(Retry, match="changed"):
        piper.tell(order)
    model.unlink()
    with pytest.raises(ModelMissing, match=r"en_US-tiny-low\.onnx"):
        piper.tell(order)


def test_a_description_that_cannot_be_read_is_left_out(piper: Speaker) -> None:
    folder = Path(piper.environ[FOLDER])
    (folder / "broken.onnx").write_bytes(b"no model")
    (folder / "broken.onnx.json").write_text("[not json")
    (folder / "alone.onnx").write_bytes(b"no description")

    ids = {voice.id for voice in choice.voices(choice.inventory(piper.environ))}

    assert NAME in ids
    assert not {"piper:broken", "piper:alone"} & ids
