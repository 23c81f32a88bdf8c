"""Running the command line: in this process, where that is quick, or as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reelyard.cli.app import run


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    def told(self, event: str) -> list[dict[str, Any]]:
        return [each for each in self.events if each["event"] == event]


@dataclass(frozen=True, slots=True)
class Shell:
    """Commands on one data folder, in this process."""

    data: Path
    captured: pytest.CaptureFixture[str]

    def __call__(self, *words: object) -> Said:
        self.captured.readouterr()
        code = run([*map(str, words), "--data", str(self.data)])
        out, err = self.captured.readouterr()
        return Said(code, out, err)


def start(*words: object, **environment: str) -> subprocess.Popen[str]:
    """`reelyard …` as a process in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "reelyard", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env={**os.environ, **environment},
    )


def command(*words: object, **environment: str) -> Said:
    """Run `reelyard …` as a process of its own to its end."""
    process = start(*words, **environment)
    out, err = process.communicate(timeout=110)
    return Said(process.returncode, out, err)
