"""Where an attempt keeps what it makes: one folder of the storage for each token, so that a stale one is dropped whole."""

from __future__ import annotations


def attempt_prefix(owner_id: str, subject_id: str, token: int, stage: str) -> str:
    """The prefix of an attempt's artifacts and of its outcome; ends with a slash."""
    return f"work/{owner_id}/{subject_id}/{token}-{stage}/"
