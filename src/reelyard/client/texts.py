"""Results through the client: the files that an item brought, and transcripts with their corrections."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reelyard.client.models import Output, Told
from reelyard.client.transport import Transport

BLOCK = 1 << 20


class Outputs:
    """`client.outputs`: taking away what an item brought (`Item.outputs`)."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, output_id: str) -> Output:
        """An output with a fresh link."""
        return Output.model_validate(self._transport.json("GET", f"/api/v1/artifacts/{output_id}"))

    def read(self, output: Output) -> bytes:
        """The whole content; for what is small."""
        with self._transport.stream(output.url) as answer:
            return answer.read()

    def save(self, output: Output, target: Path) -> Path:
        """Write it to `target`, which appears when it is whole. Raises FileExistsError: nothing is overwritten."""
        if target.exists():
            raise FileExistsError(f"{target} is there already; choose another name for what was made")
        aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            with self._transport.stream(output.url) as answer, aside.open("wb") as file:
                for block in answer.iter_bytes(BLOCK):
                    file.write(block)
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
        return target


class Transcript(Told):
    """A transcript: its text in segments with times, and who made it."""

    id: str
    item_id: str
    revision: int
    language: str | None = None
    recogniser: str | None = None
    model: str | None = None
    confidence: float | None = None
    transcript: Mapping[str, Any] = {}


class Transcripts:
    """`client.transcripts`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, transcript_id: str) -> Transcript:
        """The newest revision."""
        return Transcript.model_validate(self._transport.json("GET", f"/api/v1/transcripts/{transcript_id}"))

    def export(self, transcript_id: str, form: str) -> str:
        """The newest revision as txt, srt, vtt or json."""
        path = f"/api/v1/transcripts/{transcript_id}/export"
        with self._transport.stream(path, params={"format": form}) as answer:
            return answer.read().decode()
