"""Signed links to stored things: short-lived, bound to one user, one thing and one method.

Paths and queries only, without a host: they hold on whatever address the server is reached.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.requests import HTTPConnection

from reelyard.bootstrap import Container
from reelyard.core.exports.links import OBJECTS
from reelyard.storage.signing import UPLOAD_LIFETIME, Grant

DOWNLOADS = OBJECTS
UPLOADS = "/api/v1/content/uploads/"
WHOLE = "/api/v1/content/whole/"
DOWNLOAD_LIFETIME = timedelta(hours=2)
STEADY = timedelta(
    minutes=15
)  # links asked for within so long are the same text: browsers may keep what they gave


def host_of(asked: HTTPConnection) -> str:
    """Where a request or a socket was sent to, for readers that want links with a host: put it before them."""
    scheme = {"ws": "http", "wss": "https"}.get(asked.base_url.scheme, asked.base_url.scheme)
    return str(asked.base_url.replace(scheme=scheme)).rstrip("/")


def download_url(
    services: Container, owner_id: str, blob_key: str, file_name: str, mime: str, *, inline: bool = False
) -> str:
    """A link that gives the stored thing to whoever has it, for between 1:45 and 2 hours.

    `inline` lets a browser show it, where its media type is harmless; else it is saved as `file_name`.
    The link ends early when the thing is deleted.
    """
    grant = Grant(
        method="GET",
        path=DOWNLOADS + blob_key,
        user=owner_id,
        subject="object",
        disposition="inline" if inline else "attachment",
        filename=file_name,
        mime=mime,
    )
    return services.signer.sign(grant, now=_steady(services.clock.now()), lifetime=DOWNLOAD_LIFETIME)


def part_url(services: Container, owner_id: str, upload_id: str, number: int) -> str:
    """A link that takes one part of an upload by PUT; it may be begun for 15 minutes."""
    grant = Grant(
        method="PUT", path=f"{UPLOADS}{upload_id}/{number}", user=owner_id, subject=upload_id, part=number
    )
    return services.signer.sign(grant, now=services.clock.now(), lifetime=UPLOAD_LIFETIME)


def whole_url(services: Container, owner_id: str, upload_id: str) -> str:
    """A link that takes a whole file by one PUT and completes the upload; it may be begun for 15 minutes."""
    grant = Grant(method="PUT", path=f"{WHOLE}{upload_id}", user=owner_id, subject=upload_id)
    return services.signer.sign(grant, now=services.clock.now(), lifetime=UPLOAD_LIFETIME)


def _steady(now: datetime) -> datetime:
    seconds = STEADY.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
