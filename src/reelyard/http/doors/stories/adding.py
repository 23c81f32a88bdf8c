"""Files that come as a form: stored, looked at, counted; each that is not taken is named."""

from __future__ import annotations

from collections.abc import Sequence

from reelyard.bootstrap import Container
from reelyard.core.library.models import FileStatus, LibraryFile
from reelyard.errors import InvalidInput, Refused
from reelyard.http.doors.stories import schemas, translate
from reelyard.http.forms import Received, Taken
from reelyard.http.taking import let_go, look_at
from reelyard.media.info import Kind

ACCEPTED = frozenset({Kind.DOCUMENT})


def first_look(services: Container, owner_id: str, received: Received) -> list[str]:
    """Name what is no text by its name or its first bytes; gives the ids of the others.

    Raises what is wrong with a form that held no file.
    """
    files = received.files
    if not files and received.failure is not None:
        raise received.failure
    for one in files:
        if one.error is None and not one.name.lower().endswith(translate.ENDINGS):
            kinds = ", ".join(translate.ENDINGS)
            one.error = InvalidInput(f"Its name does not end as that of a text that is taken here: {kinds}.")
    look_at(services, owner_id, [one for one in files if one.error is None], ACCEPTED)
    return [one.file_id for one in files if one.error is None and one.file_id is not None]


def told(services: Container, owner_id: str, files: Sequence[Taken]) -> schemas.UploadedFiles:
    """What became of each file; those that turned out to be unreadable are let go."""
    found: list[schemas.UploadedFile] = []
    with services.db.read() as tx:
        for one in files:
            if one.error is None and one.file_id is not None:
                file = services.library.get(tx, owner_id, one.file_id)
                one.error = _refusal(file)
                if one.error is None:
                    found.append(_uploaded(file))
    let_go(services, owner_id, [one for one in files if one.error is not None])
    errors = [
        schemas.FileError(file_name=one.name, message=str(one.error))
        for one in files
        if one.error is not None
    ]
    return schemas.UploadedFiles(files=found, errors=errors)


def _refusal(file: LibraryFile) -> Refused | None:
    if file.status != FileStatus.REFUSED:
        return None
    return InvalidInput(file.error_message or "The file cannot be read.", hint=file.error_hint)


def _uploaded(file: LibraryFile) -> schemas.UploadedFile:
    words = (file.info or {}).get("words")
    return schemas.UploadedFile(id=file.id, file_name=file.name, size=file.size or 0, words=words)
