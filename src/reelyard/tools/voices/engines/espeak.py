"""eSpeak NG from the package `espeakng-loader`, called through ctypes. It is GPL and keeps its state in globals.

https://github.com/espeak-ng/espeak-ng/blob/master/src/include/espeak-ng/speak_lib.h has the functions and
constants used here.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from reelyard.errors import Reject, ToolFailed
from reelyard.tools.voices.engine import Manner, Mark, Utterance
from reelyard.tools.voices.espeak_voices import file_names

RATE = 22_050  # Hz, of every voice that comes with it
WORDS_A_MINUTE = 175  # its own pace
SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS
POSITION_CHARACTER = 1
# Plain UTF-8, then the same with the pause that ends a sentence. Neither espeakSSML (0x10) nor espeakPHONEMES
# (0x100) is among them: `<break>` and `[[x]]` in a text are read as what they are.
PLAIN = 0x1
SENTENCE = PLAIN | 0x1000
SET_RATE, SET_PITCH = 1, 3
LIST_ENDS, WORD = 0, 1
MIDDLE_PITCH = 50  # of 0 to 100, which are an octave down and up
SEED = 1
TOO_LONG = re.compile(r"[^\W\d_]{50}(?=[^\W\d_])")  # of a word only 160 bytes are spoken
BUFFER_MS = 1_000  # of sound, after which it is handed over


class _Event(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),  # ms
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


_Hear = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """The one eSpeak NG of this process.

    Its sound depends on all that it said before (phases, noise): who wants the same bytes for the same text
    forks the process as it is after this was made, and speaks in the fork.
    """

    def __init__(self, flags: int = SENTENCE) -> None:
        import espeakng_loader  # noqa: PLC0415 - only where it speaks

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        if self._library.espeak_Initialize(SYNCHRONOUS, BUFFER_MS, data, 0) != RATE:
            raise ToolFailed("eSpeak NG did not start.", hint="Install the package espeakng-loader anew.")
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(SEED))
        self._flags = flags
        self._sound = bytearray()
        self._marks: list[Mark] = []
        self._heard = _Hear(self._hear)  # kept: the library has nothing but its address
        self._library.espeak_SetSynthCallback(self._heard)
        self._names = file_names()
        self._manner: Manner | None = None

    def speak(self, text: str, manner: Manner) -> Utterance:
        """See `Engine`."""
        self._set(manner)
        self._sound.clear()
        self._marks.clear()
        told, cuts = in_pieces(text.replace("\0", " "))
        data = told.encode("utf-8", "replace")
        size = ctypes.c_size_t(len(data) + 1)
        failed = self._library.espeak_Synth(data, size, 0, POSITION_CHARACTER, 0, self._flags, None, None)
        if failed or self._library.espeak_Synchronize():
            raise ToolFailed("eSpeak NG could not speak a sentence.")
        marks = (Mark(mark.sample, mark.position - bisect_left(cuts, mark.position)) for mark in self._marks)
        return Utterance(np.frombuffer(bytes(self._sound), "<i2"), RATE, tuple(marks))

    def _set(self, manner: Manner) -> None:
        if manner == self._manner:
            return
        language, plus, variant = manner.voice.partition("+")
        name = self._names.get(language)
        if name is None or self._library.espeak_SetVoiceByName(f"{name}{plus}{variant}".encode()) != 0:
            raise Reject(
                f"eSpeak NG has no voice “{manner.voice}”.",
                code="unknown_voice",
                hint="Choose another voice.",
            )
        pitch = round(MIDDLE_PITCH * (1 + manner.pitch / 12))
        self._library.espeak_SetParameter(SET_RATE, round(WORDS_A_MINUTE * manner.rate), 0)
        self._library.espeak_SetParameter(SET_PITCH, min(99, max(0, pitch)), 0)
        self._manner = manner

    def _hear(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, 2 * count)
        index = 0
        while events[index].type != LIST_ENDS:
            if events[index].type == WORD:
                self._marks.append(Mark(events[index].sample, max(0, events[index].text_position - 1)))
            index += 1
        return 0


def in_pieces(text: str) -> tuple[str, list[int]]:
    """The text with a space in words that are too long to be spoken to their end; and where these spaces are."""
    cuts = [match.end() for match in TOO_LONG.finditer(text)]
    ends = [0, *cuts, len(text)]
    told = " ".join(text[begin:end] for begin, end in pairwise(ends))
    return told, [cut + number for number, cut in enumerate(cuts)]
