"""A Piper voice of two kilobytes: a tone for each phoneme and some noise, through the real code path.

The model is ONNX written byte by byte (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers
of the fields), so that no package for making models is needed.
"""

# ruff: noqa: RUF001 - phonetic letters are no mistake here

from __future__ import annotations

import json
import struct
from pathlib import Path

FLOAT, INT64 = 1, 7
RATE = 16_000
SAMPLES = 400.0  # of a phoneme, and of the filling between two
PHONEMES = "_^$ !,.?abcdefghijklmnopqrstuvwxyzæðŋɐɑɒɔəɚɛɜɡɪɹɾʃʊʌʒˈˌːθ"


def make_tiny_piper(folder: Path, name: str = "en_US-tiny-low", language: str = "en-us") -> Path:
    """Write NAME.onnx and NAME.onnx.json into `folder`, which is made; gives the model's path."""
    folder.mkdir(parents=True, exist_ok=True)
    described = {
        "audio": {"sample_rate": RATE, "quality": "low"},
        "espeak": {"voice": language},
        "language": {"code": name.partition("-")[0]},
        "inference": {"noise_scale": 0.6, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_type": "espeak",
        "phoneme_id_map": {phoneme: [number] for number, phoneme in enumerate(PHONEMES)},
        "num_symbols": len(PHONEMES),
        "num_speakers": 1,
        "speaker_id_map": {},
    }
    model = folder / f"{name}.onnx"
    Path(f"{model}.json").write_text(json.dumps(described), "utf-8")
    model.write_bytes(_model())
    return model


def _model() -> bytes:
    """Each id held for SAMPLES times the length scale, as the frequency of a tone; noise by the noise scale."""
    floats = {"samples": SAMPLES, "least": 0.1, "step": 0.01, "quiet": 0.05}
    numbers = {"zero": [0], "one": [1], "two": [2], "ones": [1, 1], "flat": [1, 1, 1, -1]}
    nodes = (
        _node("Cast", ("input",), "ids", _attribute("to", FLOAT)),
        _node("Mul", ("ids", "step"), "steps"),
        _node("Add", ("steps", "least"), "pitches"),
        _node("Unsqueeze", ("pitches", "two"), "columns"),
        _node("Gather", ("scales", "one"), "length"),
        _node("Mul", ("length", "samples"), "exact"),
        _node("Cast", ("exact",), "count", _attribute("to", INT64)),
        _node("Concat", ("ones", "count"), "repeats", _attribute("axis", 0)),
        _node("Tile", ("columns", "repeats"), "held"),
        _node("Reshape", ("held", "flat"), "row"),
        _node("CumSum", ("row", "three"), "phase"),
        _node("Sin", ("phase",), "tone"),
        _node("RandomNormalLike", ("tone",), "noise"),
        _node("Gather", ("scales", "zero"), "loudness"),
        _node("Mul", ("loudness", "quiet"), "level"),
        _node("Mul", ("noise", "level"), "hiss"),
        _node("Mul", ("tone", "half"), "softer"),
        _node("Add", ("softer", "hiss"), "output"),
    )
    constants = [
        *(_tensor(name, FLOAT, [1], struct.pack("<f", value)) for name, value in floats.items()),
        *(_tensor(n, INT64, [len(v)], struct.pack(f"<{len(v)}q", *v)) for n, v in numbers.items()),
        _tensor("three", INT64, [], struct.pack("<q", 3)),
        _tensor("half", FLOAT, [1], struct.pack("<f", 0.5)),
    ]
    inputs = (("input", INT64, [1, "phonemes"]), ("input_lengths", INT64, [1]), ("scales", FLOAT, [3]))
    graph = b"".join(_part(1, node) for node in nodes) + _part(2, b"tiny")
    graph += b"".join(_part(5, constant) for constant in constants)
    graph += b"".join(_part(11, _value(*each)) for each in inputs)
    graph += _part(12, _value("output", FLOAT, [1, 1, 1, "time"]))
    return _number(1, 8) + _part(7, graph) + _part(8, _part(1, b"") + _number(2, 13))


def _node(kind: str, inputs: tuple[str, ...], output: str, attribute: bytes = b"") -> bytes:
    named = b"".join(_part(1, name.encode()) for name in inputs) + _part(2, output.encode())
    return named + _part(4, kind.encode()) + (_part(5, attribute) if attribute else b"")


def _attribute(name: str, value: int) -> bytes:
    return _part(1, name.encode()) + _number(3, value) + _number(20, 2)


def _tensor(name: str, kind: int, shape: list[int], data: bytes) -> bytes:
    sizes = b"".join(_number(1, size) for size in shape)
    return sizes + _number(2, kind) + _part(8, name.encode()) + _part(9, data)


def _value(name: str, kind: int, shape: list[int | str]) -> bytes:
    sizes = (_number(1, one) if isinstance(one, int) else _part(2, one.encode()) for one in shape)
    dimensions = b"".join(_part(1, size) for size in sizes)
    return _part(1, name.encode()) + _part(2, _part(1, _number(1, kind) + _part(2, dimensions)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
