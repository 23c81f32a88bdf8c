"""Which walls really stand round a child on this machine, found out by running into them."""

from __future__ import annotations

import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from reelyard.errors import StageEnd
from reelyard.kit.processes.command import MIB, Command, Limits
from reelyard.kit.processes.run import run

TRY = """
import socket, sys
def tried(what, *arguments):
    try:
        what(*arguments)
        return "open"
    except OSError:
        return "shut"
connect = lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
print(tried(connect), tried(socket.socket, socket.AF_INET, socket.SOCK_DGRAM), tried(open, sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Isolation:
    """What a child cannot do here."""

    network: bool  # it reaches no network
    files: bool  # it opens no file but the system's and those named for it
    mechanism: str  # by what, for people
    missing: tuple[str, ...]  # a sentence for each wall that does not stand

    @property
    def complete(self) -> bool:
        """Whether strangers' files may be worked on."""
        return self.network and self.files


def isolation() -> Isolation:
    """Start a child that tries to connect to us and to read a file of ours; say what it could not do."""
    try:
        tcp, udp, file = _attempt()
    except (StageEnd, OSError) as problem:
        return Isolation(
            network=False, files=False, mechanism="none", missing=(f"No child could be started: {problem}",)
        )
    network, files = "open" not in (tcp, udp), file == "shut"
    mechanism = [name for holds, name in ((files, "Landlock"), (network, "seccomp")) if holds]
    missing = []
    if not files:
        missing.append(
            "Children can read every file of this user: that needs Landlock (Linux 5.13 or newer)."
        )
    if not network:
        missing.append("Children can reach the network: that needs Linux on x86-64 or ARM64.")
    return Isolation(network, files, " and ".join(mechanism) or "none", tuple(missing))


def _attempt() -> tuple[str, str, str]:
    limits = Limits(wall_s=20, cpu_s=10, memory_bytes=512 * MIB, file_bytes=MIB)
    with (
        tempfile.TemporaryDirectory() as own,
        tempfile.TemporaryDirectory() as foreign,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        secret = Path(foreign, "secret")
        secret.write_text("not for children")
        argv = (sys.executable, "-I", "-S", "-c", TRY, str(server.getsockname()[1]), str(secret))
        tcp, udp, file = run(Command(argv, limits=limits), cwd=Path(own)).stdout.split()
    return tcp, udp, file
