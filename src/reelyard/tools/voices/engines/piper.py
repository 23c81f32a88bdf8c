"""Piper voices: VITS models run by onnxruntime, through the package `piper-tts` (GPL, optional)."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reelyard.errors import ModelMissing, Retry
from reelyard.tools.voices.engine import Manner, Utterance
from reelyard.tools.voices.piper_voices import FOLDER, digest, folder
from reelyard.tools.voices.voice import Voice

SEED = 1
# Piper takes what stands between double brackets for phonemes, and gives a name to no bracket itself.
PLAIN = str.maketrans({"[": " ", "]": " "})
PAUSE_S = 0.3  # after a sentence, at the voice's own pace


class Piper:
    """One loaded voice. One thread, so that it can be forked."""

    def __init__(self, model: Path) -> None:
        import json  # noqa: PLC0415

        import onnxruntime  # noqa: PLC0415 - heavy, and only where it speaks
        from piper import PiperVoice, SynthesisConfig  # noqa: PLC0415
        from piper.config import PiperConfig  # noqa: PLC0415

        onnxruntime.set_seed(SEED)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        described = json.loads(Path(f"{model}.json").read_bytes())
        self._config: Any = SynthesisConfig
        self._voice: Any = PiperVoice(config=PiperConfig.from_dict(described), session=session)

    def speak(self, text: str, manner: Manner) -> Utterance:
        """See `Engine`. It has no pitch of its own, and tells no times of words."""
        own = self._voice.config.length_scale
        config = self._config(length_scale=own / manner.rate, normalize_audio=False)
        sounds = [chunk.audio_int16_array for chunk in self._voice.synthesize(text.translate(PLAIN), config)]
        rate = int(self._voice.config.sample_rate)
        sounds.append(np.zeros(round(PAUSE_S / manner.rate * rate), np.int16))
        return Utterance(np.concatenate(sounds), rate)


def load(voice: Voice, environ: Mapping[str, str]) -> Piper:
    """The voice, loaded from this machine. Raises ModelMissing, or Retry when it was changed."""
    where = folder(environ)
    model = where / f"{voice.own_name}.onnx" if where is not None else None
    if model is None or not model.is_file() or Path(voice.own_name).name != voice.own_name:
        raise ModelMissing(
            f"The Piper voice “{voice.own_name}” is not on this machine.",
            hint=f"Put {voice.own_name}.onnx and {voice.own_name}.onnx.json into the folder that {FOLDER} names.",
        )
    with contextlib.suppress(OSError):
        if voice.version.rpartition("+")[2] == digest(model):
            return Piper(model)
    raise Retry(f"The Piper voice “{voice.own_name}” was changed since the work was given out.")
