"""Stories through the client: read, changed, undone, made anew; and voices, heard and listed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.integration.test_http_stories import MADE, told
from tests.support.site import Site, site
from tests.support.stories import NAME

from reelyard.client import Change, Client, ClientError
from reelyard.core.accounts.models import LOCAL_OWNER


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("data"), pipelines=NAME) as running:
        yield running


@pytest.fixture
def client(server: Site) -> Iterator[Client]:
    with Client(server.address) as found:
        yield found


def test_a_story_is_changed_undone_and_made_anew(server: Site, client: Client) -> None:
    _, _, _, _, batch, _, item, _ = told(server, LOCAL_OWNER, MADE).split("/")

    first = client.stories.get(batch, item)
    changed = client.stories.change(batch, first, [Change(2, {"text": "He slept.", "seed": None})])
    with pytest.raises(ClientError) as stale:
        client.stories.change(batch, first, [Change(1, {"text": "Late."})])
    undone = client.stories.undo(batch, changed)
    made = client.stories.make(batch, item)

    assert [chunk.text for chunk in first.chunks] == ["He lit the lamp.", "Then he slept."]
    assert (changed.revision, changed.told, changed.chunks[1].text) == (1, False, "He slept.")
    assert changed.chunks[1].seed is None
    assert stale.value.code == "conflict"
    assert (undone.revision, undone.chunks) == (2, first.chunks)
    assert made.status == "pending"
    picture = first.chunks[0].picture
    assert picture is not None
    assert client.outputs.read(picture) == b"lamp"


def test_voices_are_listed(client: Client) -> None:
    assert [voice.id for voice in client.stories.voices()] == ["espeak:en", "espeak:de"]
    assert [voice.language for voice in client.stories.voices("de")] == ["de"]
