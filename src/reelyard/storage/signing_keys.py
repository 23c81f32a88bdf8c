"""The data folder's signing keys: random, private to the user who runs Reelyard, and replaced on wish."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from reelyard.errors import UnsuitableDataFolder
from reelyard.storage.files import storage_errors, sync_folder, write_all
from reelyard.storage.signing import Signer

_BYTES = 32
_CURRENT = "signing.key"
_PREVIOUS = "signing.previous.key"


def load_or_create_key(folder: Path) -> bytes:
    """The current key in `folder`, made when there is none; whoever makes it at the same time gets the same.

    Raises UnsuitableDataFolder when it is damaged or others may read it, StorageFull, StorageUnavailable.
    """
    path = folder / _CURRENT
    with storage_errors("keep the signing key"):
        if not path.exists():
            fresh = _write_aside(folder)
            try:
                with contextlib.suppress(FileExistsError):
                    os.link(fresh, path)
            finally:
                fresh.unlink()
            sync_folder(folder)
        return _checked(path)


def load_signer(folder: Path) -> Signer:
    """A signer with the keys in `folder`. Raises as `load_or_create_key`."""
    current = load_or_create_key(folder)
    previous = folder / _PREVIOUS
    with storage_errors("read the signing key"):
        return Signer(current, [_checked(previous)] if previous.exists() else [])


def rotate_key(folder: Path) -> Signer:
    """Sign with a new key from now on; the present one still verifies, the one before no longer.

    Rotate twice to end every link given out. Raises as `load_or_create_key`.
    """
    load_or_create_key(folder)
    with storage_errors("keep the signing key"):
        fresh = _write_aside(folder)
        second_name = fresh.with_suffix(".link")
        os.link(folder / _CURRENT, second_name)
        second_name.replace(folder / _PREVIOUS)
        second_name.unlink(missing_ok=True)  # a rename between two names of one file does nothing
        fresh.replace(folder / _CURRENT)
        sync_folder(folder)
    return load_signer(folder)


def _write_aside(folder: Path) -> Path:
    path = folder / f".signing-{secrets.token_hex(8)}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write_all(descriptor, secrets.token_bytes(_BYTES), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return path


def _checked(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise UnsuitableDataFolder(
            f"The signing key {path} is damaged.", hint="Remove it; links given out so far stop working."
        )
    if path.stat().st_mode & 0o077:
        raise UnsuitableDataFolder(
            f"The signing key {path} can be read by others.", hint=f"Run: chmod 600 {path}"
        )
    return key
