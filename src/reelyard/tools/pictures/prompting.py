"""The words for an image server: people and places are described in every picture of a story in the same words."""

from __future__ import annotations

from reelyard.tools.pictures.describing import PLACES
from reelyard.tools.pictures.imagining import Asked
from reelyard.tools.pictures.look import StoryLook
from reelyard.tools.pictures.scene import Place, Style

MOST = 3_600  # characters: servers refuse longer ones
MOST_TEXT = 1_800
STYLES = {
    Style.WATERCOLOUR: "A watercolour illustration on rough paper, soft washes, visible paper grain, storybook",
    Style.PAPER_CUT: "A layered paper-cut illustration, crisp coloured paper sheets with soft shadows, storybook",
    Style.PENCIL: "A coloured pencil drawing on off-white paper, visible hatching, storybook",
    Style.NIGHT: "A night illustration in deep blues, glowing lamps and windows, stars, storybook",
}
MANNERS = "No words, letters or signatures in the picture."


def prompt_for(asked: Asked, look: StoryLook) -> str:
    """What an image server is asked for one chunk."""
    words = asked.prompt or asked.text
    parts = [f"{STYLES[look.style]}."]
    if look.prompt:
        parts.append(f"{look.prompt.strip().rstrip('.')}.")
    if look.place is not None:
        parts.append(f"The story mostly happens {PLACES[Place(look.place)]}.")
    parts += [f"{one.said[0].upper()}{one.said[1:]}." for one in look.characters if one.name in words]
    shown = " ".join(words.split())
    if len(shown) > MOST_TEXT:
        shown = shown[:MOST_TEXT].rsplit(" ", 1)[0] + " …"
    parts += [f"Show this moment: {shown}", MANNERS]
    return " ".join(parts)[:MOST]
