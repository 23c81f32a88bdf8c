"""The library in the database: files, the uploads that bring them, and who refers to what is stored."""

from __future__ import annotations

from reelyard.core.library.repository.files import (
    FileQuery,
    batches_of,
    file_of_owner,
    files_of_owner,
    list_files,
    load_files,
    made_of,
    originals_of_none_but,
    tokens_of_files,
)
from reelyard.core.library.repository.references import arriving, busy_subjects, is_served, named
from reelyard.core.library.repository.uploads import (
    awaited_for,
    open_uploads_for,
    overdue_uploads,
    still_open,
    upload_of_owner,
)

__all__ = [
    "FileQuery",
    "arriving",
    "awaited_for",
    "batches_of",
    "busy_subjects",
    "file_of_owner",
    "files_of_owner",
    "is_served",
    "list_files",
    "load_files",
    "made_of",
    "named",
    "open_uploads_for",
    "originals_of_none_but",
    "overdue_uploads",
    "still_open",
    "tokens_of_files",
    "upload_of_owner",
]
