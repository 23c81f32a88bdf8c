"""The child that makes pixels: `python -m …raster_child ORDERS.json`, a list of drawings, their style and their place.

Says `done N` after each, so that its parent can tell how far it is.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FINISHES = {
    "watercolour": "reelyard.tools.pictures.styles.watercolour",
    "paper-cut": "reelyard.tools.pictures.styles.paper_cut",
    "pencil": "reelyard.tools.pictures.styles.pencil",
    "night": "reelyard.tools.pictures.styles.night",
}
ROUGH = {"watercolour", "pencil"}  # their edges are so soft that half a guide's pixels will do
UNGUIDED = {"night"}
QUALITY = 90


def main(orders: Mapping[str, Any]) -> None:
    """Make every picture of the list."""
    for number, order in enumerate(orders["pictures"], 1):
        make(order, orders["fonts"])
        print(f"done {number}", flush=True)  # noqa: T201 - for the parent


def make(order: Mapping[str, Any], fonts: list[str]) -> None:
    """One picture: drawing and guide to pixels, finish, lettering, JPEG."""
    import numpy as np  # noqa: PLC0415 - only here
    from PIL import Image  # noqa: PLC0415

    seen = _pixels(order["seen"])
    guide = _guide(order, seen.size)
    finish = importlib.import_module(FINISHES[order["style"]]).finish
    made = Image.fromarray(finish(np.asarray(seen), np.asarray(guide), np.random.default_rng(order["seed"])))
    if order.get("over"):
        letters = _pixels(order["over"], fonts, mode="RGBA")
        made.paste(letters.convert("RGB"), (0, 0), letters.getchannel("A"))
    made.save(Path(order["path"]), "JPEG", quality=QUALITY, subsampling=0, optimize=False)


def _guide(order: Mapping[str, Any], size: tuple[int, int]) -> Any:
    """The guide at the picture's size, drawn no finer than its style needs."""
    from PIL import Image  # noqa: PLC0415

    if order["style"] in UNGUIDED:
        return Image.new("RGB", (1, 1))
    if order["style"] not in ROUGH:
        return _pixels(order["guide"], crisp=True)
    return _pixels(order["guide"], crisp=True, width=size[0] // 2).resize(size, Image.Resampling.NEAREST)


def _pixels(
    name: str, fonts: Sequence[str] = (), *, crisp: bool = False, mode: str = "RGB", width: int | None = None
) -> Any:
    import resvg_py  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    data = resvg_py.svg_to_bytes(
        svg_string=Path(name).read_text(encoding="utf-8"),
        skip_system_fonts=True,
        font_files=list(fonts),
        width=width,
        shape_rendering="crisp_edges" if crisp else "geometric_precision",
    )
    return Image.open(io.BytesIO(data)).convert(mode)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
