"""Forks of a child: each begins alike, what goes wrong in one is told, and none outlives its parent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reelyard.kit.processes import Command, Limits, runner_in
from reelyard.kit.processes.python import PACKAGE

BEGIN = """
import os, signal, sys
from reelyard.errors import Reject, ToolFailed
from reelyard.tools.narration.forks import Fork, ForkError, PIECE

def told(work):
    try:
        facts, *pieces = Fork(work).results()
        return facts, sum(map(len, pieces))
    except (ForkError, ToolFailed) as error:
        return type(error).__name__, str(error), getattr(error, "said", {}).get("code")
"""


def said(folder: Path, code: str) -> list[str]:
    argv = (sys.executable, "-P", "-s", "-c", BEGIN + code)
    env = (("PYTHONPATH", str(PACKAGE.parent)),)
    done = runner_in(folder)(Command(argv, limits=Limits(30, 30), env=env))
    return done.stdout.splitlines()


def test_facts_and_bytes_come_through_whole(tmp_path: Path) -> None:
    code = "print(told(lambda: ({'a': 1}, b'x' * (3 * PIECE + 7))), told(lambda: ({}, b'')))"

    assert said(tmp_path, code) == [f"({{'a': 1}}, {3 * 192 * 1024 + 7}) ({{}}, 0)"]


def test_each_begins_with_the_state_of_the_parent(tmp_path: Path) -> None:
    code = """
state = []
def work():
    state.append(1)
    return {"count": len(state)}, b""
print(told(work), told(work), state)
"""
    assert said(tmp_path, code) == ["({'count': 1}, 0) ({'count': 1}, 0) []"]


@pytest.mark.parametrize(
    ("work", "answer"),
    [
        ("def work(): raise Reject('No such voice.', code='unknown_voice')", "unknown_voice"),
        ("def work(): return 1 / 0", "ZeroDivisionError"),
        ("def work(): os.kill(os.getpid(), signal.SIGSEGV)", "ended by itself (-11)"),
        ("def work(): os._exit(3)", "ended by itself (3)"),
        ("def work(): return {}, 'no bytes'", "ended by itself"),
    ],
)
def test_what_goes_wrong_is_told_and_the_parent_goes_on(tmp_path: Path, work: str, answer: str) -> None:
    first, second = said(tmp_path, f"{work}\nprint(told(work))\nprint(told(lambda: ({{}}, b'')))")

    assert answer in first
    assert second == "({}, 0)"


def test_one_that_nobody_wants_is_ended_and_none_is_left(tmp_path: Path) -> None:
    code = """
forks = [Fork(lambda: ({}, b"x" * 10_000_000)) for _ in range(3)]
for fork in forks:
    fork.discard()
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("none left")
"""
    assert said(tmp_path, code) == ["none left"]
