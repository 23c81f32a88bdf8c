"""What every child gets besides what its command names: a clean environment and the system's own files."""

from __future__ import annotations

import os
import shutil
import site
import sys
from pathlib import Path
from typing import Any

from reelyard.errors import ToolFailed
from reelyard.kit.processes.command import Command
from reelyard.kit.processes.python import PACKAGE

PATH = "/usr/local/bin:/usr/bin:/bin"
HANDED_DOWN = ("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")
# On a machine of many cores each thread would take address space of its own, and a limit on it would strike
# where little memory is used.
FRUGAL = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}

SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/nix/store")
SETTINGS = (
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/alternatives"),
    *("/etc/fonts", "/var/cache/fontconfig", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf"),
    *(
        "/dev/urandom",
        "/dev/random",
        "/dev/zero",
        "/proc/self",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/proc/stat",
    ),
    *("/sys/devices/system/cpu", "/sys/devices/system/node"),
)
FOR_NETWORK = (
    *("/etc/resolv.conf", "/run/systemd/resolve", "/etc/hosts", "/etc/host.conf", "/etc/services"),
    *("/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/gai.conf"),
)


def environment(command: Command, cwd: Path) -> dict[str, str]:
    """A clean environment: nothing of ours, no secret, home and temporary files in the working folder."""
    handed = {name: os.environ[name] for name in HANDED_DOWN if name in os.environ}
    own = {"PATH": PATH, "LANG": "C.UTF-8", "HOME": str(cwd), "TMPDIR": str(cwd)}
    return {**FRUGAL, **handed, **own, **dict(command.env)}


def executable(command: Command) -> str:
    """Where the program of `command` is; raises ToolFailed when it is not there."""
    found = shutil.which(command.argv[0], path=PATH)
    if found is None:
        raise ToolFailed(
            f"The program “{command.argv[0]}” is not on this machine.",
            hint="Install it, or name another one in the settings.",
        )
    return found


def specification(command: Command, cwd: Path) -> dict[str, Any]:
    """What the launcher has to know, as JSON."""
    program = executable(command)
    network = FOR_NETWORK if command.network else ()
    return {
        "argv": [program, *command.argv[1:]],
        "env": environment(command, cwd),
        "parent": os.getpid(),
        "cpu_s": command.limits.cpu_s,
        "memory_bytes": command.limits.memory_bytes,
        "file_bytes": command.limits.file_bytes,
        "network": command.network,
        "lists": [str(PACKAGE.parent)],  # an import looks for the package's name there
        "runs": [*SYSTEM, *python_folders(), program],
        "reads": [*SETTINGS, *network, *map(str, command.reads)],
        "writes": ["/dev/null", str(cwd), *(str(_that_exists(path)) for path in command.writes)],
    }


def python_folders() -> list[str]:
    """Where this interpreter and its packages lie; never a source tree as a whole, which may hold data."""
    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, str(PACKAGE), *site.getsitepackages()}
    if site.ENABLE_USER_SITE and site.USER_SITE:
        folders.add(site.USER_SITE)
    return sorted(folders)


def _that_exists(path: Path) -> Path:
    return path if path.exists() else path.parent
