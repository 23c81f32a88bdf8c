"""The one encoder of a film's pictures: every piece has the same parameter sets, so that pieces join by copying."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from reelyard.tools.cutting import h264
from reelyard.tools.slideshow.order import RATE
from reelyard.tools.slideshow.slices import Numbering, Skip

PRESET = "veryfast"
# Constant quality, and how much finer whole pictures are. What moves may be a little coarser: grain is not seen in it.
QUALITY = {False: (20, 1.1), True: (22, 1.3)}  # by whether pictures move
# Only whole pictures and those after them are asked for. That B pictures are announced, and how many, decides how
# places are numbered and that blends are weighted by distance.
PARAMETERS = (
    "bframes=16:b-adapt=0:b-pyramid=0:weightb=1:weightp=0:direct=spatial:ref=1:scenecut=0:keyint=infinite:"
    "rc-lookahead=0:mbtree=0:qcomp=1:sync-lookahead=0:sliced-threads=0:log-level=none"
)
GLOBAL_HEADER = 1 << 22
GREY = (60, 80, 100, 100)  # of the pictures that templates are taken from


def encoder_of(width: int, height: int, *, moving: bool, av: Any) -> Any:
    """An opened encoder."""
    encoder = av.CodecContext.create("libx264", "w")
    set_up(encoder, width, height, moving=moving)
    encoder.open()
    return encoder


def set_up(encoder: Any, width: int, height: int, *, moving: bool) -> None:
    """Settle all that an encoder goes by; one thread, so that its bytes are the same on every machine."""
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, RATE), Fraction(RATE)
    encoder.thread_count = 1
    encoder.color_range, encoder.colorspace, encoder.color_primaries, encoder.color_trc = 1, 1, 1, 1  # BT.709
    encoder.flags |= GLOBAL_HEADER
    quality, finer = QUALITY[moving]
    encoder.options = {
        "preset": PRESET,
        "crf": str(quality),
        "profile": "high",
        "forced-idr": "1",
        "x264-params": f"{PARAMETERS}:ipratio={finer}",
    }


def sets_of(encoder: Any) -> tuple[bytes, bytes]:
    """Its sequence and its picture parameter set."""
    units = list(h264.annexb_units(bytes(encoder.extradata)))
    sequence, picture = (
        next(one for one in units if h264.kind(one) == kind) for kind in (h264.SPS, h264.PPS)
    )
    return sequence, picture


def picture_of(packet: Any) -> bytes:
    """The slice of a packet; there is one."""
    slices = [unit for unit in h264.annexb_units(bytes(packet)) if h264.kind(unit) in h264.PICTURE]
    if len(slices) != 1:
        raise SystemExit(f"a picture was encoded in {len(slices)} slices")
    return slices[0]


def frame_of(planes: tuple[Any, Any, Any], number: int, kind: str, av: Any) -> Any:
    """Planes as a frame for the encoder, to be coded as `I`, `P` or `B`."""
    height, width = planes[0].shape
    frame = av.VideoFrame(width, height, "yuv420p")
    for target, plane in zip(frame.planes, planes, strict=True):
        _fill(target, plane)
    frame.pts, frame.time_base = number, Fraction(1, RATE)
    frame.pict_type = av.video.frame.PictureType[kind]
    return frame


def _fill(target: Any, plane: Any) -> None:
    if target.line_size == plane.shape[1]:
        target.update(memoryview(plane).cast("B") if plane.flags.c_contiguous else plane.tobytes())
        return
    rows = bytearray(target.buffer_size)
    for row, line in enumerate(plane):
        rows[row * target.line_size : row * target.line_size + plane.shape[1]] = line.tobytes()
    target.update(rows)


def templates(width: int, height: int, *, moving: bool, av: Any, np: Any) -> tuple[Numbering, Skip, Skip]:
    """The slice that repeats a picture, and the one that blends two, as the encoder writes them for grey pictures."""
    encoder = encoder_of(width, height, moving=moving, av=av)
    numbering = Numbering.of(sets_of(encoder)[0])
    frames = (
        frame_of(_grey(width, height, luma, np), number, kind, av)
        for number, (luma, kind) in enumerate(zip(GREY, "IBPP", strict=True))
    )
    by_place = {packet.pts: packet for packet in _packets(encoder, frames)}
    return numbering, Skip.of(picture_of(by_place[3]), numbering), Skip.of(picture_of(by_place[1]), numbering)


def _grey(width: int, height: int, luma: int, np: Any) -> tuple[Any, Any, Any]:
    chroma = np.full((height // 2, width // 2), 128, np.uint8)
    return np.full((height, width), luma, np.uint8), chroma, chroma


def _packets(encoder: Any, frames: Iterator[Any]) -> Iterator[Any]:
    for frame in frames:
        yield from encoder.encode(frame)
    yield from encoder.encode(None)
