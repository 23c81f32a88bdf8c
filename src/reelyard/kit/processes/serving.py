"""The child's side of a `Service`: read requests, answer them, end with the parent's pipe."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from reelyard.errors import ModelMissing, ReelyardError, Reject, Retry
from reelyard.kit.json import JsonObject

Emit = Callable[[JsonObject], None]
Handle = Callable[[dict[str, Any], Emit], JsonObject]


def serve(handle: Handle) -> None:
    """Answer requests with `handle(request, emit)` until standard input ends; `emit` sends an event.

    A ReelyardError becomes an error of its kind; any other exception ends the child, and the parent keeps
    its traceback. What libraries print goes to standard error, so that it cannot be taken for an answer.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        message = json.loads(line)
        _send(answers, _answered(message, handle, answers))


def _answered(message: dict[str, Any], handle: Handle, answers: Any) -> JsonObject:
    number = message["id"]
    try:
        answer = handle(message["request"], lambda event: _send(answers, {"id": number, "event": event}))
    except ReelyardError as error:
        return {"id": number, "error": error_as_json(error)}
    return {"id": number, "answer": answer}


def error_as_json(error: ReelyardError) -> JsonObject:
    """An error in the form in which a service answers it."""
    kinds = {Reject: "reject", Retry: "retry", ModelMissing: "model_missing"}
    kind = next((word for type_, word in kinds.items() if isinstance(error, type_)), "failed")
    return {"kind": kind, "code": error.code, "message": error.message, "hint": error.hint}


def _send(answers: Any, message: JsonObject) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()
