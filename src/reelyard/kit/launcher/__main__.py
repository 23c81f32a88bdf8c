"""Become the tool described on the descriptor named by the first argument; say what went wrong on the second.

Run as `python -I -S __main__.py SPEC_FD STATUS_FD`. A `preexec_fn` would run Python between fork and exec of
a threaded parent, where a lock held by another thread hangs the child; here there is one thread only.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys

# -I leaves the package out of the path. Without pathlib, which costs 8 ms at every start.
sys.path.insert(0, __file__.rpartition("/reelyard/kit/launcher/")[0])

from reelyard.kit.launcher import landlock, privileges, seccomp

LOST = 125  # the parent ended before the tool began
CANNOT = 126  # the surroundings could not be made


def main() -> None:
    """Confine this process, then replace it by the tool; never returns."""
    spec_fd, status_fd = int(sys.argv[1]), int(sys.argv[2])
    os.set_inheritable(status_fd, False)
    try:
        with os.fdopen(spec_fd, "rb") as stream:
            spec = json.load(stream)
        confine(spec)
        os.execve(spec["argv"][0], spec["argv"], spec["env"])  # noqa: S606 - there is no shell, as it should be
    except (OSError, ValueError) as problem:  # a limit that this system does not know is a ValueError
        os.write(status_fd, json.dumps({"error": str(problem)}).encode())
    os._exit(CANNOT)


def confine(spec: dict[str, object]) -> None:
    """Take away, in this order: the parent's absence, priority, resources, rights, files, system calls."""
    libc = ctypes.CDLL(None, use_errno=True)
    linux = sys.platform == "linux"
    if linux:
        privileges.die_with_parent(libc)
        _offer_to_oom_killer()
    os.umask(0o077)
    _limit(spec)
    if linux:
        privileges.drop(libc)
        landlock.restrict(libc, spec)
        seccomp.restrict(libc, network=bool(spec["network"]))
        # Once more: a change of credentials forgets it, and the parent may have ended before it was set.
        privileges.die_with_parent(libc)
    if os.getppid() != spec["parent"]:
        os._exit(LOST)
    # Python ignores these two and exec would hand that down: a tool must end when its file is too large.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def _limit(spec: dict[str, object]) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for what, name, extra in (
        (resource.RLIMIT_CPU, "cpu_s", 2),  # SIGXCPU first, SIGKILL two seconds later
        (resource.RLIMIT_AS, "memory_bytes", 0),
        (resource.RLIMIT_FSIZE, "file_bytes", 0),
    ):
        value = spec[name]
        if isinstance(value, int):
            hard = resource.getrlimit(what)[1]
            wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
            most = value + extra if hard == resource.RLIM_INFINITY else min(value + extra, hard)
            resource.setrlimit(what, (wanted, most))


def _offer_to_oom_killer() -> None:
    """When memory runs out the machine shall take a child, not the server."""
    try:
        fd = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(fd, b"500")
    except OSError:
        pass
    finally:
        os.close(fd)


if __name__ == "__main__":
    main()
