"""A file system that fills up or becomes read-only: a small tmpfs, mounted in a namespace of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

COMMON = """
import asyncio, sys
from pathlib import Path
from reelyard.errors import StorageFull, StorageUnavailable
from reelyard.storage.disk import DiskStorage
from reelyard.storage.disk_uploads import DiskUploads
from reelyard.storage.storage import PartSlot
from reelyard.testing.upload_steps import in_chunks

def refused(error, do):
    try:
        do()
    except error as found:
        assert str(found), "it says what happened"
        return
    raise AssertionError(f"no {error.__name__}")

root = Path(sys.argv[1])
storage = DiskStorage(root)
uploads = DiskUploads(storage)
storage.put_bytes("a/before", b"kept")
MB = 1_000_000

def write(upload, slot, data):
    return asyncio.run(uploads.write_part(upload, slot, in_chunks(data)))
"""


def run_on_small_disk(folder: Path, options: str, script: str) -> None:
    """Run `script` with a tmpfs of these mount options below `folder`; what it raises fails the test."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("there is no unshare(1) here")
    lead = [unshare, "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = 'mount -t tmpfs -o "$1" none "$2"'
    if subprocess.run(
        [*lead, mount, "sh", options, str(folder)], capture_output=True, check=False
    ).returncode:
        pytest.skip("mounting in a namespace is not allowed here")
    done = subprocess.run(
        [*lead, f'{mount} && exec "$3" -c "$4" "$2"', "sh", options, str(folder), sys.executable,
         COMMON + textwrap.dedent(script)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_full_disk_is_named_keeps_what_was_there_and_recovers(tmp_path: Path) -> None:
    run_on_small_disk(
        tmp_path,
        "size=8m",
        """
        uploads.begin("u1", 20 * MB)
        kept = write("u1", PartSlot(1, 0, MB), b"1" * MB)
        refused(StorageFull, lambda: write("u1", PartSlot(2, MB, 12 * MB), b"2" * 12 * MB))
        assert uploads.parts("u1") == (kept,)
        refused(StorageFull, lambda: storage.put_bytes("a/large", b"x" * 9 * MB))
        assert not storage.exists("a/large")
        assert storage.read_bytes("a/before") == b"kept"
        assert not list((root / "tmp").iterdir())

        uploads.abort("u1")

        storage.put_bytes("a/large", b"x" * 5 * MB)
        uploads.begin("u2", MB)
        write("u2", PartSlot(1, 0, MB), b"1" * MB)
        assert uploads.seal("u2", "files/u2") == MB
        """,
    )


def test_room_of_a_refused_single_part_comes_back_at_once(tmp_path: Path) -> None:
    run_on_small_disk(
        tmp_path,
        "size=8m",
        """
        from reelyard.errors import TooLarge

        uploads.begin("u1", 6 * MB)
        refused(TooLarge, lambda: write("u1", PartSlot(1, 0, 6 * MB), b"1" * 6 * MB + b"!"))
        uploads.begin("u2", None)
        refused(StorageFull, lambda: write("u2", PartSlot(1, 0, 99 * MB, exact=False), b"1" * 12 * MB))

        assert storage.free_bytes() > 7 * MB
        """,
    )


def test_running_out_of_names_is_a_full_disk(tmp_path: Path) -> None:
    run_on_small_disk(
        tmp_path,
        "size=8m,nr_inodes=40",
        """
        def fill():
            for number in range(100):
                storage.put_bytes(f"b/{number}", b"")

        refused(StorageFull, fill)
        refused(StorageFull, lambda: uploads.begin("u1", 1))
        assert storage.read_bytes("a/before") == b"kept"

        storage.delete_prefix("b/")

        uploads.begin("u1", 1)
        write("u1", PartSlot(1, 0, 1), b"x")
        """,
    )


def test_a_disk_that_became_read_only_is_unavailable_and_still_read(tmp_path: Path) -> None:
    run_on_small_disk(
        tmp_path,
        "size=8m",
        """
        import subprocess

        uploads.begin("u1", 1)
        subprocess.run(["mount", "-o", "remount,ro", root], check=True)

        refused(StorageUnavailable, lambda: storage.put_bytes("a/new", b"x"))
        refused(StorageUnavailable, lambda: storage.delete("a/before"))
        refused(StorageUnavailable, lambda: uploads.begin("u2", 1))
        refused(StorageUnavailable, lambda: write("u1", PartSlot(1, 0, 1), b"x"))
        assert storage.read_bytes("a/before") == b"kept"
        assert uploads.parts("u1") == ()
        """,
    )
