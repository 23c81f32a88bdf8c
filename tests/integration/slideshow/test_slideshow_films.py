"""Narrated films as wholes: their sound, their texts, their pieces, and the check after making."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from tests.support.browser import watch
from tests.support.slides import (
    BLUE,
    GREEN,
    RED,
    SIZE,
    WHITE,
    Yard,
    complaints,
    frames,
    jpeg,
    named,
    narration,
)

from reelyard.errors import Reject, ToolFailed, Yielded
from reelyard.kit.json import JsonObject
from reelyard.testing import film_code
from reelyard.tools.captions import Cue
from reelyard.tools.slideshow import Movement

MANY = (RED, GREEN, BLUE, WHITE, RED, GREEN)
TIMES = (0, 0.5, 1.1, 1.7, 2.0, 2.6, 3.1)


def test_narration_in_aac_is_copied_packet_by_packet(yard: Yard) -> None:
    order = yard.order(yard.slides((0, 1, 2.5), (RED, BLUE)))

    film, _ = yard.make(order)

    assert _packets(film) == _packets(order.sound)
    assert _ends(film) == pytest.approx((2.5, 2.5), abs=0.04)
    assert "ffmpeg" not in yard.ran


@pytest.mark.parametrize("suffix", [".wav", ".mp3"])
def test_other_narration_is_encoded_and_ends_with_the_picture(yard: Yard, suffix: str) -> None:
    order = yard.order(yard.slides((0, 1, 2.5), (RED, BLUE)), suffix)

    film, _ = yard.make(order)

    with av.open(str(film)) as opened:
        assert opened.streams.audio[0].codec_context.name == "aac"
    assert _ends(film) == pytest.approx((2.5, 2.5), abs=0.06)
    assert complaints(film) == ""


def test_title_language_and_chapters_are_written(yard: Yard) -> None:
    slides = yard.slides((0, 1, 2, 3.5), (RED, GREEN, BLUE))
    slides = (replace(slides[0], title="One; = \n two"), slides[1], replace(slides[2], title="Three"))

    film, _ = yard.make(yard.order(slides, title="A “story”", language="de"))

    with av.open(str(film)) as opened:
        chapters = [
            (one["metadata"]["title"], float(one["start"] * one["time_base"]), float(one["end"] * one["time_base"]))
            for one in opened.chapters()
        ]  # fmt: skip
        assert chapters == [("One; = two", 0, 2), ("Three", 2, pytest.approx(3.52, abs=0.001))]
        assert opened.metadata["title"] == "A “story”"
        assert opened.streams.audio[0].language == "deu"
        assert opened.streams.video[0].codec_context.profile == "High"
        assert opened.streams.video[0].codec_context.pix_fmt == "yuv420p"
    assert film.read_bytes().find(b"moov") < film.read_bytes().find(b"mdat")


def test_a_film_that_was_interrupted_goes_on_from_its_finished_pieces(yard: Yard) -> None:
    order = yard.order(yard.slides(TIMES, MANY))
    whole = yard.part
    asked: list[str] = []

    def until_the_second(key: JsonObject, make: Callable[[Path], None]) -> Path:
        asked.append("part")
        if len(asked) == 2:
            raise Yielded
        return whole(key, make)

    yard.part = until_the_second  # type: ignore[method-assign]
    with pytest.raises(Yielded):
        yard.make(order, cores=1)
    yard.part = whole  # type: ignore[method-assign]
    interrupted = yard.ran.count("encode")
    film, made = yard.make(order, cores=1)

    assert interrupted == 1
    assert yard.ran.count("encode") == 2
    assert [named(frame, MANY) for frame in frames(film)].count(None) == 0
    assert made.frames == 78


def test_another_picture_is_the_only_one_made_anew(yard: Yard) -> None:
    slides = yard.slides((*TIMES, 4, 5, 6), (*MANY, BLUE, WHITE, RED))
    order = yard.order(slides, movement=Movement.GENTLE, crossfade_s=0.2)
    yard.make(order)
    before = yard.ran.count("encode")
    other = replace(order.slides[8], picture=order.slides[1].picture)

    yard.make(replace(order, slides=(*slides[:8], other)))

    assert before == 3
    assert yard.ran.count("encode") == before + 2  # with the piece that goes over to it


def test_the_same_order_gives_the_same_bytes_with_any_number_of_hands(yard: Yard, tmp_path: Path) -> None:
    cues = (Cue(0.2, 0.8, ("one",)), Cue(1, 3, ("two",)))
    order = yard.order(yard.slides(TIMES, MANY), movement=Movement.GENTLE, crossfade_s=0.2, cues=cues)
    other = Yard(tmp_path / "other")
    other.folder.mkdir()

    first, _ = yard.make(order, cores=1)
    second, _ = other.make(order, cores=3)

    assert first.read_bytes() == second.read_bytes()
    assert yard.told == sorted(yard.told)
    assert yard.told[-1] == 1


def test_a_narration_that_ends_early_is_found_out(yard: Yard) -> None:
    order = yard.order(yard.slides((0, 1, 3), (RED, BLUE)))
    narration(order.sound, 2)

    with pytest.raises(ToolFailed, match=r"Sound track 1 ends at 2\.0"):
        yard.make(order)


def test_a_picture_that_is_none_is_refused_in_a_sentence(yard: Yard) -> None:
    order = yard.order(yard.slides((0, 1, 2), (RED, BLUE)))
    order.slides[1].picture.write_bytes(b"no picture")

    with pytest.raises(ToolFailed, match="no JPEG that can be read") as refused:
        yard.make(order)

    assert "Traceback" not in str(refused.value)


def test_pictures_with_gaps_between_them_and_letters_without_a_font_are_refused(yard: Yard) -> None:
    slides = yard.slides((0, 1, 2), (RED, BLUE))
    order = yard.order(slides)

    with pytest.raises(Reject, match=r"do not follow one another at 1\.500"):
        yard.make(replace(order, slides=(slides[0], replace(slides[1], start_s=1.5))))
    with pytest.raises(Reject, match="at least one picture"):
        yard.make(replace(order, slides=()))
    with pytest.raises(Reject, match="No font"):
        yard.make(replace(order, cues=(Cue(0, 1, ("\U00012000",)),)))


def test_a_browser_shows_each_picture_at_its_time_and_plays_to_the_end(yard: Yard) -> None:
    slides = yard.slides((0, 0.6, 1.2, 2.0, 3.0), (RED,) * 4)
    for number, slide in enumerate(slides):
        image = np.frombuffer(film_code.drawn(500 + number), np.uint8).reshape(4, 8)
        jpeg(slide.picture, image.repeat(45, axis=0).repeat(40, axis=1)[..., None].repeat(3, axis=2))
    film, _ = yard.make(yard.order(slides, crossfade_s=0.2))
    moments = {0.1: 500, 0.44: 500, 0.76: 501, 1.0: 501, 1.36: 502, 1.84: 502, 2.3: 503, 2.9: 503}

    watched = watch(film, list(moments))

    assert watched.error is None
    assert watched.ended
    assert list(watched.numbers) == list(moments.values())
    assert watched.size == SIZE
    assert watched.duration_s == pytest.approx(3, abs=0.04)
    assert watched.corrupted == 0
    assert watched.sound_bytes > 0


def _packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as opened:
        return [bytes(packet) for packet in opened.demux(opened.streams.audio[0]) if packet.size]


def _ends(path: Path) -> tuple[float, float]:
    """When picture and sound end."""
    with av.open(str(path)) as opened:
        streams = (opened.streams.video[0], opened.streams.audio[0])
        return tuple(float((one.start_time + one.duration) * one.time_base) for one in streams)  # type: ignore[return-value]
