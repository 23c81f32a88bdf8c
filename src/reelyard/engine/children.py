"""A worker's children: the tools that a stage runs, and the long-lived ones that hold a model.

One kill path for all of them: the process groups, from another thread than the stage's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

from reelyard.errors import Disowned, ReelyardError, ToolCrash
from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Child, Command, Finished, Service, kill_group, run

KILL_GRACE_S = 1.0


class Children:
    """The children of one worker. The stage's threads run and ask; any thread may end them."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch  # a model child reads what stages put below it, and writes nothing
        self._lock = threading.Lock()
        self._groups: set[int] = set()  # a stage may run several tools at once
        self._services: dict[str, Child] = {}
        self._asked: Child | None = None
        self._ended = False

    def begin(self) -> None:
        """A new attempt: nothing of it has been ended yet."""
        with self._lock:
            self._ended = False

    def run(
        self, command: Command, *, cwd: Path, log: Path, on_line: Callable[[str], None] | None
    ) -> Finished:
        """Run a tool; one that crashes by itself is tried once more at once.

        Raises Disowned when it was ended from outside.
        """
        try:
            return self._once(command, cwd, log, on_line)
        except ToolCrash:
            if self._was_ended():
                raise Disowned from None
        try:
            return self._once(command, cwd, log, on_line)
        except ReelyardError:
            if self._was_ended():
                raise Disowned from None
            raise

    def _once(
        self, command: Command, cwd: Path, log: Path, on_line: Callable[[str], None] | None
    ) -> Finished:
        self._stand()
        started: list[int] = []

        def took(group: int) -> None:
            started.append(group)
            self._took(group)

        try:
            return run(command, cwd=cwd, on_start=took, on_line=on_line, log=log)
        except ToolCrash:
            raise
        except ReelyardError:
            if self._was_ended():
                raise Disowned from None
            raise
        finally:
            with self._lock:
                self._groups.difference_update(started)

    def ask(
        self,
        service: Service,
        request: JsonObject,
        *,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None,
    ) -> JsonObject:
        """Ask a long-lived child, started when it is first needed; one that crashes by itself is asked once more."""
        try:
            return self._ask_once(service, request, timeout_s, on_event)
        except ToolCrash:
            if self._was_ended():
                raise Disowned from None
        return self._ask_once(service, request, timeout_s, on_event)

    def _ask_once(
        self,
        service: Service,
        request: JsonObject,
        timeout_s: float,
        on_event: Callable[[JsonObject], None] | None,
    ) -> JsonObject:
        self._stand()
        child = self._service(service)
        with self._lock:
            self._asked = child
        try:
            return child.ask(request, timeout_s=timeout_s, on_event=on_event)
        except ReelyardError:
            if self._was_ended():
                raise Disowned from None
            raise
        finally:
            with self._lock:
                self._asked = None

    def _service(self, service: Service) -> Child:
        child = self._services.get(service.name)
        if child is None or child.closed or child.service.command.argv != service.command.argv:
            if child is not None:
                child.kill()
            # One with a way out sees nothing of what users sent.
            seen = () if service.command.network else (self._scratch,)
            command = replace(service.command, reads=(*service.command.reads, *seen))
            home = self._scratch / "models"  # the one folder that it may write: its own, and empty
            home.mkdir(exist_ok=True)
            child = Child(replace(service, command=command), home)
            # Remembered under what was asked for: equal requests find it again.
            self._services[service.name] = child
        return child

    def end(self) -> None:
        """Kill whatever the present attempt has running; returns when it is gone."""
        with self._lock:
            self._ended = True
            groups, asked = tuple(self._groups), self._asked
        killers = [Thread(target=kill_group, args=(group, KILL_GRACE_S), daemon=True) for group in groups]
        for killer in killers:
            killer.start()
        if asked is not None:
            asked.kill(KILL_GRACE_S)
        for killer in killers:
            killer.join()

    def close(self) -> None:
        """End the long-lived ones too."""
        self.end()
        for child in self._services.values():
            child.kill()
        self._services.clear()

    def _took(self, group: int) -> None:
        with self._lock:
            self._groups.add(group)
            ended = self._ended
        if ended:  # it was asked to end while the child was being started
            kill_group(group, 0)

    def _stand(self) -> None:
        if self._was_ended():
            raise Disowned

    def _was_ended(self) -> bool:
        with self._lock:
            return self._ended
