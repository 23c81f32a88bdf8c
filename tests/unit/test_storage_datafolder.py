from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from reelyard.errors import DataFolderBusy, UnsuitableDataFolder
from reelyard.storage.datafolder import DataFolder, Holder, holder
from reelyard.storage.signing_keys import load_or_create_key, load_signer, rotate_key

HOLD = """
import sys
from pathlib import Path
from reelyard.storage.datafolder import DataFolder
folder = DataFolder.acquire(Path(sys.argv[1]))
folder.publish("http://127.0.0.1:1234", "secret")
print("held", flush=True)
sys.stdin.read()
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_is_made_taken_and_given_up(tmp_path: Path) -> None:
    path = tmp_path / "new" / "data"

    folder = DataFolder.acquire(path)
    published = folder.publish("http://127.0.0.1:8400")

    assert holder(path) == published == Holder("http://127.0.0.1:8400", os.getpid(), published.credential)
    assert len(published.credential) >= 40
    assert (mode(path), mode(path / "holder.json"), mode(path / "lock")) == (0o700, 0o600, 0o600)
    folder.release()
    folder.release()
    assert holder(path) is None
    DataFolder.acquire(path).release()


def test_a_second_owner_is_told_who_has_the_folder(tmp_path: Path) -> None:
    folder = DataFolder.acquire(tmp_path)

    with pytest.raises(DataFolderBusy, match="holds the data folder") as unpublished:
        DataFolder.acquire(tmp_path)
    folder.publish("http://127.0.0.1:8400", "secret")
    with pytest.raises(DataFolderBusy, match=r"http://127\.0\.0\.1:8400") as published:
        DataFolder.acquire(tmp_path)

    assert "listens" not in str(unpublished.value)
    assert "secret" not in str(published.value)
    folder.release()


def test_a_killed_owner_leaves_the_folder_free(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout
    assert child.stdin
    assert child.stdout.readline() == b"held\n"
    assert holder(tmp_path) == Holder("http://127.0.0.1:1234", child.pid, "secret")

    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()

    assert (tmp_path / "holder.json").exists()
    assert holder(tmp_path) is None
    folder = DataFolder.acquire(tmp_path)
    assert holder(tmp_path) is None, "the dead owner's note is not believed"
    folder.release()


def test_nobody_holds_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert holder(tmp_path / "none") is None


@pytest.mark.parametrize("note", ["", "{}", "[1]", json.dumps({"address": "x", "pid": 1, "more": 2})])
def test_a_damaged_note_is_no_note(tmp_path: Path, note: str) -> None:
    folder = DataFolder.acquire(tmp_path)

    (tmp_path / "holder.json").write_text(note)

    assert holder(tmp_path) is None
    folder.release()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_file_system_is_refused_before_anything_is_made(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "data"

    with pytest.raises(UnsuitableDataFolder, match=f"network file system \\({kind}\\)"):
        DataFolder.acquire(path, file_system=lambda _: kind)

    assert not path.exists()


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    for path, reason in ((tmp_path / "file", "it is a file"), (tmp_path / "file" / "x", "path is a file")):
        with pytest.raises(UnsuitableDataFolder, match=reason):
            DataFolder.acquire(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.mkdir(mode=0o500)

    with pytest.raises(UnsuitableDataFolder, match="cannot be written"):
        DataFolder.acquire(path)


def test_a_folder_whose_lock_cannot_be_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()

    with pytest.raises(UnsuitableDataFolder, match="its lock is a folder"):
        DataFolder.acquire(tmp_path)


def test_the_signing_key_is_made_once_and_private(tmp_path: Path) -> None:
    keys: list[bytes] = []
    threads = [Thread(target=lambda: keys.append(load_or_create_key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 8
    assert len({*keys, load_or_create_key(tmp_path)}) == 1
    assert len(keys[0]) == 32
    assert mode(tmp_path / "signing.key") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["signing.key"]


def test_a_damaged_or_public_key_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "signing.key"
    load_or_create_key(tmp_path)

    key.chmod(0o644)
    with pytest.raises(UnsuitableDataFolder, match="can be read by others"):
        load_or_create_key(tmp_path)
    key.write_bytes(b"short")
    key.chmod(0o600)
    with pytest.raises(UnsuitableDataFolder, match="damaged"):
        load_signer(tmp_path)


def test_rotating_keeps_the_key_before_and_no_more(tmp_path: Path) -> None:
    first = load_or_create_key(tmp_path)

    rotate_key(tmp_path)
    second = load_or_create_key(tmp_path)
    assert (tmp_path / "signing.previous.key").read_bytes() == first
    rotate_key(tmp_path)

    assert (tmp_path / "signing.previous.key").read_bytes() == second
    assert len({first, second, load_or_create_key(tmp_path)}) == 3
    assert {path.name for path in tmp_path.iterdir()} == {"signing.key", "signing.previous.key"}
