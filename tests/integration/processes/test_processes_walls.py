"""Children are confined: what they may open, reach and know."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from tests.support.children import QUICK, python

from reelyard.errors import ToolFailed
from reelyard.kit.processes import Command, isolation, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are confined on Linux only")


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
