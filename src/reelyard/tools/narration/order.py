"""What is to be spoken, and how: everything on which the sound of one chunk depends; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Self

from reelyard.kit.json import JsonObject, digest
from reelyard.media.story import Chunk
from reelyard.tools.voices.voice import EngineName, Voice

VERSION = 1  # of the making: another one makes other sound
RATE = 24_000  # Hz, of all narration, one channel of 16 bits
HEADING_PAUSE = 1.5  # times that of a paragraph
UNPRINTED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xAD, 0xFEFF, 0xFFFE, 0xFFFF])

Sentences = Callable[[str, str | None], tuple[str, ...]]  # of a paragraph in a language


@dataclass(frozen=True, slots=True)
class Manner:
    """How the story is read: what is the same for all its chunks."""

    rate: float = 1.0  # 2 is twice as fast
    pitch: float = 0.0  # semitones
    paragraph_pause: float = 0.6  # seconds
    loudness: float = -18.0  # LUFS
    prompt: str = ""  # for voices that take instructions


@dataclass(frozen=True, slots=True)
class ChunkOrder:
    """One chunk to be spoken."""

    paragraphs: tuple[str, ...]
    voice: Voice
    language: str | None
    heading: bool = False  # whether the first paragraph is one
    manner: Manner = Manner()

    @classmethod
    def of(cls, chunk: Chunk, voice: Voice, language: str | None, manner: Manner) -> Self:
        """The order for a story's chunk."""
        return cls(chunk.paragraphs, voice, language, chunk.heading is not None, manner)

    @property
    def prompt(self) -> str:
        """What the voice is told besides the text; nothing where its engine takes no instructions."""
        return self.manner.prompt if self.voice.engine is EngineName.SERVER else ""


def spoken_key(order: ChunkOrder) -> dict[str, Any]:
    """Everything the sound depends on, for `Context.part` and digests; the prompt only where it is used."""
    manner = {**asdict(order.manner), "prompt": order.prompt}
    return {
        "version": VERSION,
        "paragraphs": list(order.paragraphs),
        "heading": order.heading,
        "voice": order.voice.id,
        "engine": order.voice.version,
        "language": order.language,
        "manner": manner,
    }


def spoken_digest(order: ChunkOrder) -> str:
    """The digest of `spoken_key`."""
    return digest(spoken_key(order))


def sayable(text: str) -> str:
    """The text without what has neither sound nor shape: control characters, soft hyphens, halves of surrogates."""
    whole = text.translate(UNPRINTED).encode("utf-8", "ignore").decode("utf-8")
    return " ".join(whole.split())


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences and the pause behind them. `recorded`: files of their sound, each with the sentences in it."""

    sentences: tuple[str, ...]
    pause: float  # seconds
    recorded: tuple[tuple[str, tuple[str, ...]], ...] | None = None


@dataclass(frozen=True, slots=True)
class SpokenOrder:
    """What the child is asked: a chunk in sentences, in a voice by its engine's name."""

    voice: Voice
    paragraphs: tuple[Paragraph, ...]
    rate: float
    pitch: float
    loudness: float

    @property
    def recorded(self) -> bool:
        """Whether the sound is there already, and the times of sentences are estimates."""
        return any(paragraph.recorded is not None for paragraph in self.paragraphs)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "voice": self.voice.to_json()}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        data: dict[str, Any] = dict(value)
        paragraphs = tuple(_paragraph(each) for each in data["paragraphs"])
        return cls(**{**data, "voice": Voice.from_json(data["voice"]), "paragraphs": paragraphs})


def _paragraph(value: dict[str, Any]) -> Paragraph:
    recorded = value["recorded"]
    files = None if recorded is None else tuple((path, tuple(said)) for path, said in recorded)
    return Paragraph(tuple(value["sentences"]), value["pause"], files)


def in_sentences(order: ChunkOrder, sentences: Sentences) -> tuple[Paragraph, ...]:
    """The chunk's paragraphs, cut; those without anything to read are left out."""
    found = []
    for number, text in enumerate(order.paragraphs):
        whole = sayable(text)
        cut = tuple(filter(None, map(str.strip, sentences(whole, order.language)))) if whole else ()
        longer = HEADING_PAUSE if number == 0 and order.heading else 1.0
        if cut:
            found.append(Paragraph(cut, order.manner.paragraph_pause * longer))
    return tuple(found)


def shortened(text: str, most: int = 60) -> str:
    """The text, or its beginning with an ellipsis: up to a space where one is near."""
    if len(text) <= most:
        return text
    beginning = text[: most - 1]
    at_space = beginning.rpartition(" ")[0].rstrip(" ,;:\u2013—-")
    return f"{at_space if len(at_space) > most // 2 else beginning}…"
