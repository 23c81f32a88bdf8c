"""Exports by the client: ordered, followed, and fetched whole whatever breaks on the way."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from tests.support.exports import made
from tests.support.relay import relay
from tests.support.served import Served

from reelyard.client import Client, ClientError, Export, ExportOrder, Patience
from reelyard.client.exports import absolute

QUICK = Patience(first_wait_s=0.01)
LARGE = random.Random(1).randbytes(6_000_000)
BATCH = [{"transcript.txt": b"one"}, {"transcript.txt": LARGE}, None]


@pytest.fixture
def client(offline: Served) -> Iterator[Client]:
    with Client(offline.address, patience=QUICK) as found:
        yield found


def completed(client: Client, batch_id: str, order: ExportOrder | None = None) -> Export:
    export = client.exports.wait(client.exports.order(batch_id, order))
    assert export.status == "completed", export
    return export


def test_an_export_is_previewed_ordered_listed_fetched_and_removed(
    local: Served, client: Client, tmp_path: Path
) -> None:
    batch_id = made(local, BATCH)

    preview = client.exports.preview(batch_id)
    export = completed(client, batch_id, ExportOrder(pattern="{name}-{position}.{ext}"))
    path = client.exports.save(export, tmp_path / "all.zip")

    assert (preview.items, preview.not_completed) == (2, 1)
    assert path.stat().st_size == export.size
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert [name for name in archive.namelist() if name.endswith("-002.txt")]
    assert [one.id for one in client.exports.all(batch_id)] == [export.id]
    client.exports.remove(batch_id, export.id)
    assert list(client.exports.all(batch_id)) == []
    assert [path.name for path in tmp_path.iterdir()] == ["all.zip"]


def test_a_download_that_breaks_off_is_gone_on_with(local: Served, client: Client, tmp_path: Path) -> None:
    export = completed(client, made(local, BATCH))
    heard: list[int] = []

    with relay(local.address) as between, Client(between.address, patience=QUICK) as shaky:

        def on_received(count: int) -> None:
            heard.append(count)
            if count > 1_000_000 and len(heard) < 10:
                heard.extend([0] * 10)
                between.cut_all()

        path = shaky.exports.save(export, tmp_path / "all.zip", on_received=on_received)

    assert between.connections >= 2
    counts = [count for count in heard if count]
    assert counts == sorted(counts)
    assert path.read_bytes() == client.exports.save(export, tmp_path / "again.zip").read_bytes()


def test_what_another_process_left_is_gone_on_with_unless_it_is_of_something_else(
    local: Served, client: Client, tmp_path: Path
) -> None:
    export = completed(client, made(local, BATCH))
    whole = client.exports.save(export, tmp_path / "whole.zip").read_bytes()
    aside, mark = tmp_path / "aside", tmp_path / "aside.etag"
    first: list[int] = []
    with client._transport.stream(str(export.download_url)) as answer:
        tag = answer.headers["ETag"]

    aside.write_bytes(whole[:2_000_000])
    mark.write_text(tag)
    client.exports.fetch(export, aside, on_received=first.append)
    assert aside.read_bytes() == whole
    assert first[0] > 2_000_000

    aside.write_bytes(b"x" * 2_000_000)
    mark.write_text('"of another"')
    client.exports.fetch(export, aside)
    assert aside.read_bytes() == whole

    aside.write_bytes(b"x" * 1_000_000 + whole[1_000_000:2_000_000])
    mark.write_text(tag)
    with pytest.raises(ClientError, match="damaged"):
        client.exports.fetch(export, aside)
    assert not aside.exists()
    assert not mark.exists()


def test_a_playlist_for_a_file_of_ones_own_leads_to_the_server(local: Served, client: Client) -> None:
    export = completed(client, made(local, BATCH), ExportOrder("playlist"))

    text = absolute(client.exports.text(export), urljoin(client.address, export.download_url))

    links = [line for line in text.splitlines() if not line.startswith("#")]
    assert [httpx.get(link, trust_env=False).content for link in links] == [b"one", LARGE]


def test_what_cannot_be_exported_is_refused_with_the_way_out(local: Served, client: Client) -> None:
    pending = local.order(files=1)["id"]

    with pytest.raises(ClientError) as caught:
        client.exports.order(pending)

    assert caught.value.status == 409
    assert caught.value.message


def test_an_export_that_is_not_there_cannot_be_fetched(local: Served, client: Client, tmp_path: Path) -> None:
    export = completed(client, made(local, BATCH))
    client.exports.remove(export.batch_id, export.id)

    with pytest.raises(ClientError) as caught:
        client.exports.save(export, tmp_path / "all.zip")
    assert caught.value.status in (403, 404)
    assert list(tmp_path.iterdir()) == []

    with pytest.raises(ClientError, match="is cancelled"):
        client.exports.save(
            export.model_copy(update={"download_url": None, "status": "cancelled"}), tmp_path / "x"
        )
