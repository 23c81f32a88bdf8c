"""What tests of the founding front end for stories begin with."""

from __future__ import annotations

from typing import Any

from tests.acceptance.stories_front_end import StoriesApi

Json = dict[str, Any]


def text(name: str) -> bytes:
    """A text of three paragraphs; what becomes of it stands in its name."""
    about = name.partition(".")[0]
    return f"The story of {about}\n\nThere was a {about} by the sea.\n\nIt is there still.\n".encode()


def uploaded(api: StoriesApi, *names: str) -> list[str]:
    told = api.batch_upload([(name, text(name)) for name in names])
    assert told["errors"] == []
    return [one["id"] for one in told["files"]]


def created(api: StoriesApi, *names: str, **options: Any) -> Json:
    """A batch of such texts."""
    return api.batch_create(uploaded(api, *names), **options)
