"""Captions drawn into films and put beside their pictures by the real tools."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from tests.support.numbered import FFMPEG, NUMBERS, X264, looked_into, numbered, order_of, samples_in, seen

from reelyard.errors import Reject
from reelyard.kit.processes import Command
from reelyard.media.chapters import Chapter
from reelyard.media.cut_list import CutList
from reelyard.testing.media import MediaMaker
from reelyard.tools.captions import Cue
from reelyard.tools.rendering.captions import FONTS, captions_file, check_letters
from reelyard.tools.rendering.embedding import embed_captions
from reelyard.tools.rendering.order import Bench, Order
from reelyard.tools.rendering.picture import Captioned
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.target import Wishes


def captioned(order: Order, bench: Bench, cues: tuple[Cue, ...]) -> Order:
    file = bench.folder / "captions.ass"
    file.write_text(captions_file(cues, order.target))
    captions = Captioned(file, FONTS)
    check_letters(cues, captions, FFMPEG, run=bench.run)
    return replace(order, captions=captions)


def test_captions_are_drawn_while_they_are_said_without_any_font_of_the_machine(
    make: MediaMaker, bench: Bench
) -> None:
    path = make.encode(
        make.folder / "film.mp4", "-f", "lavfi", "-i", "color=black:s=160x90:r=25:d=2,format=yuv420p", *X264
    )
    bare = bench.folder / "fonts.conf"
    bare.write_text("<fontconfig></fontconfig>")

    def run_bare(command: Command, **more: Any) -> Any:
        env = (*command.env, ("FONTCONFIG_FILE", str(bare)))
        return bench.run(replace(command, env=env, reads=(*command.reads, bare)), **more)

    bare_bench = replace(bench, run=run_bare)
    order = order_of(path, bench.run, Wishes(burnt=True), CutList.whole(Fraction(25), Fraction(0), 50))
    cues = (Cue(0.4, 1.2, ("“Ça va?” {not hidden}", "Да \\Nein")),)

    made = render(captioned(order, bare_bench, cues), bench.folder / "film.mp4", bare_bench)

    import av

    with av.open(str(made.path)) as container:
        bright = [int(frame.to_ndarray(format="gray").max()) > 150 for frame in container.decode(video=0)]
    assert bright == [10 <= number < 30 for number in range(50)]


def test_letters_that_no_font_has_are_refused(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mp4", frames=10)
    order = order_of(path, bench.run, Wishes(burnt=True), CutList.whole(Fraction(25), Fraction(0), 10))

    with pytest.raises(Reject, match="No font on this machine can draw") as refused:
        captioned(order, bench, (Cue(0, 1, ("Hello \U0001e900\U0001e901",)),))

    assert refused.value.code == "no_font"


@pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
def test_captions_become_a_track_and_nothing_else_changes(
    make: MediaMaker, bench: Bench, container: str
) -> None:
    import av

    path = numbered(make, "film.mp4", "-metadata:s:a:0", "language=deu")
    order = replace(
        order_of(path, bench.run, Wishes(container)),
        chapters=(Chapter("One = 1; two", Fraction(0), Fraction(1)),),
    )
    film = bench.folder / f"film.{container}"
    render(order, film, bench)
    srt = bench.folder / "captions.srt"
    srt.write_text("1\n00:00:00,200 --> 00:00:01,000\nGrüße\n\n2\n00:00:01,000 --> 00:00:01,500\nZwei\n")
    target = bench.folder / f"captioned.{container}"

    embed_captions(film, srt, order.target, target, bench, language="de")

    assert seen(target).numbers == NUMBERS
    assert np.array_equal(samples_in(target, bench.run), samples_in(film, bench.run))
    assert [sound.language for sound in looked_into(target, bench.run).audio] == [
        "ger" if container == "mov" else "deu"
    ]
    with av.open(str(target)) as opened:
        track = opened.streams.subtitles[0]
        assert track.language == ("ger" if container == "mov" else "deu")
        texts = [bytes(packet) for packet in opened.demux(track) if packet.size > 2]
        assert ["Grüße".encode() in text for text in texts] == [True, False]
        assert [chapter["metadata"]["title"] for chapter in opened.chapters()] == ["One = 1; two"]
