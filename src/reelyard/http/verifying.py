"""Waiting until files that have just come were looked at: only then is known what they are, and whether they are any."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from reelyard.core.library.models import FileStatus
from reelyard.http.live import Feeds


async def looked_at(feeds: Feeds, owner_id: str, file_ids: Collection[str], most_s: float) -> None:
    """Return when none of the owner's files is being verified any more, at the latest after `most_s` seconds."""
    if not file_ids:
        return
    services = feeds.container

    def waiting() -> bool:
        with services.db.read() as tx:
            files = (services.library.get(tx, owner_id, file_id) for file_id in file_ids)
            return any(file.status == FileStatus.VERIFYING for file in files)

    feed = await feeds.open(owner_id, counted=False)
    try:
        async with asyncio.timeout(most_s):
            if not await asyncio.to_thread(waiting):
                return
            async for _ in feed:
                if not await asyncio.to_thread(waiting):
                    return
    except TimeoutError:
        pass
    finally:
        feed.close()
