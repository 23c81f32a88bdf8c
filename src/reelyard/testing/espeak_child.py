"""The child that speaks: `python -m reelyard.testing.espeak_child VOICE < text > samples` (16 bit, mono).

eSpeak NG keeps its state in global variables and is GPL: a program of its own, called through ctypes.
https://github.com/espeak-ng/espeak-ng/blob/master/src/include/espeak-ng/speak_lib.h
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

RATE = 22_050  # Hz, of every voice that comes with it
SYNCHRONOUS = 2
CHARS_UTF8 = 1
POSITION_CHARACTER = 1


def main(voice: str) -> None:
    """Speak standard input in `voice`, such as "en" or "de", to standard output."""
    import espeakng_loader  # noqa: PLC0415 - only where it speaks

    text = sys.stdin.buffer.read()
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    if library.espeak_Initialize(SYNCHRONOUS, 0, data, 0) != RATE:
        sys.exit("eSpeak NG did not start")
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        sys.exit(f"eSpeak NG has no voice {voice}")
    listener = _listener()
    library.espeak_SetSynthCallback(listener)
    size = ctypes.c_size_t(len(text) + 1)
    library.espeak_Synth(text, size, 0, POSITION_CHARACTER, 0, CHARS_UTF8, None, None)
    library.espeak_Synchronize()
    sys.stdout.buffer.flush()


def _listener() -> Any:
    shape = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def hear(samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            sys.stdout.buffer.write(ctypes.string_at(samples, 2 * count))
        return 0

    return shape(hear)


if __name__ == "__main__":
    main(*sys.argv[1:])
