"""What a stage may do: read its input, make artifacts and parts, run tools, tell how far it is.

The engine implements it on the worker; `reelyard.testing` implements it in a folder. A stage knows
nothing else: no database, no settings of the installation, no other item.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from reelyard.kit.json import Json, JsonObject, canonical
from reelyard.kit.processes import Command, Finished, Service
from reelyard.media.info import MediaInfo


class Context(Protocol):
    """The frozen surroundings of one attempt at one stage."""

    @property
    def input(self) -> Path:
        """The item's file, under a name that the engine made; never to be written."""
        ...

    @property
    def media(self) -> MediaInfo:
        """What the verification found in the input."""
        ...

    @property
    def settings(self) -> Any:
        """The pipeline's settings, validated: an instance of its settings model."""
        ...

    @property
    def tools(self) -> Mapping[str, Json]:
        """What `auto` was resolved to before the claim (see `Stage.tools`)."""
        ...

    @property
    def name(self) -> str:
        """The user's name of the input: data for titles and reports, never a path or an argument."""
        ...

    @property
    def cores(self) -> int:
        """How many processor cores it may keep busy: its share, and what nobody else wants now."""
        ...

    @property
    def workdir(self) -> Path:
        """An empty folder of this attempt alone; gone when the attempt ends."""
        ...

    def out(self, role: str) -> Path:
        """Where to write the artifact `role`; it is kept when the stage returns."""
        ...

    def artifact(self, role: str) -> Path:
        """The artifact of an earlier stage, newest revision; never to be written."""
        ...

    def has(self, role: str) -> bool:
        """Whether an earlier stage made that artifact."""
        ...

    def earlier(self, role: str) -> Path | None:
        """On a redo: what this stage made for `role` the last time, never to be written; None when there is nothing.

        The stage decides whether it is still right; `role` is one of `Stage.renews`.
        """
        ...

    def facts(self, stage: str) -> JsonObject:
        """What an earlier stage returned; empty when it did not run."""
        ...

    def part(self, key: JsonObject, make: Callable[[Path], None]) -> Path:
        """A finished piece of a long stage: `make` writes it unless one with an equal `key` was kept.

        `key` names all that the piece depends on besides the input, the stage's version and its tools.
        Between parts the stage may be told to yield: this raises `Yielded`, which is not to be caught.
        """
        ...

    def run(self, command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        """Run a tool in a limited child process.

        Raises ToolFailed (it returned an error), ToolCrash (killed by itself), ToolTimeout, ResourceLimit, Disowned.
        """
        ...

    def ask(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        """Ask the worker's long-lived child for `service` (a loaded model) and wait for its answer.

        `on_event` gets what the child tells before its answer. Raises as `run`, and Reject or Retry as the child answers.
        """
        ...

    def progress(self, fraction: float, note: str = "", *, live: JsonObject | None = None) -> None:
        """Tell how far the stage is, 0 to 1; `live` is shown to who watches and not kept."""
        ...

    def spend(self, amount: float) -> None:
        """Before a paid server is asked: what it will cost at most, in the currency of the configured prices.

        Raises SpendingLimit when that is more than is left for the batch; then nothing may be asked.
        """
        ...

    def warn(self, message: str) -> None:
        """Add a sentence to the result: something the user should know of a stage that succeeded."""
        ...


def json_part(context: Context, key: JsonObject, make: Callable[[], Json]) -> Any:
    """A part that is a JSON value."""
    path = context.part(key, lambda target: _write(target, make()))
    return json.loads(path.read_bytes())


def _write(target: Path, value: Json) -> None:
    target.write_bytes(canonical(value))
