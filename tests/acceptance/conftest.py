"""The founding front ends, each as a new owner, and what they hand over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance import video_front_end
from tests.acceptance.stories_front_end import BatchProcessingSocket, StoriesApi
from tests.acceptance.transcription_front_end import ApiClient, Live
from tests.support.engine import items_of
from tests.support.film_edit import NAMES as EDITS
from tests.support.films import NAME as FILMS
from tests.support.served import OWNER_HEADER, Served, as_owner, site
from tests.support.stories import NAME as STORIES

from reelyard.http.server import Running
from reelyard.testing.media import MediaMaker


@pytest.fixture
def headers(served: Served) -> dict[str, str]:
    return {OWNER_HEADER: served.owner}


@pytest.fixture
def client(served: Served, headers: dict[str, str]) -> Iterator[ApiClient]:
    client = ApiClient(served.address, headers=headers)
    yield client
    client.close()


@pytest.fixture
def live(served: Served, headers: dict[str, str]) -> Iterator[Live]:
    line = Live(served.address, headers)
    yield line
    line.close()


@pytest.fixture(scope="module")
def tones(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    maker = MediaMaker(tmp_path_factory.mktemp("tones"))
    return [maker.tone(f"{n}.wav", seconds=n) for n in range(1, 4)]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text("Dear friend,\nthis is not a recording.\n")
    return path


@pytest.fixture(scope="session")
def films_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The real server with two real workers and a stand-in for the pipeline of films."""
    data = tmp_path_factory.mktemp("films") / "data"
    with site(data, pipelines=FILMS, retry_delays_s=(0.2, 0.2)) as running:
        yield running


@pytest.fixture
def films(films_site: Running) -> Iterator[Served]:
    """That server as a new owner sees it."""
    found = as_owner(films_site)
    yield found
    found.close()


@pytest.fixture
def front_end(films: Served) -> Iterator[video_front_end.ApiClient]:
    """The founding front end for films, as that owner."""
    client = video_front_end.ApiClient(films.address, {OWNER_HEADER: films.owner})
    yield client
    client.close()


@pytest.fixture(scope="session")
def film_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film of two seconds."""
    return MediaMaker(tmp_path_factory.mktemp("film")).film().read_bytes()


@pytest.fixture(scope="session")
def stories_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The real server with two real workers and a stand-in for the pipeline of stories."""
    data = tmp_path_factory.mktemp("stories") / "data"
    with site(data, pipelines=f"{STORIES},{EDITS}", retry_delays_s=(0.2, 0.2)) as running:
        yield running


@pytest.fixture
def stories(stories_site: Running) -> Iterator[Served]:
    """That server as a new owner sees it."""
    found = as_owner(stories_site)
    yield found
    found.close()


@pytest.fixture
def stories_api(stories: Served) -> Iterator[StoriesApi]:
    """The founding front end for stories, as that owner."""
    api = StoriesApi(stories.address, {OWNER_HEADER: stories.owner})
    yield api
    api.close()


@pytest.fixture
def rooms(stories: Served) -> Iterator[BatchProcessingSocket]:
    """Its socket."""
    line = BatchProcessingSocket(stories.address, {OWNER_HEADER: stories.owner})
    yield line
    line.close()


@pytest.fixture
def text_batch(stories: Served) -> dict[str, str]:
    """A batch of that owner in another pipeline: the ids of it and of its item."""
    batch_id = stories.order(files=1, pipeline="edit")["id"]
    return {"id": batch_id, "item": items_of(stories.container, batch_id)[0].id}
