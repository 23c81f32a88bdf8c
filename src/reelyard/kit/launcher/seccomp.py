"""System calls a tool has no use for, refused by a seccomp filter: above all `socket`, hence no network.

A filter holds where no network namespace may be made (containers, Ubuntu's AppArmor), shuts the sockets that
lie in the file system too, and does not hand the tool the kernel's network administration as a user namespace
does. Descriptors of the parent are closed at exec: a tool without `socket` has no way out but its pipes.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from reelyard.kit.launcher.privileges import check

PR_SET_SECCOMP = 22
FILTER = 2
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
X32_CALLS = 0x40000000  # a second numbering of x86-64, which would step round the filter
NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW… that `clone` takes

# (audit architecture, numbers); a call missing on an architecture is left out.
TABLES: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41, "clone": 56, "ptrace": 101, "mount": 165, "add_key": 248, "request_key": 249,
            "keyctl": 250, "unshare": 272, "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308,
            "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "userfaultfd": 323,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "socket": 198, "clone": 220, "ptrace": 117, "mount": 40, "add_key": 217, "request_key": 218,
            "keyctl": 219, "unshare": 97, "perf_event_open": 241, "open_by_handle_at": 265, "setns": 268,
            "process_vm_readv": 270, "process_vm_writev": 271, "bpf": 280, "userfaultfd": 282,
        },
    ),
}  # fmt: skip
EVERYWHERE = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "pidfd_getfd": 438}
CLONE3 = 435  # its flags lie in memory where no filter sees them; told that it is missing, libc uses clone


def available() -> bool:
    """Whether there is a filter for this machine's architecture."""
    return os.uname().machine in TABLES


def restrict(libc: ctypes.CDLL, *, network: bool) -> None:
    """Refuse the calls above from now on, `socket` unless `network`; does nothing on other architectures."""
    machine = os.uname().machine
    if machine not in TABLES:
        return
    program = filter_program(machine, network=network)
    buffer = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    check(libc.prctl(PR_SET_SECCOMP, FILTER, described, 0, 0), "seccomp")


def filter_program(machine: str, *, network: bool) -> bytes:
    """The filter as the kernel takes it: eight bytes an instruction."""
    architecture, numbers = TABLES[machine]
    calls = {**numbers, **EVERYWHERE}
    clone = calls.pop("clone")
    if network:
        del calls["socket"]
    refused = [
        _pack(LOAD, 0, 0, ARCHITECTURE_AT),
        _pack(EQUAL, 1, 0, architecture),
        _pack(RETURN, 0, 0, KILL),
        _pack(LOAD, 0, 0, NUMBER_AT),
        *_when(AT_LEAST, X32_CALLS, KILL),
        *_when(EQUAL, CLONE3, REFUSE | errno.ENOSYS),
    ]
    for number in sorted(calls.values()):
        refused += _when(EQUAL, number, REFUSE | errno.EACCES)
    return b"".join(
        [
            *refused,
            _pack(EQUAL, 0, 3, clone),
            _pack(LOAD, 0, 0, FIRST_ARGUMENT_AT),
            *_when(ANY_BIT, NEW_NAMESPACES, REFUSE | errno.EPERM),
            _pack(RETURN, 0, 0, ALLOW),
        ]
    )


def _when(test: int, value: int, outcome: int) -> tuple[bytes, bytes]:
    return _pack(test, 0, 1, value), _pack(RETURN, 0, 0, outcome)


def _pack(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
