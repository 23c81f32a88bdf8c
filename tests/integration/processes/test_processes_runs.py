"""Children are limited, watched and killed: each promise of kit.processes with real ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from tests.support.children import MIB, python
from tests.support.engine import wait_until

from reelyard.errors import Reject, ResourceLimit, ToolCrash, ToolFailed, ToolTimeout
from reelyard.kit.processes import Command, Limits, is_running, kill_group, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are confined on Linux only")


def test_a_command_gives_its_output_and_the_end_of_what_it_said(tmp_path: Path) -> None:
    lines: list[str] = []

    finished = run(
        python("import sys; print('out'); print('a\\rb', file=sys.stderr)"),
        cwd=tmp_path,
        on_line=lines.append,
    )

    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "out\n", "a\rb\n")
    assert sorted(lines) == ["a", "b", "out"]


def test_output_and_input_may_be_files_outside_of_what_the_child_may_open(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "work", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "in").write_text("hello")

    run(Command(("cat",), stdin=elsewhere / "in", stdout=elsewhere / "out"), cwd=folder)

    assert (elsewhere / "out").read_text() == "hello"


def test_a_failing_tool_is_named_with_its_last_words_but_no_folder_of_the_machine(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed) as caught:
        run(Command(("cat", str(tmp_path / "deep" / "nothing.wav"))), cwd=tmp_path)

    assert str(tmp_path) not in caught.value.message
    assert "cat could not do its work: cat: nothing.wav: No such file or directory." in str(caught.value)
    assert str(tmp_path) in caught.value.details["stderr"]


def test_a_tool_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="“no-such-tool” is not on this machine"):
        run(Command(("no-such-tool",)), cwd=tmp_path)


def test_a_program_that_is_none_is_a_failure_to_start(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\0\1\2")
    program.chmod(0o755)

    with pytest.raises(ToolFailed, match=r"program could not be started: .*Exec format error"):
        run(Command((str(program),)), cwd=tmp_path)


def test_a_folder_that_is_not_there_is_a_failure_to_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run(Command(("true",)), cwd=tmp_path / "gone")


def test_a_spinning_child_is_killed_by_the_clock(tmp_path: Path) -> None:
    spin = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass"
    began = time.monotonic()
    groups: list[int] = []

    with pytest.raises(ToolTimeout, match=r"longer than 0\.5 s"):
        run(python(spin, limits=Limits(wall_s=0.5)), cwd=tmp_path, on_start=groups.append)

    assert time.monotonic() - began < 3
    assert not is_running(groups[0])


def test_a_stopped_child_is_killed_by_the_clock(tmp_path: Path) -> None:
    stop = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"

    with pytest.raises(ToolTimeout):
        run(python(stop, limits=Limits(wall_s=0.5)), cwd=tmp_path)


def test_processor_time_is_limited(tmp_path: Path) -> None:
    with pytest.raises(ResourceLimit, match="1 s of processor time"):
        run(python("while True: pass", limits=Limits(wall_s=30, cpu_s=1)), cwd=tmp_path)


def test_memory_is_limited(tmp_path: Path) -> None:
    with pytest.raises(ResourceLimit, match="200 MiB"):
        run(python("b'x' * 2**30", limits=Limits(memory_bytes=200 * MIB)), cwd=tmp_path)


@pytest.mark.parametrize(
    "tool",
    [
        python("open('big', 'wb').write(b'x' * 2**21)", limits=Limits(file_bytes=MIB)),
        Command(("dd", "if=/dev/zero", "of=big", "bs=64k", "count=64"), limits=Limits(file_bytes=MIB)),
    ],
    ids=["told", "killed"],
)
def test_files_are_limited(tmp_path: Path, tool: Command) -> None:
    with pytest.raises(ResourceLimit, match="larger than the 1 MiB"):
        run(tool, cwd=tmp_path)

    assert (tmp_path / "big").stat().st_size <= MIB


def test_a_crash_is_told_from_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ToolCrash, match="SIGSEGV"):
        run(python("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"), cwd=tmp_path)

    assert list(tmp_path.iterdir()) == []  # and no core file is left


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    start = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    groups: list[int] = []

    finished = run(python(start), cwd=tmp_path, on_start=groups.append)

    assert finished.took_s < 5
    assert not psutil.pid_exists(int(finished.stdout)) or (
        psutil.Process(int(finished.stdout)).status() == psutil.STATUS_ZOMBIE
    )
    assert not is_running(groups[0])


def test_killing_a_group_kills_grandchildren_that_ignore_the_polite_signal(tmp_path: Path) -> None:
    stubborn = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if len(sys.argv) < 2: subprocess.Popen([sys.executable, '-ISc', sys.argv[0] or '', 'x'])\n"
        "print('up', flush=True); time.sleep(60)"
    )
    code = f"code = {stubborn!r}\nimport sys\nsys.argv = [code]\nexec(code)"
    groups: list[int] = []
    lines: list[str] = []
    ends: list[BaseException] = []

    def work() -> None:
        try:
            run(python(code), cwd=tmp_path, on_start=groups.append, on_line=lines.append)
        except ToolCrash as end:
            ends.append(end)

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: len(lines) == 2, 10)
    kill_group(groups[0], grace_s=0.2)
    thread.join(5)

    assert not is_running(groups[0])
    assert len(ends) == 1


def test_what_a_listener_raises_ends_the_child(tmp_path: Path) -> None:
    groups: list[int] = []

    def stop(_line: str) -> None:
        raise Reject("enough")

    with pytest.raises(Reject, match="enough"):
        run(
            python("import time; print('go', flush=True); time.sleep(60)"),
            cwd=tmp_path,
            on_start=groups.append,
            on_line=stop,
        )

    assert not is_running(groups[0])


def test_a_child_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = (
        "import sys, pathlib\n"
        "from reelyard.kit.processes import Command, run\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "run(Command(('sleep', '60')), cwd=here, on_start=lambda g: print(g, file=sys.stderr, flush=True))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent, str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stderr is not None
        group = int(process.stderr.readline())
        assert is_running(group)
        process.send_signal(signal.SIGKILL)

    wait_until(lambda: not is_running(group), 5)


def test_a_hundred_children_leave_no_descriptor_and_no_zombie(tmp_path: Path) -> None:
    run(Command(("true",)), cwd=tmp_path)
    me = psutil.Process()
    before = me.num_fds()

    for _ in range(100):
        run(Command(("true",)), cwd=tmp_path)

    assert me.num_fds() == before
    assert [c for c in me.children() if c.status() == psutil.STATUS_ZOMBIE] == []


def test_the_log_keeps_command_words_and_result(tmp_path: Path) -> None:
    log = tmp_path / "log"

    run(python("import sys; sys.stderr.write('careful\\n')"), cwd=tmp_path, log=log)

    text = log.read_text()
    assert text.startswith("$ ")
    assert "careful\n# ended with 0 after" in text
