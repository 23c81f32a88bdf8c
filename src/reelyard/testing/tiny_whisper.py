"""A Whisper model of random weights, 2.5 MB, made in a moment: the real code path without network or torch.

Its words are nonsense; loading, language detection, word times and probabilities are real. It needs what
faster-whisper brings along (ctranslate2, tokenizers, numpy).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

WIDTH, INNER, LAYERS, HEADS, MELS = 64, 256, 2, 2, 80
LANGUAGES = 99  # as the first multilingual models had
BYTES = 256  # the plain tokens: one per byte, no merges
MULTILINGUAL = ""  # CTranslate2 takes a model with an empty token for one that knows languages
SPACE = "Ġ"  # how the space is written among the tokens
LOUDER = 3.0  # letters and spaces are preferred, so that the nonsense can be read


def make_tiny_whisper(folder: Path, *, seed: int = 0, multilingual: bool = True) -> Path:
    """Write a model into `folder`, which is made; equal seeds make equal models. Gives `folder`.

    Unless `multilingual`, it knows English only.
    """
    import numpy as np  # noqa: PLC0415  # heavy, and only tests call this

    folder.mkdir(parents=True, exist_ok=True)
    special = _special_tokens()
    plain = [*_byte_tokens(), *([MULTILINGUAL] if multilingual else [])]
    tokens = plain + special
    spec = _specification(np.random.default_rng(seed), tokens)
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization=None)
    spec.save(str(folder))
    _write_tokenizer(folder / "tokenizer.json", plain)
    return folder


def _byte_tokens() -> list[str]:
    """A printable character for each byte, as GPT-2's byte-level tokenisers have it."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(BYTES) if byte not in shown]
    letter = {byte: chr(byte) for byte in shown} | {byte: chr(BYTES + i) for i, byte in enumerate(hidden)}
    return [letter[byte] for byte in range(BYTES)]


def _special_tokens() -> list[str]:
    from faster_whisper.tokenizer import _LANGUAGE_CODES  # noqa: PLC0415  # heavy

    languages = [f"<|{code}|>" for code in _LANGUAGE_CODES[:LANGUAGES]]
    tasks = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")
    times = [f"<|{index * 0.02:.2f}|>" for index in range(1501)]
    return ["<|endoftext|>", "<|startoftranscript|>", *languages, *(f"<|{task}|>" for task in tasks), *times]


def _write_tokenizer(path: Path, plain: list[str]) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers  # noqa: PLC0415  # heavy

    vocabulary = {token: index for index, token in enumerate(plain)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in _special_tokens()])
    tokenizer.save(str(path))


def _specification(random: np.random.Generator, tokens: list[str]) -> Any:
    from ctranslate2.specs import WhisperSpec  # noqa: PLC0415  # heavy

    spec = WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    weights = _Weights(random)
    _fill_encoder(spec.encoder, weights)
    _fill_decoder(spec.decoder, weights, tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [tokens.index("<|endoftext|>")]
    first = tokens.index("<|startoftranscript|>") + 1
    spec.config.lang_ids = list(range(first, first + LANGUAGES))
    spec.config.alignment_heads = [(1, 0), (1, 1)]
    return spec


class _Weights:
    """Fills the parts that every layer is made of."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def array(self, *shape: int) -> Any:
        return self._random.normal(0, 0.05, shape).astype("float32")

    def zeros(self, size: int) -> Any:
        return self.array(size) * 0

    def norm(self, part: Any) -> None:
        part.gamma, part.beta = self.zeros(WIDTH) + 1, self.zeros(WIDTH)

    def linear(self, part: Any, outputs: int, inputs: int, *, bias: bool = True) -> None:
        part.weight = self.array(outputs, inputs)
        if bias:
            part.bias = self.zeros(outputs)

    def feed_forward(self, part: Any) -> None:
        self.norm(part.layer_norm)
        self.linear(part.linear_0, INNER, WIDTH)
        self.linear(part.linear_1, WIDTH, INNER)

    def self_attention(self, part: Any) -> None:
        self.norm(part.layer_norm)
        self.linear(part.linear[0], 3 * WIDTH, WIDTH)
        self.linear(part.linear[1], WIDTH, WIDTH)

    def cross_attention(self, part: Any) -> None:
        self.norm(part.layer_norm)
        for linear, outputs in zip(part.linear, (WIDTH, 2 * WIDTH, WIDTH), strict=True):
            self.linear(linear, outputs, WIDTH)


def _fill_encoder(encoder: Any, weights: _Weights) -> None:
    for convolution, inputs in ((encoder.conv1, MELS), (encoder.conv2, WIDTH)):
        convolution.weight, convolution.bias = weights.array(WIDTH, inputs, 3), weights.zeros(WIDTH)
    encoder.position_encodings.encodings = weights.array(1500, WIDTH)
    weights.norm(encoder.layer_norm)
    for layer in encoder.layer:
        weights.self_attention(layer.self_attention)
        weights.feed_forward(layer.ffn)


def _fill_decoder(decoder: Any, weights: _Weights, tokens: list[str]) -> None:
    decoder.embeddings.weight = weights.array(len(tokens), WIDTH)
    decoder.position_encodings.encodings = weights.array(448, WIDTH)
    decoder.scale_embeddings = False
    weights.norm(decoder.layer_norm)
    weights.linear(decoder.projection, len(tokens), WIDTH, bias=False)
    for letter in " abcdefghijklmnoprstu".replace(" ", SPACE):
        decoder.projection.weight[tokens.index(letter)] *= LOUDER
    for layer in decoder.layer:
        weights.self_attention(layer.self_attention)
        weights.cross_attention(layer.attention)
        weights.feed_forward(layer.ffn)
