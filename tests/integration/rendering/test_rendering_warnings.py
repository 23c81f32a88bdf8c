"""What is said with a film that was rendered all the same: damage, an encoder that failed, HDR."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.numbered import FFMPEG, NUMBERS, numbered, order_of, rendered, seen

from reelyard.testing.media import MediaMaker
from reelyard.tools.rendering.encoders import available_encoders
from reelyard.tools.rendering.order import Bench
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.target import Wishes, target_of


def test_damage_is_told_and_does_not_stop_the_film(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mp4", frames=80, sounds=0)
    data = bytearray(path.read_bytes())
    begin = data.index(b"mdat") + 800
    for at in range(begin, begin + (len(data) - begin) // 2, 97):
        data[at] ^= 0xFF
    path.write_bytes(data)

    made = render(order_of(path, bench.run), bench.folder / "film.mp4", bench)

    assert made.warnings == ("Parts of the picture are damaged.",)
    assert len(seen(made.path).numbers) == len(NUMBERS)


def test_a_hardware_encoder_that_fails_is_stood_in_for_and_that_is_said(
    make: MediaMaker, bench: Bench
) -> None:
    if "h264_nvenc" in available_encoders(FFMPEG, run=bench.run):
        pytest.skip("there is a card here")
    path = numbered(make, "film.mp4")
    order = order_of(path, bench.run)
    order = replace(order, target=target_of(order.source.info, Wishes(), ("h264_nvenc",)))

    made, film = rendered(order, bench)

    assert order.target.encoder == "h264_nvenc"
    assert made.encoder == "libx264"
    assert "h264_nvenc failed" in made.warnings[0]
    assert film.numbers == NUMBERS


def test_hdr_is_brought_into_the_ordinary_range_and_that_is_said(make: MediaMaker, bench: Bench) -> None:
    import av

    tags = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=error"
    path = numbered(make, "film.mp4", "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", tags)

    made = render(order_of(path, bench.run), bench.folder / "film.mp4", bench)

    assert "HDR" in made.warnings[0]
    with av.open(str(made.path)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == len(NUMBERS)
    assert int(frames[0].color_trc) == 1  # BT.709
