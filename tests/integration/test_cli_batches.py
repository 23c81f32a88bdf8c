"""`reelyard batches` through the server that holds the data folder."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
from tests.support.commands import Shell
from tests.support.engine import wait_until
from tests.support.served import Served

from reelyard.client import Batch, Client, Order
from reelyard.core.accounts.models import LOCAL_OWNER


@pytest.fixture
def shell(offline: Served, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(offline.container.settings.data, capsys)


@pytest.fixture
def client(offline: Served) -> Iterator[Client]:
    with Client(offline.address) as found:
        yield found


def ordered(offline: Served, client: Client, name: str, *, start: bool = True) -> Batch:
    return client.batches.create(Order(name), offline.files(2, LOCAL_OWNER), start=start)


def test_batches_are_listed_and_shown_for_people_and_for_machines(
    shell: Shell, offline: Served, client: Client
) -> None:
    batch = ordered(offline, client, "to be shown")

    listed, shown = (
        shell("batches", "list", "--status", "processing"),
        shell("batches", "show", "to be shown"),
    )
    told = shell("batches", "show", batch.id[:8], "--json")

    (line,) = [line for line in listed.out.splitlines() if line.startswith(batch.id[:8])]
    assert line.split()[1:5] == ["to", "be", "shown", "processing"]
    assert "transcription, processing" in shown.out
    assert "file-0" in shown.out
    first, *items = [json.loads(line) for line in told.out.splitlines()]
    assert (first["id"], len(items)) == (batch.id, 2)
    assert any(
        json.loads(line)["id"] == batch.id for line in shell("batches", "list", "--json").out.splitlines()
    )


def test_batches_are_paused_resumed_and_cancelled_by_id_or_name(
    shell: Shell, offline: Served, client: Client
) -> None:
    one, two = ordered(offline, client, "commanded one"), ordered(offline, client, "commanded two")

    assert shell("batches", "pause", one.id[:8], "commanded two").code == 0
    assert {client.batches.get(each.id).status for each in (one, two)} == {"paused"}
    assert "is processing" in shell("batches", "resume", "commanded one").out
    assert shell("batches", "cancel", "commanded one", "commanded two", "--yes").code == 0
    assert client.batches.get(one.id).status == "cancelled"
    assert "is deleted" in shell("batches", "rm", one.id, "-y").out
    assert "no batch" in shell("batches", "show", one.id).err


def test_a_command_that_the_state_forbids_is_refused_with_the_way_out(
    shell: Shell, offline: Served, client: Client
) -> None:
    batch = ordered(offline, client, "not yet", start=False)

    said = shell("batches", "pause", batch.id)

    assert said.code == 1
    assert said.err.startswith("reelyard: The batch is pending, which does not allow “pause”. Possible now: ")
    assert said.err.count("\n") == 1


def test_what_cannot_be_undone_is_asked_for(
    shell: Shell, offline: Served, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = ordered(offline, client, "precious")

    assert "Give --yes" in shell("batches", "cancel", batch.id).err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda _question: False)
    assert "Nothing was done" in shell("batches", "cancel", batch.id).err
    assert client.batches.get(batch.id).status == "processing"

    monkeypatch.setattr("typer.confirm", lambda _question: True)
    assert shell("batches", "cancel", batch.id).code == 0


def test_failed_items_are_tried_again(shell: Shell, offline: Served, client: Client) -> None:
    batch = ordered(offline, client, "try again")
    offline.end(batch.id, ["failed", "completed"])

    assert "is processing" in shell("batches", "retry", batch.id).out
    assert client.batches.get(batch.id).counts.failed == 0


def test_a_batch_is_watched_to_its_end(shell: Shell, offline: Served, client: Client) -> None:
    batch = ordered(offline, client, "watched")
    heard: list[int] = []
    watching = threading.Thread(
        target=lambda: heard.append(shell("batches", "watch", batch.id, "--json").code)
    )

    watching.start()
    offline.end(batch.id, ["completed", "failed"])
    watching.join(20)

    assert heard == [1]


def test_watching_what_has_ended_says_how(shell: Shell, offline: Served, client: Client) -> None:
    batch = ordered(offline, client, "over")
    offline.end(batch.id, ["completed", "completed"])
    wait_until(lambda: client.batches.get(batch.id).ended)

    said = shell("batches", "watch", batch.id)

    assert said.code == 0
    assert "“over” completed: 2 done, 0 failed, 0 cancelled" in said.out
