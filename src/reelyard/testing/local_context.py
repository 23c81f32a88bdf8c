"""A stage's context in a plain folder: a pipeline runs as on a worker, without engine, storage or database.

`run_locally` runs a whole plan and gives back what each stage returned; doctor, demos and tests use it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from reelyard.errors import Skip
from reelyard.kit.json import Json, JsonObject, digest
from reelyard.kit.processes import Child, Command, Finished, Service, run
from reelyard.media.info import MediaInfo
from reelyard.pipeline.pipeline import Pipeline
from reelyard.pipeline.stage import Stage


@dataclass
class LocalFolder:
    """Where one item's work lies: artifacts, parts, facts, and the children that its stages share.

    A context manager: leaving it ends the children. Several folders may share `children`; these then read
    what lies in `readable`, which holds all the folders and inputs.
    """

    root: Path
    readable: Path | None = None  # by default the root and the input's folder
    facts: dict[str, JsonObject] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    progress: list[tuple[str, float, str, JsonObject | None]] = field(default_factory=list)
    children: dict[str, Child] = field(default_factory=dict)
    spent: list[float] = field(default_factory=list)  # amounts, in order

    def __post_init__(self) -> None:
        self.root = self.root.resolve()
        for name in ("artifacts", "parts", "work", "earlier"):
            (self.root / name).mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self.children.values():
            child.kill()
        self.children.clear()

    def artifact(self, role: str) -> Path:
        return self.root / "artifacts" / role

    def parts(self) -> list[Path]:
        """The finished parts that were kept."""
        return list((self.root / "parts").iterdir())

    def child(self, service: Service, reads: Path) -> Child:
        known = self.children.get(service.name)
        if known is None or known.closed:
            seen: tuple[Path, ...] = (self.root, reads) if self.readable is None else (self.readable,)
            if service.command.network:  # one with a way out sees nothing of what users sent
                seen = ()
            command = replace(service.command, reads=(*service.command.reads, *seen))
            known = Child(replace(service, command=command), (self.readable or self.root / "work").resolve())
            self.children[service.name] = known
        return known


@dataclass(frozen=True)
class LocalContext:
    """`reelyard.pipeline.Context` for one stage, over a `LocalFolder`."""

    folder: LocalFolder
    stage: Stage
    input: Path
    media: MediaInfo
    settings: Any
    tools: Mapping[str, Json]
    workdir: Path
    name: str = "recording"
    cores: int = 1

    def out(self, role: str) -> Path:
        if role not in self.stage.makes:
            raise KeyError(f"stage {self.stage.name} does not declare that it makes {role}")
        return self.folder.artifact(role)

    def artifact(self, role: str) -> Path:
        if role not in self.stage.uses:
            raise KeyError(f"stage {self.stage.name} does not declare that it uses {role}")
        return self.folder.artifact(role)

    def has(self, role: str) -> bool:
        return role in self.stage.uses and self.folder.artifact(role).exists()

    def earlier(self, role: str) -> Path | None:
        if role not in self.stage.renews:
            raise KeyError(f"stage {self.stage.name} does not declare that it renews {role}")
        path = self.folder.root / "earlier" / role
        return path if path.exists() else None

    def facts(self, stage: str) -> JsonObject:
        return self.folder.facts.get(stage, {})

    def part(self, key: JsonObject, make: Callable[[Path], None]) -> Path:
        name = digest(
            {"stage": self.stage.name, "version": self.stage.version, "tools": self.tools, "key": key}
        )
        kept = self.folder.root / "parts" / name
        if not kept.exists():
            making = self.workdir / name
            make(making)
            making.replace(kept)
        return kept

    def run(self, command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        return run(command, cwd=self.workdir, on_line=on_line)

    def ask(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None = None,
    ) -> JsonObject:
        child = self.folder.child(service, self.input.parent)
        return child.ask(request, timeout_s=timeout_s, on_event=on_event)

    def progress(self, fraction: float, note: str = "", *, live: JsonObject | None = None) -> None:
        self.folder.progress.append((self.stage.name, fraction, note, live))

    def spend(self, amount: float) -> None:
        self.folder.spent.append(amount)

    def warn(self, message: str) -> None:
        self.folder.warnings.append(message)


@dataclass(frozen=True, slots=True)
class LocalOrder:
    """What to work on: a file, what verification found in it, and the settings as a user gave them."""

    input: Path
    media: MediaInfo
    settings: Mapping[str, Any] = field(default_factory=dict)
    name: str = "recording"


def run_locally(pipeline: Pipeline, order: LocalOrder, folder: LocalFolder) -> dict[str, JsonObject]:
    """Run all stages of `pipeline` in turn; gives the facts by stage. Raises what check and stages do."""
    settings = pipeline.validate(order.settings)
    inventory = pipeline.inventory()
    pipeline.check(settings, inventory)
    for stage in pipeline.plan(settings):
        with tempfile.TemporaryDirectory(dir=folder.root / "work") as workdir:
            tools = stage.tools(settings, inventory)
            context = LocalContext(
                folder, stage, order.input.resolve(), order.media, settings, tools, Path(workdir), order.name
            )
            try:
                folder.facts[stage.name] = stage.run(context)
            except Skip:
                continue
    return folder.facts
