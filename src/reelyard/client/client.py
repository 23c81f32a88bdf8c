"""The client: one address, and what can be done there."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from reelyard.client.batches import Batches
from reelyard.client.cuts import Cuts
from reelyard.client.errors import ClientError
from reelyard.client.exports import Exports
from reelyard.client.files import Files
from reelyard.client.live import Live
from reelyard.client.stories import Stories
from reelyard.client.texts import Outputs, Transcripts
from reelyard.client.transport import Patience, Transport


class Client:
    """A Reelyard at an address. Safe to use from several threads; a context manager that closes it.

        with Client("http://127.0.0.1:8400") as reelyard:
            files = reelyard.files.upload(["talk.mp3"])
            batch = reelyard.batches.create(Order("talks"), [file.id for file in files], start=True)
            reelyard.live.wait(batch.id)

    Calls raise ClientError with the server's code, message and hint; Unreachable when nothing answers.
    """

    def __init__(
        self, address: str, credential: str | None = None, *, patience: Patience | None = None
    ) -> None:
        self._transport = Transport(address, credential, patience)
        self.files = Files(self._transport)
        self.batches = Batches(self._transport)
        self.outputs = Outputs(self._transport)
        self.transcripts = Transcripts(self._transport)
        self.cuts = Cuts(self._transport)
        self.stories = Stories(self._transport)
        self.exports = Exports(self._transport)
        self.live = Live(self._transport)

    @classmethod
    def of_data_folder(cls, folder: Path | str) -> Self:
        """A client of the Reelyard that holds this data folder; raises ClientError `unreachable` when none does."""
        from reelyard.storage.datafolder import holder  # noqa: PLC0415 - only here

        held = holder(Path(folder).expanduser())
        if held is None:
            raise ClientError(
                "unreachable",
                f"No Reelyard holds {folder}.",
                hint="Start one with “reelyard serve --data …”.",
            )
        return cls(held.address, held.credential)

    @property
    def address(self) -> str:
        return self._transport.address

    def pipelines(self) -> list[dict[str, Any]]:
        """What can be ordered: each pipeline with the schema of its settings, as the server tells it."""
        return list(self._transport.json("GET", "/api/v1/pipelines")["data"])

    def engine(self) -> dict[str, Any]:
        """Workers, what runs, what waits and why, as the server tells it."""
        return dict(self._transport.json("GET", "/api/v1/engine"))

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
