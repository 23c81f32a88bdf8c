"""What can go wrong for one who talks to a Reelyard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reelyard.errors import ReelyardError


class ClientError(ReelyardError):
    """The server refused a request or failed on it; `code` is the server's stable word."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        hint: str | None = None,
        status: int = 0,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.details = dict(details or {})
        self.code = code  # type: ignore[misc]  # one instance speaks of one case
        self.status = status  # of HTTP; 0 when there was no answer


class Unreachable(ClientError):  # noqa: N818 - named as in reelyard.errors
    """No Reelyard answers at the address."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            "unreachable",
            f"No Reelyard answers at {address}: {reason}.",
            hint="Start one with “reelyard serve”, or check the address.",
        )


class RefusedFile(ClientError):  # noqa: N818 - as above
    """A file was not taken; the message names it and the reason, and the others go on."""

    def __init__(self, name: str, cause: ReelyardError) -> None:
        super().__init__(cause.code, cause.message, hint=cause.hint, details=cause.details)
        self.name = name
