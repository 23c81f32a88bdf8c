"""Sending files by the client: in parts, several at once, gone on with after a break, refused by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.engine import wait_until
from tests.support.relay import relay
from tests.support.served import Served

from reelyard.client import Client, ClientError, File, Patience, RefusedFile, Unreachable
from reelyard.client.files import Sent, Slot
from reelyard.core.accounts.models import LOCAL_OWNER

MIB = 1024 * 1024
QUICK = Patience(first_wait_s=0.01)


def some(folder: Path, name: str, size: int) -> Path:
    path = folder / name
    path.write_bytes(os.urandom(size))
    return path


def stored(served: Served, file: File) -> bytes:
    with served.container.db.read() as tx:
        found = served.container.library.get(tx, LOCAL_OWNER, file.id)
        key = found.blob_key or ""
    return served.container.storage.read_bytes(key)


def test_files_arrive_whole_in_parts_and_in_the_order_given(offline: Served, tmp_path: Path) -> None:
    paths = [
        some(tmp_path, "large.bin", 34 * MIB + 5),
        some(tmp_path, "one.bin", 1),
        some(tmp_path, "two.bin", 70_000),
    ]
    heard: dict[str, list[int]] = {}

    def on_sent(sent: Sent) -> None:
        heard.setdefault(sent.path.name, []).append(sent.received)

    with Client(offline.address) as client:
        files = client.files.upload(paths, on_sent=on_sent)

    assert [file.name for file in files] == ["large.bin", "one.bin", "two.bin"]
    for file, path in zip(files, paths, strict=True):
        assert isinstance(file, File)
        assert stored(offline, file) == path.read_bytes()
        assert max(heard[path.name]) == path.stat().st_size


def test_a_refused_file_is_named_and_the_others_go_on(offline: Served, tmp_path: Path) -> None:
    empty, good = some(tmp_path, "empty.wav", 0), some(tmp_path, "good.wav", 10)

    with Client(offline.address) as client:
        refused, taken = client.files.upload([empty, good])
        both = client.files.upload([empty, empty])
        (alone,) = client.files.upload([empty])

    assert isinstance(refused, RefusedFile)
    assert refused.name == "empty.wav"
    assert "empty" in str(refused)
    assert isinstance(taken, File)
    assert all(isinstance(each, RefusedFile) for each in (*both, alone))


def test_a_part_whose_connection_broke_is_sent_again(offline: Served, tmp_path: Path) -> None:
    path = some(tmp_path, "talk.bin", 3 * MIB)

    with (
        relay(offline.address, cuts=[1 * MIB, 2 * MIB]) as between,
        Client(between.address, patience=QUICK) as client,
    ):
        (file,) = client.files.upload([path])

    assert isinstance(file, File)
    assert stored(offline, file) == path.read_bytes()


def test_an_upload_that_breaks_for_good_says_so_and_goes_on_later_with_what_is_missing(
    offline: Served, tmp_path: Path
) -> None:
    path = some(tmp_path, "talk.bin", 33 * MIB)
    with Client(offline.address) as client:
        (slot,) = client.files.announce([path])
        assert isinstance(slot, Slot)
        with (
            relay(offline.address) as between,
            Client(between.address, patience=Patience(retries=0)) as broken,
        ):
            sending = broken.files.send(
                [slot], on_sent=lambda sent: between.cut_all() if sent.received > 20 * MIB else None
            )
            ((_, outcome),) = list(sending)
        assert isinstance(outcome, Unreachable)

        state = client.files.upload_state(slot.upload.id)
        with relay(offline.address) as between, Client(between.address) as again:
            ((_, outcome),) = list(again.files.send([Slot(path, state)]))
            received = between.received

    assert isinstance(outcome, File)
    assert stored(offline, outcome) == path.read_bytes()
    assert received < path.stat().st_size - sum(part.size for part in state.received) + MIB


def test_a_file_that_changed_since_it_was_announced_is_not_sent(offline: Served, tmp_path: Path) -> None:
    path = some(tmp_path, "talk.bin", 1000)
    with Client(offline.address) as client:
        (slot,) = client.files.announce([path])
        assert isinstance(slot, Slot)
        path.write_bytes(b"other")
        ((_, outcome),) = list(client.files.send([slot]))

    assert isinstance(outcome, ClientError)
    assert outcome.code == "changed"


def test_a_name_that_is_no_text_is_sent_as_far_as_it_is_one(offline: Served, tmp_path: Path) -> None:
    path = some(tmp_path, os.fsdecode(b"caf\xe9.wav"), 10)

    with Client(offline.address) as client:
        (file,) = client.files.upload([path])

    assert isinstance(file, File)
    assert file.name == "caf\ufffd.wav"


def test_leaving_the_loop_stops_the_sending(offline: Served, tmp_path: Path) -> None:
    paths = [some(tmp_path, f"{n}.bin", 100_000) for n in range(12)]
    with Client(offline.address) as client:
        slots = [slot for slot in client.files.announce(paths) if isinstance(slot, Slot)]
        for _ in client.files.send(slots):
            break
        states = [client.files.upload_state(slot.upload.id).status for slot in slots]

    assert "open" in states


def test_nobody_there_is_said_with_the_way_out() -> None:
    with (
        Client("http://127.0.0.1:9", patience=QUICK) as client,
        pytest.raises(Unreachable, match="reelyard serve"),
    ):
        client.batches.page()


def test_the_library_is_listed_and_let_go(offline: Served, tmp_path: Path) -> None:
    with Client(offline.address) as client:
        (file,) = client.files.upload([some(tmp_path, "let-me-go.bin", 10)])
        assert isinstance(file, File)
        assert [each.id for each in client.files.page(search="let-me-go").data] == [file.id]

        client.files.delete(file.id)

        wait_until(lambda: not client.files.page(search="let-me-go").data)
