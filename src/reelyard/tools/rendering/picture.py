"""The chain of filters that makes the cut picture: conformed, cut by frames, scaled; pure.

The cuts are one `select` whose expression is a tree over the frame's number: exact as frames are counted after
`fps` made them regular, linear in the film's length as all is decoded once, and of depth log n for n cuts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from reelyard.media.cut_list import CutList
from reelyard.media.info import VideoStream
from reelyard.media.ranges import FrameRange
from reelyard.tools.rendering.looks import Looks
from reelyard.tools.rendering.target import PIXEL_FORMAT, Target

HELD_S = 1  # for how long the last picture may stand in for pictures that are missing at the end
INTERLACED = (
    "h264",
    "hevc",
    "mpeg1video",
    "mpeg2video",
    "mpeg4",
    "dvvideo",
    "prores",
    "dnxhd",
    "rawvideo",
    "ffv1",
)
RGB = ("rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "rgba", "bgra", "pal8")
TO_ORDINARY_RANGE = (
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
)


@dataclass(frozen=True, slots=True)
class Captioned:
    """Captions to draw: a file in ASS made by us, and the folder of the font that it names."""

    file: Path
    fonts: Path


def picture_filters(
    cuts: CutList, stream: VideoStream, target: Target, looks: Looks, captions: Captioned | None = None
) -> str:
    """The whole chain, from the decoded (and turned) picture to what is encoded: exactly `cuts.kept_frames`."""
    steps = [
        *(("bwdif=mode=send_frame:deint=interlaced",) if _may_be_interlaced(stream) else ()),
        *conformed(cuts.rate, cuts.start, cuts.kept[-1].end if cuts.kept else 0),
        *_selected(cuts),
        *shaped(stream, target),
        *((TO_ORDINARY_RANGE,) if looks.hdr else ()),
        *((drawn(captions),) if captions is not None else ()),
        f"format={PIXEL_FORMAT}",
    ]
    return ",\n".join(steps) + "\n"


def conformed(rate: Fraction, start: Fraction, frames: int) -> tuple[str, ...]:
    """Pictures of a constant rate: number 0 is shown at `start`, and there are `frames` of them."""
    held = max(2, int(HELD_S * rate))
    return (
        *((f"setpts=PTS-({start.numerator}/{start.denominator})/TB",) if start else ()),
        f"fps=fps={rate}:start_time=0:round=near",
        f"tpad=stop_mode=clone:stop={held}",
        f"trim=end_frame={frames}",
    )


def shaped(stream: VideoStream, target: Target) -> tuple[str, ...]:
    """Square pixels and the target's size."""
    matrix = ":out_color_matrix=bt709:out_range=tv" if (stream.pixel_format or "").startswith(RGB) else ""
    return (f"scale=w={target.width}:h={target.height}:flags=lanczos{matrix}", "setsar=1")


def drawn(captions: Captioned) -> str:
    return f"ass=filename={escaped(captions.file)}:fontsdir={escaped(captions.fonts)}"


def escaped(path: Path) -> str:
    """A path as the value of a filter's option: escaped for the option first, then for the graph."""
    value = "".join(f"\\{char}" if char in "\\':" else char for char in str(path))
    return "".join(f"\\{char}" if char in "\\'[],;" else char for char in value)


def _selected(cuts: CutList) -> tuple[str, ...]:
    if cuts.cuts_nothing:
        return ()
    # `fps` tells the encoder the rate again, which `select` forgets.
    return (f"select='{kept_expression(cuts.kept)}'", "setpts=N", f"fps=fps={cuts.rate}")


def kept_expression(kept: Sequence[FrameRange]) -> str:
    """Whether frame `n` is kept, as a tree that halves the ranges at each step."""
    if not kept:
        return "0"
    if len(kept) == 1:
        return f"between(n,{kept[0].start},{kept[0].end - 1})"
    middle = len(kept) // 2
    before, after = kept_expression(kept[:middle]), kept_expression(kept[middle:])
    return f"if(lt(n,{kept[middle].start}),{before},{after})"


def _may_be_interlaced(stream: VideoStream) -> bool:
    return stream.codec in INTERLACED and min(stream.width, stream.height) >= 4
