"""Batches and what happens to them, by the client."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.support.relay import relay
from tests.support.served import Served

from reelyard.client import Client, ClientError, Event, File, Order, Patience, Reset, Unreachable
from reelyard.client.models import Message
from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.testing.media import MediaMaker

QUICK = Patience(first_wait_s=0.01)


@pytest.fixture
def client(offline: Served) -> Iterator[Client]:
    with Client(offline.address, patience=QUICK) as found:
        yield found


def files_of(offline: Served, number: int) -> list[str]:
    return offline.files(number, LOCAL_OWNER)


def kinds(messages: Iterator[Message], until: str) -> list[str]:
    heard = []
    for message in messages:
        if isinstance(message, Event):
            heard.append(message.kind)
            if message.kind == until:
                break
    return heard


def test_a_batch_is_ordered_commanded_and_deleted(offline: Served, client: Client) -> None:
    batch = client.batches.create(Order("talks", settings={"language": "en"}), files_of(offline, 2))
    assert (batch.status, batch.counts.total, batch.settings["language"]) == ("pending", 2, "en")

    assert client.batches.start(batch.id).status == "processing"
    assert client.batches.pause(batch.id).status == "paused"
    assert client.batches.resume(batch.id).status == "processing"
    assert client.batches.change(batch.id, name="more talks").name == "more talks"
    assert client.batches.cancel(batch.id).ended
    client.batches.delete(batch.id)

    with pytest.raises(ClientError) as caught:
        client.batches.get(batch.id)
    assert (caught.value.code, caught.value.status) == ("not_found", 404)


def test_a_refusal_carries_code_reason_and_way_out(offline: Served, client: Client) -> None:
    batch = client.batches.create(Order("talks"), files_of(offline, 1))

    with pytest.raises(ClientError) as caught:
        client.batches.pause(batch.id)

    assert caught.value.code == "illegal_transition"
    assert caught.value.details["from"] == "pending"
    assert "start" in (caught.value.hint or "")


def test_items_are_added_listed_and_taken_out(offline: Served, client: Client) -> None:
    batch = client.batches.create(Order("talks"))
    ids = client.batches.add_files(batch.id, files_of(offline, 3))

    client.batches.remove(batch.id, ids[:1])

    items = list(client.batches.items(batch.id))
    assert [item.id for item in items] == ids[1:]
    assert client.batches.item(batch.id, ids[1]).file.name == items[0].file.name


def test_a_batch_is_found_by_its_name_and_the_beginning_of_its_id(client: Client) -> None:
    one = client.batches.create(Order("found by name"))

    assert client.batches.find("found by name").id == one.id
    assert client.batches.find(one.id[:13]).id == one.id
    with pytest.raises(ClientError, match="no batch"):
        client.batches.find("nothing of the kind")


def test_a_name_that_two_batches_have_is_not_guessed(client: Client) -> None:
    twins = [client.batches.create(Order("twin")) for _ in range(2)]

    with pytest.raises(ClientError, match=twins[0].id[:8]):
        client.batches.find("twin")


def test_what_happens_is_told_as_it_happens_and_after_a_number(offline: Served, client: Client) -> None:
    batch = client.batches.create(Order("followed"), files_of(offline, 1))
    before = client.batches.get(batch.id).seq
    client.batches.start(batch.id)
    live = client.live.follow(batch.id, before)

    cancelling = threading.Thread(target=client.batches.cancel, args=(batch.id,))
    cancelling.start()
    heard = kinds(live, "batch.ended")
    cancelling.join()

    assert heard[0] == "batch.started"


def test_a_feed_goes_on_where_its_connection_broke(offline: Served, client: Client) -> None:
    batch = client.batches.create(Order("broken off"), files_of(offline, 1))
    with relay(offline.address) as between, Client(between.address, patience=QUICK) as reader:
        live = reader.live.follow(batch.id, client.batches.get(batch.id).seq)
        client.batches.start(batch.id)
        assert kinds(live, "batch.started") == ["batch.started"]

        between.cut_all()
        client.batches.pause(batch.id)
        client.batches.resume(batch.id)

        assert kinds(live, "batch.resumed") == ["batch.paused", "batch.resumed"]
        assert between.connections > 1


def test_a_feed_whose_server_has_gone_ends_with_an_error(offline: Served) -> None:
    with ExitStack() as stack:
        between = stack.enter_context(relay(offline.address))
        reader = stack.enter_context(Client(between.address, patience=QUICK))
        batch = reader.batches.create(Order("gone"))
        live = reader.live.follow(batch.id, 0)
        assert isinstance(next(live), Event)

        between.stop()

        with pytest.raises(Unreachable):
            list(live)


def test_a_number_that_is_not_known_begins_with_a_reset(client: Client) -> None:
    batch = client.batches.create(Order("far ahead"))

    assert isinstance(next(client.live.follow(batch.id, 10_000)), Reset)


def test_where_streams_are_refused_it_asks_now_and_then(offline: Served, client: Client) -> None:
    batch = client.batches.create(Order("polled"), files_of(offline, 1))
    most = offline.container.settings.server.max_streams
    held = [client.live.follow(batch.id, 0) for _ in range(most)]
    for each in held:
        next(each)  # the stream is open now

    live = client.live.follow(batch.id, client.batches.get(batch.id).seq)
    client.batches.start(batch.id)

    assert kinds(live, "batch.started") == ["batch.started"]


def test_a_feed_of_no_batch_is_refused(client: Client) -> None:
    with pytest.raises(ClientError) as caught:
        next(client.live.follow("00000000-0000-0000-0000-00000000dead", 0))

    assert caught.value.code == "not_found"


def test_a_recording_goes_all_the_way(served: Served, tmp_path: Path) -> None:
    spoken = MediaMaker(tmp_path).speech("talk.wav", "Good morning everyone.")
    with Client(served.address) as client:
        (file,) = client.files.upload([spoken])
        assert isinstance(file, File)
        batch = client.batches.create(Order("all the way"), [file.id], start=True)
        heard: list[Message] = []
        for message in client.live.follow(batch.id, 0):
            heard.append(message)
            if isinstance(message, Event) and message.kind == "batch.ended":
                break
        batch = client.live.wait(batch.id)

        (listed,) = client.batches.items(batch.id)
        item = client.batches.item(batch.id, listed.id)
        outputs = {output.role: output for output in item.outputs}
        text = client.outputs.read(outputs["transcript.txt"])
        saved = client.outputs.save(client.outputs.get(outputs["transcript.srt"].id), tmp_path / "talk.srt")

    assert batch.status == "completed"
    assert [message.kind for message in heard if isinstance(message, Event)][-1] == "batch.ended"
    assert item.fact("recogniser") == "pocketsphinx"
    assert item.fact("words") == len(text.split())
    assert " --> " in saved.read_text()
    assert client.address == served.address
