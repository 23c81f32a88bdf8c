"""Stories through the client: read, change, make anew; and the voices that read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from reelyard.client.models import Item, Output, Told
from reelyard.client.transport import Transport


class Chunk(Told):
    """One chunk; `narration`, `picture`, times and `alt` are of the story as it was told last."""

    number: int
    text: str
    heading: str | None = None
    words: int
    voice: str | None = None
    picture_prompt: str | None = None
    seed: int | None = None
    start_s: float | None = None
    end_s: float | None = None
    narration: Output | None = None
    picture: Output | None = None
    alt: str | None = None


class Story(Told):
    """A story in its chunks; `told` says whether sound, pictures and film were made after it."""

    item_id: str
    revision: int
    told: bool
    title: str
    language: str | None = None
    words: int
    duration_s: float | None = None
    chunks: tuple[Chunk, ...] = ()


class Voice(Told):
    """A voice; `id` is what the setting `voice` is given."""

    id: str
    name: str
    language: str
    engine: str
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """New values for one chunk: of text, voice, picture_prompt, seed. None is the story's own."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)


class Stories:
    """`client.stories`: the chunks of stories. Every call raises ClientError when it is refused."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, batch_id: str, item_id: str) -> Story:
        """The newest revision."""
        return Story.model_validate(self._transport.json("GET", _path(batch_id, item_id)))

    def change(self, batch_id: str, made: Story, changes: Sequence[Change]) -> Story:
        """Change the story `made`, which has to be the newest; a later change stands over an earlier one."""
        body = {
            "revision": made.revision,
            "chunks": [{"number": one.number, **one.values} for one in changes],
        }
        return self._changed(batch_id, made, body)

    def undo(self, batch_id: str, made: Story) -> Story:
        """Back to the story as it was cut."""
        return self._changed(batch_id, made, {"revision": made.revision, "chunks": [], "begin_from": 0})

    def make(self, batch_id: str, item_id: str) -> Item:
        """Tell the newest revision; only what was changed is spoken and drawn again."""
        return Item.model_validate(self._transport.json("POST", f"{_path(batch_id, item_id)}/make"))

    def voices(self, language: str | None = None) -> list[Voice]:
        """The voices to choose from, the better ones first; with `language` those that speak it."""
        told = self._transport.json("GET", "/api/v1/voices", params={"language": language})
        return [Voice.model_validate(one) for one in told["data"]]

    def sample(self, voice_id: str) -> bytes:
        """How a voice of this machine sounds: a sentence, as WAV."""
        with self._transport.stream(f"/api/v1/voices/{quote(voice_id, safe=':+')}/sample") as answer:
            return answer.read()

    def _changed(self, batch_id: str, made: Story, body: object) -> Story:
        path = _path(batch_id, made.item_id)
        return Story.model_validate(self._transport.json("PATCH", path, body=body))


def _path(batch_id: str, item_id: str) -> str:
    return f"/api/v1/batches/{batch_id}/items/{item_id}/story"
