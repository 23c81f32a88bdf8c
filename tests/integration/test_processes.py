"""Children are limited, watched, confined and killed: each promise of kit.processes with real ones."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from reelyard.errors import (
    ModelMissing,
    Reject,
    ResourceLimit,
    ToolCrash,
    ToolFailed,
    ToolTimeout,
)
from reelyard.kit.processes import (
    Child,
    Command,
    Limits,
    Service,
    is_running,
    isolation,
    kill_group,
    python_child,
    run,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are confined on Linux only")

MIB = 1024 * 1024
QUICK = Limits(wall_s=20, cpu_s=20, memory_bytes=512 * MIB, file_bytes=64 * MIB)


def python(
    code: str,
    *arguments: str,
    limits: Limits = QUICK,
    reads: tuple[Path, ...] = (),
    network: bool = False,
) -> Command:
    argv = (sys.executable, "-I", "-S", "-c", code, *arguments)
    return Command(argv, limits=limits, reads=reads, network=network)


def wait_until(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


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
    wait_until(lambda: len(lines) == 2)
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


def test_a_child_outlives_the_thread_that_asked_for_it(tmp_path: Path) -> None:
    service = Service("echo", Command(("cat",), limits=QUICK))
    children: list[Child] = []
    thread = threading.Thread(target=lambda: children.append(Child(service, tmp_path)))
    thread.start()
    thread.join()

    child = children[0]
    child.send({"still": "here"})

    assert child.receive(5) == {"still": "here"}
    child.kill()


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


# --- the walls ---------------------------------------------------------------------------------------------


def test_the_walls_of_this_machine_are_found_by_running_into_them() -> None:
    found = isolation()

    assert found.complete == (not found.missing)
    if not found.complete:
        pytest.skip(f"this machine cannot confine children: {' '.join(found.missing)}")
    assert found.mechanism == "Landlock and seccomp"


needs_walls = pytest.mark.skipif(
    sys.platform != "linux" or not isolation().complete, reason="this machine cannot confine children"
)


@needs_walls
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_VSOCK", "AF_PACKET"])
def test_a_child_has_no_socket_of_any_family(tmp_path: Path, family: str) -> None:
    for kind in ("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW"):
        with pytest.raises(ToolFailed, match="Permission denied"):
            run(python(f"import socket; socket.socket(socket.{family}, socket.{kind})"), cwd=tmp_path)


def test_a_child_that_needs_the_network_has_it(tmp_path: Path) -> None:
    connect = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)"
    with socket.create_server(("127.0.0.1", 0)) as server:
        run(python(connect, str(server.getsockname()[1]), network=True), cwd=tmp_path)


@needs_walls
def test_a_child_sees_what_is_named_for_it_and_nothing_beside(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("mine.wav", "neighbour.wav"):
        (tmp_path / name).write_text("sound")
    (folder / "link.wav").symlink_to(tmp_path / "neighbour.wav")
    look = """if True:
        import os, sys
        def sees(path, mode="r"):
            try:
                open(path, mode).close()
                return True
            except PermissionError:
                return False
        mine, neighbour, beside = sys.argv[1:]
        print(sees(mine), sees(mine, "a"), sees(neighbour), sees("link.wav"), sees("new", "w"))
        print(sees("/etc/shadow"), sees(f"/proc/{os.getppid()}/environ"), sees(beside, "w"))
    """
    mine, neighbour, beside = (tmp_path / name for name in ("mine.wav", "neighbour.wav", "beside.wav"))

    finished = run(python(look, str(mine), str(neighbour), str(beside), reads=(mine,)), cwd=folder)

    assert finished.stdout.split() == ["True", "False", "False", "False", "True", "False", "False", "False"]


@needs_walls
def test_a_child_can_neither_signal_nor_trace_anybody_outside(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="not permitted"):
        run(python("import os, signal, sys; os.kill(int(sys.argv[1]), 0)", str(os.getpid())), cwd=tmp_path)


@needs_walls
def test_a_child_cannot_make_namespaces_in_which_it_would_be_root(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match=r"Permission denied|not permitted"):
        run(Command(("unshare", "--user", "true"), limits=QUICK), cwd=tmp_path)


def test_a_child_has_a_clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELYARD_SECRET", "planted")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    command = Command(("env",), env=(("OWN", "given"),), limits=QUICK)
    said = dict(line.split("=", 1) for line in run(command, cwd=tmp_path).stdout.splitlines())

    assert "REELYARD_SECRET" not in said
    assert (said["HOME"], said["OMP_NUM_THREADS"], said["OWN"]) == (str(tmp_path), "1", "given")


# --- services ----------------------------------------------------------------------------------------------

SERVED = """
import os, sys, time
from reelyard.errors import ModelMissing, Reject
from reelyard.kit.processes.serving import serve

def handle(request, emit):
    match request["do"]:
        case "double":
            print("a library that chats on standard output")
            emit({"half": True})
            return {"value": request["value"] * 2}
        case "reject":
            raise Reject("no sound", code="no_audio", hint="Record some.")
        case "missing":
            raise ModelMissing("no such model")
        case "hang":
            time.sleep(60)
        case "die":
            os._exit(7)
        case "lose memory":
            b"x" * 2**32

serve(handle)
"""


@pytest.fixture
def service(tmp_path: Path) -> Service:
    (tmp_path / "served.py").write_text(SERVED)
    _, env = python_child("unused")
    argv = (sys.executable, "-s", str(tmp_path / "served.py"))
    return Service("arithmetic", Command(argv, env=env, limits=QUICK, reads=(tmp_path,)))


@pytest.fixture
def child(service: Service, tmp_path: Path) -> Iterator[Child]:
    child = Child(service, tmp_path)
    yield child
    child.kill()


def test_a_service_answers_again_and_again_and_tells_events_before(child: Child) -> None:
    events: list[object] = []

    for value in (1, 2):
        assert child.ask({"do": "double", "value": value}, timeout_s=10, on_event=events.append) == {
            "value": 2 * value
        }

    assert events == [{"half": True}] * 2
    assert "chats" in child.stderr or not child.closed
    child.kill()
    child.kill()
    assert child.closed


def test_errors_of_a_service_come_back_as_what_they_are_and_it_lives_on(child: Child) -> None:
    with pytest.raises(Reject, match=r"no sound Record some\.") as caught:
        child.ask({"do": "reject"}, timeout_s=10)
    with pytest.raises(ModelMissing):
        child.ask({"do": "missing"}, timeout_s=10)

    assert caught.value.code == "no_audio"
    assert not child.closed
    child.kill()


def test_a_service_that_does_not_answer_is_killed(child: Child) -> None:
    child.ask({"do": "double", "value": 1}, timeout_s=10)

    with pytest.raises(ToolTimeout):
        child.ask({"do": "hang"}, timeout_s=0.3)

    assert child.closed
    assert not is_running(child.pgid)


@pytest.mark.parametrize(("deed", "kind"), [("die", ToolCrash), ("lose memory", ResourceLimit)])
def test_a_service_that_ends_says_why(child: Child, deed: str, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        child.ask({"do": deed}, timeout_s=10)

    assert child.closed
    with pytest.raises(kind):
        child.ask({"do": "double", "value": 1}, timeout_s=10)


def test_a_service_killed_from_another_thread_ends_the_question(child: Child) -> None:
    child.ask({"do": "double", "value": 1}, timeout_s=10)
    threading.Timer(0.2, child.kill).start()

    with pytest.raises(ToolCrash):
        child.ask({"do": "hang"}, timeout_s=10)
