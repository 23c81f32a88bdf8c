"""Which file system a folder lies on, by Linux's list of mounts."""

from __future__ import annotations

import re
from pathlib import Path

# Where locks, syncs or shared memory of a database cannot be relied on.
NETWORK = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "lustre", "beegfs",
        "gpfs", "glusterfs", "orangefs", "davfs", "fuse.sshfs", "fuse.s3fs", "fuse.rclone", "fuse.glusterfs",
        "fuse.ceph",
        "fuse.davfs", "fuse.davfs2", "fuse.gcsfuse", "fuse.goofys", "fuse.mount-s3", "fuse.curlftpfs",
        "fuse.smbnetfs", "fuse.juicefs", "fuse.seaweedfs",
    }
)  # fmt: skip
_MOUNTS = Path("/proc/self/mountinfo")


def file_system_of(path: Path, mountinfo: str | None = None) -> str:
    """The file system's type, such as "ext4" or "fuse.sshfs"; empty when it is not known.

    `mountinfo` has the form of /proc/self/mountinfo (proc(5)), which is read when it is not given.
    """
    if mountinfo is None:
        try:
            mountinfo = _MOUNTS.read_text(errors="surrogateescape")
        except OSError:
            return ""
    best, kind = -1, ""
    real = path.resolve()
    for line in mountinfo.splitlines():
        head, _, tail = line.partition(" - ")
        fields, described = head.split(" "), tail.split(" ")
        if len(fields) < 5:
            continue
        mounted = Path(_unescaped(fields[4]))
        depth = len(mounted.parts)
        if depth >= best and real.is_relative_to(mounted):  # the later of two at one place lies above
            best, kind = depth, described[0]
    return kind


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
