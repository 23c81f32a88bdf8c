"""Errors as answers: one table from the product's errors to statuses, one shape of body, never a traceback.

A door whose document promises another shape gives its own for the paths under its prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from reelyard import errors

log = structlog.get_logger(__name__)

Shape = Callable[[errors.ReelyardError, int, str], Response]  # the error, its status, the request's id

STATUSES: Mapping[type[errors.ReelyardError], int] = {
    errors.InvalidInput: 422,
    errors.MalformedRequest: 400,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.IdempotencyKeyReused: 422,
    errors.TooLarge: 413,
    errors.QuotaExceeded: 403,
    errors.RateLimited: 429,
    errors.TooManyStreams: 429,
    errors.LanguageUnsupported: 422,
    errors.UnknownVoice: 422,
    errors.ModelUnavailable: 422,
    errors.BadSignature: 403,
    errors.Unauthorised: 401,
    errors.ForeignOrigin: 403,
    errors.ForeignHost: 403,
    errors.Refused: 400,
    errors.StageEnd: 422,
    errors.StaleEvent: 409,
    errors.StorageFull: 507,
    errors.StorageUnavailable: 503,
    errors.DatabaseBusy: 503,
    errors.EngineUnavailable: 503,
    errors.ReelyardError: 500,
}


class MethodNotAllowed(errors.Refused):
    """The address does not take this method."""

    code = "method_not_allowed"


class NotReadable(errors.Refused):
    """The kind of body is not one that is taken here."""

    code = "unsupported_media_type"


class Unexpected(errors.Fault):
    """Something went wrong here. It was logged under the request's id."""

    code = "internal_error"


_BY_STATUS: Mapping[int, Callable[[], errors.ReelyardError]] = {
    404: lambda: errors.NotFound("There is nothing at this address."),
    405: MethodNotAllowed,
    413: errors.TooLarge,
    415: NotReadable,
}


def status_of(error: errors.ReelyardError) -> int:
    """The status of the nearest class in the table."""
    own = {MethodNotAllowed: 405, NotReadable: 415}
    table: Mapping[Any, int] = {**STATUSES, **own}
    return next(table[kind] for kind in type(error).__mro__ if kind in table)


def body_of(error: errors.ReelyardError, request_id: str) -> dict[str, Any]:
    """The body that `/api/v1` answers with."""
    told = {"code": error.code, "message": error.message, "hint": error.hint, "details": error.details}
    return {"error": told, "request_id": request_id}


def plain(error: errors.ReelyardError, status: int, request_id: str) -> Response:
    """The shape of `/api/v1`."""
    return JSONResponse(body_of(error, request_id), status)


def answer(connection: HTTPConnection, error: errors.ReelyardError) -> Response:
    """The error as the response that the path's reader expects."""
    status = status_of(error)
    request_id = str(connection.scope.get("state", {}).get("request_id", ""))
    shapes: Mapping[str, Shape] = connection.app.state.shapes
    path = connection.scope["path"]
    shape = next(
        (shape for prefix, shape in shapes.items() if path == prefix or path.startswith(f"{prefix}/")), plain
    )
    response = shape(error, status, request_id)
    if isinstance(error, errors.RateLimited):
        response.headers.update(_rate(error))
    if status == 503:
        response.headers.setdefault("Retry-After", "1")
    if status == 401:
        response.headers.setdefault("WWW-Authenticate", "Bearer")
    return response


def _rate(error: errors.RateLimited) -> dict[str, str]:
    """When to come back, and what the rate is (the IETF's draft of RateLimit header fields)."""
    return {
        "Retry-After": str(error.retry_after_s),
        "RateLimit-Policy": f'"hour";q={error.limit};w={error.window_s}',
        "RateLimit": f'"hour";r=0;t={error.retry_after_s}',
    }


def invalid(error: RequestValidationError) -> errors.ReelyardError:
    """Why a request does not fit its schema: the first reason as a sentence, all of them as details. No input is echoed."""
    found = [{"field": _field(each["loc"]), "message": str(each["msg"])} for each in error.errors()[:20]]
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return errors.MalformedRequest("The body is not JSON.")
    first = found[0] if found else {"field": "", "message": "it does not fit"}
    named = f"The field “{first['field']}”" if first["field"] else "The body"
    return errors.InvalidInput(
        f"{named} is not right: {first['message']}.", field=first["field"], errors=found
    )


def _field(location: tuple[int | str, ...]) -> str:
    inner = (
        location[1:]
        if location and location[0] in ("body", "query", "path", "header", "cookie")
        else location
    )
    return ".".join(str(part) for part in inner)


def install(app: FastAPI, shapes: Mapping[str, Shape]) -> None:
    """Answer every error of `app`; `shapes` gives other bodies under a path's prefix."""
    app.state.shapes = dict(shapes)

    def product(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.ReelyardError)  # noqa: S101 - registered for it alone
        if status_of(error) >= 500:
            log.warning("request.fault", code=error.code, reason=str(error), path=request.url.path)
        return answer(request, error)

    def schema(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
        return answer(request, invalid(error))

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
        make = _BY_STATUS.get(error.status_code, errors.MalformedRequest)
        response = answer(request, make())
        response.headers.update(error.headers or {})
        return response

    app.add_exception_handler(errors.ReelyardError, product)
    app.add_exception_handler(RequestValidationError, schema)
    app.add_exception_handler(HTTPException, http)
