"""Drawing a film's pictures, for the child that encodes them: decoded once, seen through a window, with captions.

Planes are arrays of bytes: luma, and two of chroma at half its width and height, as BT.709 in the range of films.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FINE = (
    2  # times the film's size, in which a moving picture is kept: between its pixels a straight line will do
)
KEPT = 2  # pictures in memory
NEUTRAL = 128  # of chroma

Planes = tuple[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Canvas:
    width: int
    height: int
    moving: bool


class Painter:
    """Frames by their looks, as `plan.told` writes them."""

    def __init__(
        self, canvas: Canvas, pictures: list[Path], lettering: Path | None, av: Any, np: Any
    ) -> None:
        self._canvas, self._pictures, self._lettering = canvas, pictures, lettering
        self._av, self._np = av, np
        self._loaded: dict[int, Planes] = {}
        self._seen: dict[tuple[int, tuple[float, ...]], Planes] = {}
        self._caption: tuple[int, Callable[[Planes], Planes]] | None = None

    def paint(self, look: dict[str, Any]) -> Planes:
        """The frame; its arrays are not to be written to."""
        planes = self._view(look["slide"], look["window"])
        if look["into"] is not None:
            planes = self._blend(planes, self._view(look["into"], look["into_window"]), look["weight"])
        if look["cue"] is not None:
            planes = self._letters(look["cue"])(planes)
        return planes

    def _view(self, slide: int, window: list[float]) -> Planes:
        if not self._canvas.moving:
            return self._picture(slide)
        key = (slide, tuple(window))
        if key not in self._seen:
            if len(self._seen) >= KEPT:
                self._seen.pop(next(iter(self._seen)))
            width, height = self._canvas.width, self._canvas.height
            luma, *chroma = self._picture(slide)
            self._seen[key] = (
                self._sampled(luma, window, width, height),
                self._sampled(chroma[0], window, width // 2, height // 2),
                self._sampled(chroma[1], window, width // 2, height // 2),
            )
        return self._seen[key]

    def _picture(self, slide: int) -> Planes:
        if slide not in self._loaded:
            if len(self._loaded) >= KEPT:
                self._loaded.pop(next(iter(self._loaded)))
            self._loaded[slide] = self._decoded(self._pictures[slide])
        return self._loaded[slide]

    def _decoded(self, path: Path) -> Planes:
        options = {"protocol_whitelist": "file", "codec_whitelist": "mjpeg"}
        try:
            with self._av.open(f"file:{path}", format="jpeg_pipe", options=options) as opened:
                frame = next(opened.decode(video=0))
        except (self._av.error.InvalidDataError, StopIteration):
            raise SystemExit("a picture of the film is no JPEG that can be read") from None
        factor = FINE if self._canvas.moving else 1
        width, height = self._canvas.width * factor, self._canvas.height * factor
        # By way of RGB, so that nobody doubts whose colours these are: JPEG's are BT.601 in full range.
        colours = frame.reformat(
            format="rgb24", src_colorspace="ITU601", src_color_range="JPEG", interpolation="LANCZOS"
        )
        shaped = colours.reformat(
            width,
            height,
            "yuv420p",
            src_color_range="JPEG",
            dst_colorspace="ITU709",
            dst_color_range="MPEG",
            interpolation="LANCZOS",
        )
        np = self._np
        return tuple(
            np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width].copy()
            for plane in shaped.planes
        )

    def _sampled(self, plane: Any, window: list[float], width: int, height: int) -> Any:
        """A plane through a window, to a fraction of a pixel: lines first, then columns."""
        left, top, size = window
        rows = self._between(plane, top, size, height, axis=0)
        return self._between(rows, left, size, width, axis=1)

    def _between(self, plane: Any, begin: float, size: float, count: int, *, axis: int) -> Any:
        np = self._np
        length = plane.shape[axis]
        at = (begin + (np.arange(count) + 0.5) * (size / count)) * length - 0.5
        at = np.clip(at, 0, length - 1)
        first = np.minimum(at.astype(np.intp), length - 2)
        share = np.rint((at - first) * 256).astype(np.uint16)
        share = share[:, None] if axis == 0 else share[None, :]
        a, b = (plane.take(one, axis=axis, mode="clip") for one in (first, first + 1))
        return self._mixed(a, b, share)

    def _mixed(self, a: Any, b: Any, share: Any) -> Any:
        """Of `b` a share in 256ths, of `a` the rest."""
        np = self._np
        total = np.multiply(a, 256 - share, dtype=np.uint16)
        total += np.multiply(b, share, dtype=np.uint16)
        total += 128
        total >>= 8
        return total.astype(np.uint8)

    def _blend(self, a: Planes, b: Planes, weight: list[int]) -> Planes:
        share = self._np.uint16(round(256 * weight[0] / weight[1]))
        return tuple(self._mixed(x, y, share) for x, y in zip(a, b, strict=True))

    def _letters(self, cue: int) -> Callable[[Planes], Planes]:
        if self._caption is None or self._caption[0] != cue:
            self._caption = (cue, self._read(cue))
        return self._caption[1]

    def _read(self, cue: int) -> Callable[[Planes], Planes]:
        """A caption as it was drawn on black and on white: what differs shows through."""
        np, width, height = self._np, self._canvas.width, self._canvas.height
        assert self._lettering is not None  # noqa: S101 - ordered with cues
        size = width * height
        both = np.fromfile(self._lettering, np.uint8, 2 * size, offset=2 * size * cue)
        if both.size < 2 * size:
            raise SystemExit("the captions were not all drawn")
        on_black, on_white = both.reshape(2, height, width)
        top, bottom = _extent(on_black, on_white, np)
        black, white = np.float32(on_black[0, 0]), np.float32(on_white[0, 0])  # of the grounds
        dark = on_black[top:bottom].astype(np.float32)
        clear = (on_white[top:bottom].astype(np.float32) - dark) / (white - black)
        dark -= black * clear
        coarse = clear.reshape((bottom - top) // 2, 2, width // 2, 2).mean(axis=(1, 3))

        def drawn(planes: Planes) -> Planes:
            luma, *chroma = (plane.copy() for plane in planes)
            luma[top:bottom] = np.rint(luma[top:bottom] * clear + dark)
            for plane in chroma:
                part = plane[top // 2 : bottom // 2]
                part[:] = np.rint((part - np.float32(NEUTRAL)) * coarse + NEUTRAL)
            return luma, chroma[0], chroma[1]

        return drawn


def _extent(on_black: Any, on_white: Any, np: Any) -> tuple[int, int]:
    """The lines in which something is drawn, from an even one to an even one."""
    rows = ((on_black != on_black[0, 0]) | (on_white != on_white[0, 0])).any(axis=1)
    there = np.flatnonzero(rows)
    if not there.size:
        return 0, 2
    return int(there[0]) // 2 * 2, (int(there[-1]) // 2 + 1) * 2
