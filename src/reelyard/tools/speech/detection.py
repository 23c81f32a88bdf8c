"""Where there is speech: Silero's detector, which faster-whisper brings along. For the speech child only."""

from __future__ import annotations

from collections.abc import Callable

from reelyard.tools.speech.sound import Samples, floats
from reelyard.tools.speech.windows import RATE, Span

BLOCK = 300 * RATE  # detection takes memory by length: five minutes at a time
# Tried on read and spoken English: longer pads and pauses cost words, shorter ones cut into them.
PAUSE_MS, PAD_MS, SHORTEST_MS = 500, 200, 100


def find_speech(
    samples: Samples, on_done: Callable[[int], None], *, block_size: int = BLOCK
) -> tuple[Span, ...]:
    """The spans of speech, in order; `on_done` gets how many samples were listened to."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415  # heavy

    options = VadOptions(
        min_silence_duration_ms=PAUSE_MS, speech_pad_ms=PAD_MS, min_speech_duration_ms=SHORTEST_MS
    )
    spans: list[Span] = []
    for offset in range(0, len(samples), block_size):
        block = floats(samples[offset : offset + block_size])
        found = [
            Span(offset + int(f["start"]), offset + int(f["end"]))
            for f in get_speech_timestamps(block, options)
        ]
        if spans and found and _goes_on(spans[-1], found[0], offset):
            found[0] = Span(spans.pop().start, found[0].end)
        spans.extend(found)
        on_done(min(offset + block_size, len(samples)))
    return tuple(spans)


def _goes_on(before: Span, after: Span, border: int) -> bool:
    """Whether speech was cut in two only by the border of two blocks."""
    near = PAUSE_MS * RATE // 2000
    return border - before.end < near and after.start - border < near
