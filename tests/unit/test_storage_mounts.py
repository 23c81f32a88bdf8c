from __future__ import annotations

from pathlib import Path

import pytest

from reelyard.storage.mounts import NETWORK, file_system_of

MOUNTS = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:50 / /mnt/share rw,relatime shared:7 - nfs4 server:/share rw
41 27 0:51 / /mnt/with\\040space rw - fuse.sshfs host: rw
42 27 0:52 / /mnt/twice rw - cifs //server/x rw
43 27 0:53 / /mnt/twice rw - tmpfs tmpfs rw
a broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/anna/data", "ext4"),
        ("/mnt/share", "nfs4"),
        ("/mnt/share/not/there/yet", "nfs4"),
        ("/mnt/shared", "ext4"),
        ("/mnt/with space/x", "fuse.sshfs"),
        ("/mnt/twice/x", "tmpfs"),
        ("/mnt/share/../x", "ext4"),
    ],
)
def test_a_folder_is_on_the_nearest_mount_above_it(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind


def test_the_machine_tells_its_own_mounts(tmp_path: Path) -> None:
    assert file_system_of(tmp_path) not in {"", *NETWORK}


def test_without_a_list_nothing_is_known() -> None:
    assert file_system_of(Path("/x"), "") == ""
