"""What a tool does not need: set-uid programs, root's capabilities, a life after its parent's."""

from __future__ import annotations

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
CAP_DAC_READ_SEARCH = 2  # kept: root must be able to read a file that belongs to another user
CAPABILITY_VERSION_3 = 0x20080522


def die_with_parent(libc: ctypes.CDLL) -> None:
    """SIGKILL for this process as soon as the parent's *thread* that started it ends."""
    check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "PR_SET_PDEATHSIG")


def drop(libc: ctypes.CDLL) -> None:
    """No new rights by exec, and of root's rights only that to read."""
    if os.geteuid() == 0:
        for capability in range(64):
            if capability != CAP_DAC_READ_SEARCH:
                libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails beyond the last one there is
        _set_capabilities(libc, 1 << CAP_DAC_READ_SEARCH)
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS")


def _set_capabilities(libc: ctypes.CDLL, mask: int) -> None:
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    held = _permitted(libc, header) & mask
    low, high = held & 0xFFFFFFFF, held >> 32
    data = (ctypes.c_uint32 * 6)(low, low, 0, high, high, 0)  # effective, permitted, inheritable; twice
    check(libc.capset(header, data), "capset")


def _permitted(libc: ctypes.CDLL, header: ctypes.Array[ctypes.c_uint32]) -> int:
    data = (ctypes.c_uint32 * 6)()
    check(libc.capget(header, data), "capget")
    return data[1] | data[4] << 32


def check(result: int, what: str) -> int:
    """`result` unless it is negative: then OSError with the reason and `what` was tried."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
