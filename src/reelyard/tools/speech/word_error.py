"""Word error rate: how far a recognised text is from what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordError:
    errors: int  # words to insert, delete or replace
    words: int  # words that were said

    @property
    def rate(self) -> float:
        """Errors by words; above 1 when more was made up than said, 0 when both are empty."""
        if self.words == 0:
            return float(self.errors > 0)
        return self.errors / self.words

    def __add__(self, other: WordError) -> WordError:
        return WordError(self.errors + other.errors, self.words + other.words)


def word_error(said: str, heard: str) -> WordError:
    """The Levenshtein distance over words, case and punctuation aside."""
    reference, hypothesis = _words(said), _words(heard)
    row = list(range(len(hypothesis) + 1))
    for i, word in enumerate(reference, 1):
        above, row = row, [i]
        for j, other in enumerate(hypothesis, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (word != other)))
    return WordError(row[-1], len(reference))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.casefold().replace("\u2019", "'"))
