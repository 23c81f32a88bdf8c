"""A first look at a file that has just arrived: refused at once where its content already tells that it is of no use.

What can be worked on is found out by the verification, in a confined child; here only a few bytes are compared.
"""

from __future__ import annotations

from collections.abc import Collection

from reelyard.core.library.models import LibraryFile
from reelyard.errors import InvalidInput
from reelyard.media.info import Kind
from reelyard.media.sniffing import refusal, sniff, take_sample
from reelyard.storage.storage import Storage


def glance(storage: Storage, file: LibraryFile, accepts: Collection[Kind]) -> None:
    """Raises InvalidInput for a file that is of no kind in `accepts`, or of none that is known; BlobMissing."""
    with storage.open(file.blob_key or "") as stream:
        sample = take_sample(stream)
    found = sniff(sample, file.name)
    if found is None:
        raise InvalidInput(refusal(sample), file_id=file.id)
    if found.kinds.isdisjoint(accepts):
        wanted = " or ".join(sorted(accepts))
        raise InvalidInput(f"The file is {found.name}, and {wanted} is taken here.", file_id=file.id)
