"""Making films: what a film is to become, the full rendering, the plain copy, captions in it, clips of it."""

from reelyard.tools.rendering.captions import FONTS, Lettering, captions_file, check_letters
from reelyard.tools.rendering.chapters import Chapter
from reelyard.tools.rendering.clips import clip
from reelyard.tools.rendering.copying import can_be_copied, copy
from reelyard.tools.rendering.costs import predicted_cost
from reelyard.tools.rendering.embedding import embed_captions
from reelyard.tools.rendering.encoders import available_encoders
from reelyard.tools.rendering.order import Bench, Order, Rendered
from reelyard.tools.rendering.picture import Captioned
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.target import (
    Target,
    Wishes,
    needs_encoding,
    needs_sound_encoding,
    picture_of,
    target_of,
)

__all__ = [
    "FONTS",
    "Bench",
    "Captioned",
    "Chapter",
    "Lettering",
    "Order",
    "Rendered",
    "Target",
    "Wishes",
    "available_encoders",
    "can_be_copied",
    "captions_file",
    "check_letters",
    "clip",
    "copy",
    "embed_captions",
    "needs_encoding",
    "needs_sound_encoding",
    "picture_of",
    "predicted_cost",
    "render",
    "target_of",
]
