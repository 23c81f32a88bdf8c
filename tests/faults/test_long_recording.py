"""Killed in the middle of an hour of sound, a transcription repeats at most the windows that were under way."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.faults.server import Server
from tests.faults.watching import left_to_do
from tests.support.engine import Order, new_batch, new_owner, wait_until

from reelyard.bootstrap import build
from reelyard.core.library.models import UploadStatus
from reelyard.core.library.service import NewFile
from reelyard.core.library.uploads import original_key
from reelyard.kit.clock import SystemClock
from reelyard.settings import load_settings
from reelyard.testing.cluster import ManualCluster
from reelyard.testing.media import MediaMaker

WINDOWS = 12
PIPELINE = "reelyard.pipelines.transcription:PIPELINE"


def hour(folder: Path) -> Path:
    """One hour in which every five minutes somebody says a sentence."""
    maker = MediaMaker(folder)
    words = maker.speech("words.wav", "good morning to you all")
    loop = ("-af", "apad=whole_dur=300", "-c:a", "pcm_s16le")
    once = maker.encode(folder / "once.wav", "-i", str(words), *loop, reads=(words,))
    again = ("-stream_loop", str(WINDOWS - 1), "-i", str(once), "-c:a", "flac", "-compression_level", "0")
    return maker.encode(folder / "hour.flac", *again, reads=(once,))


def ordered(data: Path, recording: Path) -> None:
    """A batch with the recording, which the server has still to verify."""
    container = build(load_settings(data=data), cluster=ManualCluster(0, SystemClock()))
    owner = new_owner(container)
    with container.db.write() as tx:
        new = NewFile(recording.name, recording.stat().st_size)
        file, upload = container.library.announce(tx, owner, new)
        stored = container.storage.put(original_key(file), recording)
        upload.status, upload.sealed_at = UploadStatus.SEALED, tx.now
        container.library.received(tx, file, stored.key, stored.size)
    new_batch(
        container,
        owner,
        [file.id],
        Order("transcription", {"recogniser": "pocketsphinx", "language": "en", "formats": ["txt"]}),
    )
    container.upload_store.close()
    container.db.close()
    container.folder.release()


def kept(data: Path) -> dict[str, int]:
    """The windows that were kept, and when each was written."""
    found = (data / "objects" / "parts").glob("*/*/*")
    return {path.name: path.stat().st_mtime_ns for path in found if not path.name.endswith(".sum")}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_worker_and_then_the_server_killed_in_an_hour_of_sound_repeat_two_windows_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REELYARD_PIPELINES", PIPELINE)
    (spent := tmp_path / "spent").mkdir()
    data = tmp_path / "data"
    ordered(data, hour(tmp_path))
    server = Server(data, environment={"REELYARD_PIPELINES": PIPELINE, "REELYARD_FAULTS_SPENT": str(spent)})

    server.start({"REELYARD_FAULTS": "part_before_kept:kill:5"})
    wait_until((spent / "part_before_kept").exists, 120)
    after_the_worker = kept(data)
    wait_until(lambda: len(kept(data)) >= 8, 120)
    server.kill()
    after_the_server = kept(data)
    server.start()
    wait_until(lambda: left_to_do(data) == 0, 120)
    server.stop()

    finally_kept = kept(data)
    assert len(after_the_worker) == 4  # the fifth was made, and lost before it was kept
    assert after_the_worker.items() <= finally_kept.items()
    assert after_the_server.items() <= finally_kept.items()
    assert _item(data) == ("completed", 1, WINDOWS)


def _item(data: Path) -> tuple[str, int, int]:
    database = sqlite3.connect(data / "reelyard.db")
    try:
        row = database.execute(
            """SELECT status, retry_count, json_extract(result, '$.detect.windows') FROM items"""
        ).fetchone()
        return (row[0], row[1], row[2])
    finally:
        database.close()
