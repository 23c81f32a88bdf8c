"""The whole tree of errors: what can be refused or go wrong, in the product's words.

Each error names the thing, the reason and the way out. `code` is the stable word that machines read;
the docstring is the sentence that stands when nothing better is known. HTTP statuses, exit codes and
the foreign words of the doors are given elsewhere: nothing here knows who is asking.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ReelyardError(Exception):
    """Something went wrong in Reelyard."""

    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str | None = None, *, hint: str | None = None, **details: Any) -> None:
        self.message = message or _first_sentence(type(self))
        self.hint = hint
        self.details = details
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


def _first_sentence(kind: type[ReelyardError]) -> str:
    return (kind.__doc__ or kind.code).strip().splitlines()[0]


# --- refusals: what was asked cannot be done as asked -------------------------------------------------


class Refused(ReelyardError):
    """The request cannot be carried out."""

    code = "refused"


class InvalidInput(Refused):
    """The request holds a value that is not allowed."""

    code = "invalid_input"


class MalformedRequest(Refused):
    """The request cannot be read."""

    code = "malformed_request"


class NotFound(Refused):
    """There is no such thing, or it is not yours."""

    code = "not_found"


class Conflict(Refused):
    """The request does not fit the present state."""

    code = "conflict"


class IllegalTransition(Conflict):
    """The state does not allow this action."""

    code = "illegal_transition"

    def __init__(self, noun: str, state: str, action: str, allowed: tuple[str, ...]) -> None:
        way_out = f"Possible now: {', '.join(allowed)}." if allowed else "Nothing can be done in this state."
        super().__init__(
            f"The {noun} is {state}, which does not allow “{action}”.",
            hint=way_out,
            **{"from": state, "action": action, "allowed": list(allowed)},
        )
        self.noun = noun
        self.state = state
        self.action = action
        self.allowed = allowed


class FilesMissing(Conflict):
    """Some files of the batch have not arrived yet."""

    code = "files_missing"


class NothingToDo(Conflict):
    """The batch has no file that could be worked on."""

    code = "nothing_to_do"


class NothingToRetry(Conflict):
    """No item of the batch failed."""

    code = "nothing_to_retry"


class SourceMissing(Conflict):
    """The item's file is no longer there."""

    code = "source_missing"


class BatchNotEnded(Conflict):
    """The batch has not ended yet."""

    code = "batch_not_ended"


class NothingToExport(Conflict):
    """The batch has nothing that could be exported."""

    code = "nothing_to_export"


class DuplicateFile(Conflict):
    """The file is already in this batch."""

    code = "duplicate_file"


class IdempotencyKeyReused(Refused):
    """The Idempotency-Key was used before with another request."""

    code = "idempotency_key_reused"


class IdempotencyInFlight(Conflict):
    """The request with this Idempotency-Key is still being carried out."""

    code = "idempotency_in_flight"


class UploadClosed(Conflict):
    """The upload is sealed, aborted or expired."""

    code = "upload_closed"


class UploadIncomplete(Conflict):
    """Parts of the upload are missing."""

    code = "upload_incomplete"


class PartSuperseded(Conflict):
    """The same part is being sent again by a later request."""

    code = "part_superseded"


class TooLarge(Refused):
    """More bytes than were declared or are allowed."""

    code = "too_large"


class QuotaExceeded(Refused):
    """The plan's limit is used up."""

    code = "quota_exceeded"


class RateLimited(Refused):
    """Too often within a time. Try again later."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after_s: int, limit: int, window_s: int) -> None:
        super().__init__(
            message, hint=f"Try again in {retry_after_s} s.", retry_after_s=retry_after_s, limit=limit
        )
        self.retry_after_s = retry_after_s
        self.limit = limit
        self.window_s = window_s


class TooManyStreams(Refused):
    """Too many live streams are open."""

    code = "too_many_streams"


class LanguageUnsupported(Refused):
    """The chosen recogniser or voice does not know this language."""

    code = "language_unsupported"


class UnknownVoice(Refused):
    """There is no voice of that name."""

    code = "unknown_voice"


class ModelUnavailable(Refused):
    """The chosen model is not on this machine."""

    code = "model_missing"


class BadSignature(Refused):
    """The link is not valid, or no longer."""

    code = "bad_signature"


class Unauthorised(Refused):
    """Sign in, or give the credential of the data folder."""

    code = "unauthorised"


class ForeignOrigin(Refused):
    """The request comes from a page of another site."""

    code = "foreign_origin"


class ForeignHost(Refused):
    """The request was sent to a name that is not this server's."""

    code = "foreign_host"


class DataFolderBusy(Refused):
    """Another Reelyard holds the data folder."""

    code = "data_folder_busy"


class UnsuitableDataFolder(Refused):
    """The data folder cannot be used."""

    code = "unsuitable_data_folder"


class BadSetting(Refused):
    """A setting has a value that is not allowed."""

    code = "bad_setting"


# --- faults: something outside the request failed ------------------------------------------------------


class Fault(ReelyardError):
    """Something that is usually there failed."""

    code = "fault"


class StorageFull(Fault):
    """There is no room left on the storage."""

    code = "storage_full"


class StorageUnavailable(Fault):
    """The storage does not answer."""

    code = "storage_unavailable"


class BlobMissing(Fault):
    """A stored file is not where it was put."""

    code = "blob_missing"


class DatabaseBusy(Fault):
    """The database did not answer in time. Try again in a moment."""

    code = "database_busy"


class EngineUnavailable(Fault):
    """The engine is not running."""

    code = "engine_unavailable"


class StaleEvent(ReelyardError):
    """The event comes from one who no longer holds the item; nothing was changed."""

    code = "stale"


# --- how a stage ends otherwise than well ----------------------------------------------------------------


class StageEnd(ReelyardError):
    """A stage ended without a result."""

    code = "stage_failed"


class Reject(StageEnd):
    """The input cannot be worked on; trying again would not help. `code` may be given per case."""

    code = "invalid_media"

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        if code is not None:
            self.code = code  # type: ignore[misc]  # one instance speaks of one case


class SpendingLimit(Reject):
    """What paid servers may cost for this batch has been spent."""

    code = "spending_limit"


class ServerRefused(Reject):
    """A server that was configured did not do what it was asked; asking again would not help."""

    code = "server_refused"


class Retry(StageEnd):
    """A passing fault; the stage is worth trying again later."""

    code = "passing_fault"

    def __init__(self, message: str, *, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        if code is not None:
            self.code = code  # type: ignore[misc]


class ServerUnavailable(Retry):
    """A server that was configured could not be asked now."""

    code = "server_unavailable"


class Skip(StageEnd):
    """The stage has nothing to do for this input."""

    code = "skipped"


class Yielded(StageEnd):
    """The stage was asked to make room and stopped between two parts."""

    code = "yielded"


class Disowned(StageEnd):
    """The stage's token no longer stands: it was cancelled or given to another worker."""

    code = "disowned"


class ToolFailed(StageEnd):
    """A tool refused the input."""

    code = "tool_failed"


class ToolCrash(StageEnd):
    """A tool crashed by itself."""

    code = "tool_crash"


class ToolTimeout(StageEnd):
    """A tool took longer than it may."""

    code = "tool_timeout"


class ResourceLimit(StageEnd):
    """A tool needed more memory, time or room than it may have."""

    code = "resource_limit"


class FilmNotRight(StageEnd):
    """The film that was made is not right."""

    code = "film_not_right"


class ModelMissing(StageEnd):
    """The model is not on this machine and cannot be fetched."""

    code = "model_missing"
