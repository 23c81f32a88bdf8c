"""Which language a text is in, told from samples of it; nothing is said when that is not sure."""

from __future__ import annotations

from collections.abc import Sequence

from reelyard.media.document import Block

SAMPLES = 40  # blocks, evenly spread
SAMPLE = 500  # characters of each
LEAST_LETTERS = 12
SURE = 0.4  # of probability; the library is modest about short texts and right at this


def language_of(blocks: Sequence[Block]) -> str | None:
    """ISO 639-1 code of the language that most of `blocks` is in."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - numpy and a model: 200 ms

    step = max(1, len(blocks) // SAMPLES)
    # Letters alone: numbers and pictograms speak no language.
    sample = " ".join(block.text[:SAMPLE] for block in blocks[::step])
    if sum(char.isalpha() for char in sample) < LEAST_LETTERS:
        return None
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found, probability = identifier.classify(sample)
    return str(found) if probability >= SURE and len(found) == 2 else None
