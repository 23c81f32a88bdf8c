"""The three kinds of servers as a stage uses them: words for words, a sound for words, a picture for words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from reelyard.errors import ServerRefused
from reelyard.kit.processes import Runner
from reelyard.tools.servers.answers import MOST_PICTURE, MOST_SOUND
from reelyard.tools.servers.asking import Asking, asked, refusal
from reelyard.tools.servers.configured import Server, ServerKind
from reelyard.tools.servers.picture_files import fit_picture
from reelyard.tools.servers.pricing import price_of
from reelyard.tools.servers.service import post

CHAT, SPEECH, IMAGES = "chat/completions", "audio/speech", "images/generations"
LONGEST_PROMPT = 4_000  # characters of a picture's; servers refuse more


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a text server."""

    role: str  # system or user
    content: str


@dataclass(frozen=True, slots=True)
class TextServer:
    """Writes."""

    server: Server
    asking: Asking

    def tell(self, messages: Sequence[Message], most: int) -> str:
        """The answer to the messages, of which at most `most` characters are wanted and paid.

        Raises as `asked`, and ServerRefused when the answer is longer or was cut off.
        """
        characters = sum(len(each.content) for each in messages) + most
        body = {
            "model": self.server.model,
            "messages": [{"role": each.role, "content": each.content} for each in messages],
            "max_tokens": most,  # no token is shorter than a character, but for rare ones
        }
        request = post(self.server, CHAT, body, optional=("max_tokens",))
        price = price_of(ServerKind.TEXT, self.server.price, characters=characters)
        answer = asked(self.asking, self.server, request, price)
        text = str(answer["text"])
        if answer["cut"] or len(text) > most:
            raise refusal(self.server, f"its answer has more than the {most} characters that were wanted")
        return text


@dataclass(frozen=True, slots=True)
class SpeechServer:
    """Speaks: `reelyard.tools.narration.recorded.SpeechServer`."""

    server: Server
    asking: Asking

    def speak(self, text: str, voice: str, instructions: str, rate: float) -> bytes:
        """The sound of the text as a whole file. Raises as `asked`."""
        body: dict[str, Any] = {
            "model": self.server.model,
            "input": text,
            "voice": voice,
            "response_format": "wav",
        }
        if instructions:
            body["instructions"] = instructions
        if rate != 1.0:
            body["speed"] = rate
        request = post(self.server, SPEECH, body, optional=("instructions", "response_format"))
        price = price_of(ServerKind.SPEECH, self.server.price)
        sound = Received(MOST_SOUND)
        asked(self.asking, self.server, request, price, sound.take)
        return bytes(sound.data)


@dataclass(slots=True)
class Received:
    """What comes in pieces, while it is counted: the child may be wrong, too."""

    most: int
    file: IO[bytes] | None = None
    data: bytearray = field(default_factory=bytearray)

    def take(self, at: int, piece: bytes) -> None:
        """Put the piece where it belongs; the first one of another try begins anew."""
        if at + len(piece) > self.most:
            raise ServerRefused(f"The server sent more than the {self.most // 10**6} MB that are taken.")
        if self.file is not None:
            self.file.seek(at)
            self.file.truncate()
            self.file.write(piece)
        else:
            self.data[at:] = piece


@dataclass(frozen=True, slots=True)
class ImageServer:
    """Draws. What it writes lies in `folder`."""

    server: Server
    asking: Asking
    folder: Path
    run: Runner  # context.run

    def picture(self, prompt: str, size: tuple[int, int], seed: int) -> Path:
        """A JPEG of exactly that size, in pixels. Raises as `asked`, and what `run` raises.

        The seed is handed on to servers that take one; others draw differently each time.
        """
        body = {
            "model": self.server.model,
            "prompt": prompt[:LONGEST_PROMPT],
            "n": 1,
            "size": nearest_size(self.server.sizes, size),
            "response_format": "b64_json",
            "seed": seed,
        }
        request = post(self.server, IMAGES, body, optional=("response_format", "seed"))
        price = price_of(ServerKind.IMAGE, self.server.price)
        answered, target = self.folder / f"picture-{seed}.answer", self.folder / f"picture-{seed}.jpg"
        try:
            with answered.open("wb") as file:
                asked(self.asking, self.server, request, price, Received(MOST_PICTURE, file).take)
            fit_picture(answered, target, size, run=self.run)
        finally:
            answered.unlink(missing_ok=True)
        return target


def nearest_size(sizes: Sequence[str], wanted: tuple[int, int]) -> str:
    """Of the sizes that a server makes the one of which least is cut away; of equal ones the first not too small."""
    if not sizes:
        return f"{wanted[0]}x{wanted[1]}"

    def rank(name: str) -> tuple[float, bool, int]:
        width, height = parsed_size(name)
        scale = max(wanted[0] / width, wanted[1] / height)
        lost = 1 - wanted[0] * wanted[1] / (width * height * scale * scale)
        return round(lost, 3), scale > 1, width * height if scale <= 1 else -width * height

    return min(sizes, key=rank)


def parsed_size(name: str) -> tuple[int, int]:
    """The numbers of “1024x768”; raises ValueError."""
    width, _, height = name.partition("x")
    found = int(width), int(height)
    if min(found) < 1:
        raise ValueError(f"{name} is no size")
    return found


def speech_facts(has: Mapping[str, Any]) -> dict[str, Any] | None:
    """What `reelyard.tools.voices.choice.SpeechServerFacts` is made of; None where there is no speech server."""
    found = has.get(ServerKind.SPEECH.value)
    if found is None:
        return None
    return {"name": found["host"], "model": found["model"], "voices": tuple(found["voices"])}
