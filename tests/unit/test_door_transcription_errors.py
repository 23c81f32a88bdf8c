from __future__ import annotations

import json

import pytest

from reelyard import errors
from reelyard.http.doors.transcription.errors import answer, message_of


def test_an_error_has_a_code_and_a_message_and_nothing_else() -> None:
    error = errors.StorageFull("There is no room left.", hint="Free some space.", secret="x")
    response = answer(error, 507, "r")

    assert response.status_code == 507
    assert json.loads(bytes(response.body)) == {
        "error": {"code": "storage_full", "message": "There is no room left. Free some space."}
    }


@pytest.mark.parametrize(
    ("status", "here"), [(422, 400), (415, 400), (400, 400), (404, 404), (409, 409), (413, 413)]
)
def test_bad_input_of_every_kind_is_400(status: int, here: int) -> None:
    assert answer(errors.InvalidInput(), status, "r").status_code == here


def test_what_is_not_there_is_named_as_the_document_names_it() -> None:
    assert message_of(errors.NotFound("There is no such batch.", noun="batch")) == "Batch job not found"
    assert message_of(errors.NotFound("There is no such item.", noun="item")) == "Batch item not found"
    assert (
        message_of(errors.NotFound("There is nothing at this address."))
        == "There is nothing at this address."
    )


@pytest.mark.parametrize(
    ("noun", "state", "told"),
    [
        ("batch", "pending", "The job is DRAFT"),
        ("batch", "processing", "The job is RUNNING"),
        ("batch", "paused", "The job is PAUSED"),
        ("batch", "completed", "The job is COMPLETED"),
        ("batch", "failed", "The job is ERROR"),
        ("batch", "cancelled", "The job is cancelled"),
        ("item", "uploading", "The item is PENDING"),
        ("item", "processing", "The item is PROCESSING"),
        ("item", "failed", "The item is ERROR"),
    ],
)
def test_a_forbidden_move_names_the_state_as_this_door_knows_it(noun: str, state: str, told: str) -> None:
    error = errors.IllegalTransition(noun, state, "start", ("pause", "redo", "cancel"))

    assert message_of(error) == f"{told}, which does not allow “start”. Possible now: pause, cancel."
