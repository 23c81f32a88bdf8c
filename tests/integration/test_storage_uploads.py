from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reelyard.storage.disk import DiskStorage
from reelyard.storage.disk_uploads import DiskUploads
from reelyard.testing.upload_steps import Stores
from reelyard.testing.upload_suite import UploadSuite


class TestDiskUploadsKeepTheContract(UploadSuite):
    @pytest.fixture
    def stores(self, tmp_path: Path) -> Iterator[Stores]:
        storage = DiskStorage(tmp_path / "data")
        uploads = DiskUploads(storage, patience=0.5)
        yield Stores(storage, uploads)
        uploads.close()
