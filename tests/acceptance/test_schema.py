"""The whole API against its own OpenAPI description, by generated requests: no fault, and no answer that is not described.

A stated number of examples for each operation keeps this short here; REELYARD_SCHEMA_EXAMPLES asks for more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks
from tests.support.outputs import complete_with_transcript
from tests.support.served import OWNER_HEADER, HeaderIdentity, Served, as_owner

from reelyard.bootstrap import Container
from reelyard.http.app import create_app
from reelyard.http.server import Running

EXAMPLES = int(os.environ.get("REELYARD_SCHEMA_EXAMPLES", "8"))
ENDLESS = r"/(stream|progress)$"  # a stream that works does not end
CHECKED: list[Any] = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


@pytest.fixture(scope="module")
def user(offline_site: Running) -> Iterator[tuple[Served, dict[str, str]]]:
    """An owner with one of everything, and the ids."""
    owner = as_owner(offline_site)
    batch = owner.order(files=2, start=True)
    ids = complete_with_transcript(owner, batch["id"])
    opened = owner.http.post("/uploads", json={"files": [{"name": "talk.mp3", "size": 100}]}).json()
    ids["upload_id"] = opened["files"][0]["upload"]["id"]
    yield owner, ids
    owner.close()


def described() -> Any:
    """The description alone: no part of the container is asked for it."""
    app = create_app(cast("Container", None), HeaderIdentity())
    return schemathesis.openapi.from_dict(app.openapi()).exclude(path_regex=ENDLESS)


API = described()


@API.parametrize()  # type: ignore[untyped-decorator]  # made from the description at run time
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_server_or_its_description(
    case: schemathesis.Case[Any], user: tuple[Served, dict[str, str]]
) -> None:
    owner, ids = user
    if case.path_parameters and hash(str(case.path_parameters)) % 2:
        known = {name: ids[name] for name in case.path_parameters if name in ids}
        case.path_parameters = {**case.path_parameters, **known}
    headers = {OWNER_HEADER: owner.owner}

    response = case.call(base_url=owner.address, headers=headers)

    case.validate_response(response, checks=CHECKED, headers=headers)
