"""What a command shows while it works: bars on a terminal, plain lines elsewhere, one JSON object a line for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

LINE_EVERY_S = 10.0


class Reporter(Protocol):
    """Shows what happens. `tell` says that something happened; `progress` how far something is that goes on."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def tell(self, event: str, text: str | None = None, /, **facts: Any) -> None:
        """`text` is for people, `event` and `facts` for machines; without `text` people hear nothing."""

    def progress(self, name: str, fraction: float, note: str = "", /) -> None:
        """`name` is done to `fraction` (0 to 1)."""

    def over(self, name: str, /) -> None:
        """`name` goes on no longer."""


class _Plain:
    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def write(self, text: str) -> None:
        """One line, at once, also where the terminal cannot write all its letters."""
        encoding = self.stream.encoding or "utf-8"
        self.stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        self.stream.flush()


class Lines(_Plain):
    """Plain lines: what happened, and every ten seconds how far each thing is."""

    def __init__(self, clock: Callable[[], float], stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._clock = clock
        self._last: dict[str, float] = {}

    def tell(self, _event: str, text: str | None = None, /, **_facts: Any) -> None:
        if text is not None:
            self.write(text)

    def progress(self, name: str, fraction: float, note: str = "", /) -> None:
        now = self._clock()
        if now - self._last.setdefault(name, now) >= LINE_EVERY_S:
            self._last[name] = now
            self.write(f"  {name}: {fraction:.0%} {note}".rstrip())

    def over(self, name: str, /) -> None:
        self._last.pop(name, None)


class JsonLines(_Plain):
    """One JSON object a line; every one has `event`."""

    def tell(self, event: str, _text: str | None = None, /, **facts: Any) -> None:
        self.write(json.dumps({"event": event, **facts}, ensure_ascii=False, default=str))

    def progress(self, name: str, fraction: float, note: str = "", /) -> None:
        self.tell("progress", name=name, progress=round(100 * fraction, 1), note=note)

    def over(self, _name: str, /) -> None:
        return


class Bars:
    """Bars of what goes on, at the foot of the terminal; what happened scrolls up above them."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(24),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[note]}", markup=False),
        )
        self._console = Console(highlight=False, soft_wrap=True)
        self._bars = Progress(*columns, console=self._console, transient=True)
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def tell(self, _event: str, text: str | None = None, /, **_facts: Any) -> None:
        if text is not None:
            self._console.print(text, markup=False)

    def progress(self, name: str, fraction: float, note: str = "", /) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(_short(name), total=1.0, note="")
        self._bars.update(self._tasks[name], completed=fraction, note=note)

    def over(self, name: str, /) -> None:
        task = self._tasks.pop(name, None)
        if task is not None:
            self._bars.remove_task(task)


def _short(name: str, most: int = 32) -> str:
    return name if len(name) <= most else f"{name[: most // 2 - 1]}…{name[-(most // 2) :]}"


def reporter(*, as_json: bool, clock: Callable[[], float]) -> Reporter:
    """What suits where the output goes."""
    if as_json:
        return JsonLines()
    return Bars() if sys.stdout.isatty() else Lines(clock)


def seconds(value: float | None) -> str:
    """A length of time for people: 42 s, 3 min 10 s, 2 h 5 min; unknown is said to be unknown."""
    if value is None:
        return "unknown"
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def size(value: float) -> str:
    """Bytes for people, in decimal units."""
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"
