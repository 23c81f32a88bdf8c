"""What all schemas share: strict input, ids, moments, pages, the shape of errors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from reelyard.errors import NotFound
from reelyard.kit.ids import is_id

Element = TypeVar("Element")


class Given(BaseModel):
    """Base of what clients send: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """Base of what the server sends; made from views."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def _existing(text: str) -> str:
    if not is_id(text):
        raise NotFound("There is nothing with such an id.")
    return text.lower()


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Id = Annotated[str, AfterValidator(_existing), Path(json_schema_extra={"format": "uuid"})]
GivenId = Annotated[
    str, AfterValidator(_existing), Field(min_length=36, max_length=36, json_schema_extra={"format": "uuid"})
]
Name = Annotated[str, Path(max_length=60)]
Moment = Annotated[AwareDatetime, PlainSerializer(_utc, return_type=str, when_used="json")]
Limit = Annotated[int, Query(ge=1, le=500, description="At most so many.")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="Leave out so many at the beginning.")]
Search = Annotated[str | None, Query(max_length=200, description="Only those whose name holds this text.")]


class Page(Told, Generic[Element]):
    """One page of a list, and how many there are in all."""

    data: list[Element]
    total: int
    limit: int
    offset: int


class ErrorFacts(BaseModel):
    """`code` is for machines; `message` says what and why, `hint` the way out."""

    code: str
    message: str
    hint: str | None = None
    details: dict[str, Any] = Field(default_factory=dict)


class ErrorBody(BaseModel):
    """Every refusal and every fault looks like this. Quote `request_id` when you ask for help."""

    error: ErrorFacts
    request_id: str


_MEANINGS = {
    400: "The request cannot be read.",
    401: "A credential is needed.",
    403: "Not allowed, as asked.",
    404: "There is no such thing, or it is not yours.",
    405: "This address does not take this method.",
    409: "The state does not allow it; `details` name it and what is possible.",
    413: "Too large.",
    415: "A kind of body that is not taken here.",
    422: "A value is not allowed; `details` name the field.",
    429: "Too many at once.",
    500: "Something went wrong here.",
    503: "Not available for the moment.",
    507: "There is no room left.",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": meaning} for status, meaning in _MEANINGS.items()
}
