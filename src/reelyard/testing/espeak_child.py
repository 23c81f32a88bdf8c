"""The child that speaks: `python -m reelyard.testing.espeak_child VOICE < text > samples` (16 bit, mono)."""

from __future__ import annotations

import sys

from reelyard.tools.voices.engine import Manner
from reelyard.tools.voices.engines.espeak import PLAIN, Espeak


def main(voice: str) -> None:
    """Speak standard input in `voice`, such as "en-us" or "de", to standard output."""
    text = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(Espeak(PLAIN).speak(text, Manner(voice)).samples.tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
