"""Words as people write them, out of the pieces that Whisper times; pure."""

from __future__ import annotations

from collections.abc import Sequence

from reelyard.media.transcript import Word

Piece = tuple[str, float, float, float]  # text with the space before it, start, end, probability


def whole_words(pieces: Sequence[Piece]) -> tuple[Word, ...]:
    """The pieces as words: one without a space before it belongs to the word ahead ("well" "-known").

    In scripts without spaces each piece stays a word. A word is as sure as its least sure piece.
    """
    spaced = any(text.startswith(" ") for text, *_ in pieces[1:])
    words: list[Word] = []
    for text, start, end, probability in pieces:
        bare = "".join(text.split())
        if not bare:
            continue
        word = Word(round(start, 3), round(end, 3), bare, round(probability, 4))
        if words and spaced and not text.startswith(" "):
            words[-1] = _together(words[-1], word)
        else:
            words.append(word)
    return tuple(words)


def _together(first: Word, second: Word) -> Word:
    shares = [w.probability for w in (first, second) if w.probability is not None]
    return Word(first.start, second.end, first.text + second.text, min(shares, default=None))
