"""The pure parts of starting children: what ends mean, lines, commands, the filter."""

from __future__ import annotations

import signal
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.errors import (
    InvalidInput,
    ModelMissing,
    Reject,
    ResourceLimit,
    Retry,
    ToolCrash,
    ToolFailed,
)
from reelyard.kit.launcher import seccomp
from reelyard.kit.processes import Command, Limits, python_child
from reelyard.kit.processes.lines import LONGEST, Lines, Tail
from reelyard.kit.processes.outcome import last_words, problem, without_paths
from reelyard.kit.processes.serving import error_as_json
from reelyard.kit.processes.surroundings import environment, specification

COMMAND = Command(("/opt/ffmpeg-linux-x86_64-v9", "-i", "a b"), limits=Limits(cpu_s=5))


@pytest.mark.parametrize(
    ("returncode", "stderr", "kind", "code"),
    [
        (1, "x: Invalid data", ToolFailed, "tool_failed"),
        (-signal.SIGSEGV, "", ToolCrash, "tool_crash"),
        (-signal.SIGKILL, "", ToolCrash, "tool_crash"),
        (-250, "", ToolCrash, "tool_crash"),
        (-signal.SIGXCPU, "", ResourceLimit, "resource_limit"),
        (-signal.SIGXFSZ, "", ResourceLimit, "resource_limit"),
        (1, "OSError: [Errno 27] File too large", ResourceLimit, "resource_limit"),
        (1, "MemoryError", ResourceLimit, "resource_limit"),
        (
            -signal.SIGABRT,
            "terminate called after throwing 'std::bad_alloc'",
            ResourceLimit,
            "resource_limit",
        ),
        (1, "av_interleaved_write_frame(): No space left on device", Retry, "storage_full"),
    ],
)
def test_an_end_is_told_apart_with_a_way_out(
    returncode: int, stderr: str, kind: type[Exception], code: str
) -> None:
    error = problem(COMMAND, returncode, stderr)

    assert type(error) is kind
    assert error.code == code
    assert error.hint
    assert "ffmpeg" in error.message
    assert error.details["stderr"] == stderr


def test_a_good_end_is_no_problem() -> None:
    assert problem(COMMAND, 0, "warnings only: Cannot allocate memory") is None


def test_last_words_keep_the_reason_and_drop_the_folders() -> None:
    assert last_words("one\n/srv/data/u1/in.mp4: Invalid data.\n\n") == "in.mp4: Invalid data"
    assert last_words("see https://x.org/a/b") == "see https://x.org/a/b"
    assert last_words(" \n") == "it said nothing"
    assert without_paths("open /srv/a failed", [Path("/srv/a")]) == "open a failed"


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_lines_are_the_same_however_the_pipe_cuts_them(pieces: list[bytes]) -> None:
    def lines_of(parts: list[bytes]) -> list[str]:
        lines = Lines()
        return [line for part in [*[p for p in parts if p], b""] for line in lines.feed(part)]

    assert lines_of(pieces) == lines_of([b"".join(pieces)])


def test_an_endless_line_is_cut() -> None:
    assert [len(line) for line in Lines().feed(b"x" * (LONGEST + 1))] == [LONGEST + 1]


def test_a_tail_is_the_end() -> None:
    tail = Tail(4)
    for number in range(100):
        tail.feed(str(number).encode())

    assert str(tail) == "9899"


def test_a_command_shows_itself_for_the_shell_and_names_its_tool() -> None:
    assert str(COMMAND) == "/opt/ffmpeg-linux-x86_64-v9 -i 'a b'"
    assert COMMAND.tool == "ffmpeg"
    assert Command(python_child("reelyard.tools.ffmpeg.probe_child", "mov")[0]).tool == "probe"


def test_the_surroundings_hold_what_is_named_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "in").touch()
    command = Command(
        ("true",), reads=(tmp_path / "in",), writes=(tmp_path / "new" / "file",), env=(("A", "b"),)
    )
    (tmp_path / "new").mkdir()

    found = specification(command, tmp_path)

    assert str(tmp_path / "in") in found["reads"]
    assert found["writes"] == ["/dev/null", str(tmp_path), str(tmp_path / "new")]
    assert "/etc/resolv.conf" not in found["reads"]
    assert environment(command, tmp_path)["A"] == "b"
    assert set(environment(command, tmp_path)) <= {
        *("PATH", "LANG", "HOME", "TMPDIR", "A"),
        *("MALLOC_ARENA_MAX", "OPENBLAS_NUM_THREADS"),
        *("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH"),
    }


# --- the child's side of a service --------------------------------------------------------------------------


def test_an_error_crosses_the_pipe_as_its_kind() -> None:
    assert error_as_json(Reject("No sound.", code="no_audio", hint="Record some.")) == {
        "kind": "reject",
        "code": "no_audio",
        "message": "No sound.",
        "hint": "Record some.",
    }
    kinds = [error_as_json(error)["kind"] for error in (Retry("x"), ModelMissing("x"), InvalidInput("x"))]
    assert kinds == ["retry", "model_missing", "failed"]


# --- the filter, run as the kernel would --------------------------------------------------------------------


def judged(program: bytes, architecture: int, number: int, argument: int = 0) -> int:
    """What the filter says to a call; a tiny interpreter of the few instructions it uses."""
    data = struct.pack("=IIQQ", number, architecture, 0, argument)
    at = accumulator = 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        if code == seccomp.RETURN:
            return int(value)
        if code == seccomp.LOAD:
            accumulator = struct.unpack_from("=I", data, value)[0]
            continue
        holds = {
            seccomp.EQUAL: accumulator == value,
            seccomp.AT_LEAST: accumulator >= value,
            seccomp.ANY_BIT: bool(accumulator & value),
        }[code]
        at += if_true if holds else if_false


@pytest.mark.parametrize("machine", [*seccomp.TABLES])
def test_the_filter_refuses_what_it_names_and_allows_the_rest(machine: str) -> None:
    architecture, numbers = seccomp.TABLES[machine]
    program = seccomp.filter_program(machine, network=False)

    for name, number in {**numbers, **seccomp.EVERYWHERE}.items():
        refused = judged(program, architecture, number) & 0xFFFF0000 == seccomp.REFUSE
        assert refused == (name != "clone"), name
    assert judged(program, architecture, 0) == seccomp.ALLOW
    assert judged(program, architecture, numbers["clone"], 0x003D0F00) == seccomp.ALLOW  # a thread
    for namespace in (0x00020000, 0x10000000, 0x40000000):
        assert judged(program, architecture, numbers["clone"], namespace) != seccomp.ALLOW
    assert judged(program, architecture, seccomp.X32_CALLS | numbers["socket"]) == seccomp.KILL
    assert judged(program, architecture ^ 1, 0) == seccomp.KILL


@pytest.mark.parametrize("machine", [*seccomp.TABLES])
def test_with_network_only_sockets_open(machine: str) -> None:
    architecture, numbers = seccomp.TABLES[machine]
    program = seccomp.filter_program(machine, network=True)

    assert judged(program, architecture, numbers["socket"]) == seccomp.ALLOW
    assert judged(program, architecture, numbers["ptrace"]) != seccomp.ALLOW
