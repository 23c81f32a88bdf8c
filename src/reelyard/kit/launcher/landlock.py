"""The file system as a tool sees it, by Landlock (Linux 5.13 and newer): what is not named does not open.

https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct

from reelyard.kit.launcher.privileges import check

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
GET_VERSION = 1
RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REMOVE_AND_MAKE = 0x1FF0  # remove and make files and folders of every sort
REFER, TRUNCATE, IOCTL_DEV = 0x2000, 0x4000, 0x8000
FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
TCP_BIND_AND_CONNECT = 3
ABSTRACT_SOCKETS_AND_SIGNALS = 3

SEE = READ_FILE | READ_DIR
RUN = SEE | EXECUTE
CHANGE = SEE | WRITE_FILE | REMOVE_AND_MAKE | REFER | TRUNCATE | IOCTL_DEV


def version(libc: ctypes.CDLL) -> int:
    """Which Landlock the kernel offers; 0 when it offers none."""
    return max(0, int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), GET_VERSION)))


def restrict(libc: ctypes.CDLL, spec: dict[str, object]) -> None:
    """Let this process open only what `spec` lists, runs, reads and writes; does nothing without Landlock."""
    abi = version(libc)
    if not abi:
        return
    handled = _file_rights(abi)
    ruleset = _ruleset(libc, abi, handled, network=bool(spec["network"]))
    granted = (("lists", READ_DIR), ("runs", RUN), ("reads", SEE), ("writes", CHANGE))
    try:
        for name, rights in granted:
            paths = spec[name]
            for path in paths if isinstance(paths, list) else ():
                _allow(libc, ruleset, str(path), rights & handled)
        check(libc.syscall(RESTRICT_SELF, ruleset, 0), "Landlock")
    finally:
        os.close(ruleset)


def _file_rights(abi: int) -> int:
    rights = EXECUTE | WRITE_FILE | READ_FILE | READ_DIR | REMOVE_AND_MAKE
    for since, right in ((2, REFER), (3, TRUNCATE), (5, IOCTL_DEV)):
        if abi >= since:
            rights |= right
    return rights


def _ruleset(libc: ctypes.CDLL, abi: int, handled: int, *, network: bool) -> int:
    ports = 0 if network or abi < 4 else TCP_BIND_AND_CONNECT
    scopes = 0 if abi < 6 else ABSTRACT_SOCKETS_AND_SIGNALS
    attributes = struct.pack("=QQQ", handled, ports, scopes)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    result = libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    return int(check(result, "Landlock ruleset"))


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as problem:
        if problem.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
            return  # what is not there, or not ours, cannot be opened later either
        raise
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= FOR_FILES
        rule = struct.pack("=Qi", rights, fd)
        check(libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0), f"Landlock rule for {path}")
    finally:
        os.close(fd)
