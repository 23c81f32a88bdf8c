"""Signed links: who may do what with which thing until when, proved by an HMAC over all of the link's text.

    /api/v1/uploads/7f…/parts/3?exp=1790000000&u=…&s=…&p=3&sig=…

`sig` stands last and covers, beside the method and the host, every character before it; so a link that holds
is the very text that was given out, and there is nothing to normalise.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote

from reelyard.errors import BadSignature, InvalidInput

UPLOAD_LIFETIME = timedelta(minutes=15)
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+", re.ASCII)
_KEY_BYTES = 32
_BEFORE_SIGNATURE = "&sig="


@dataclass(frozen=True, slots=True)
class Grant:
    """What a link allows. `path` and `method` are the request's; the rest travels in the link."""

    method: str  # one of HTTP's; check a HEAD as a GET
    path: str  # from the first slash, unescaped ASCII
    user: str  # whose right it is; may name a session or epoch, so that a changed password ends it
    subject: str  # the file's, upload's or export's id
    part: int | None = None
    disposition: str | None = None  # "inline" or "attachment"
    filename: str | None = None  # as the download is to be named
    mime: str | None = None  # the media type that the answer is to have
    host: str = ""  # where it holds, when one server answers to several names


class Signer:
    """Signs with the current key; links signed with previous keys hold until they expire.

    A key has 32 bytes; raises InvalidInput for another length.
    """

    def __init__(self, current: bytes, previous: Sequence[bytes] = ()) -> None:
        self._keys = (current, *previous)
        if any(len(key) != _KEY_BYTES for key in self._keys):
            raise InvalidInput(f"A signing key has exactly {_KEY_BYTES} bytes.")

    def sign(self, grant: Grant, *, now: datetime, lifetime: timedelta) -> str:
        """The link, as path and query, that holds from `now` for `lifetime`, rounded up to a second.

        Raises InvalidInput when the path would need escaping.
        """
        if not _PATH.fullmatch(grant.path):
            raise InvalidInput(f"The path {grant.path[:200]!r} cannot be signed: it needs escaping.")
        link = f"{grant.path}?{_query(grant, math.ceil((now + lifetime).timestamp()))}"
        return link + _BEFORE_SIGNATURE + _signature(self._keys[0], grant.method, grant.host, link)

    def verify(self, method: str, target: str, *, now: datetime, host: str = "") -> Grant:
        """What the link allows; `target` is path and query as they came, not decoded.

        Raises BadSignature, the same for every reason but an honest link's age. Whether the thing still
        exists, and whether the path names the subject, is the caller's question.
        """
        link, _, given = target.rpartition(_BEFORE_SIGNATURE)
        genuine = False
        for key in self._keys:  # all of them, so that the time tells nothing
            expected = _signature(key, method, host, link)
            genuine |= hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))
        if not genuine:
            raise BadSignature("The link is not valid.", hint="Ask for a new one.")
        path, _, query = link.partition("?")
        fields = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
        if now.timestamp() > int(fields["exp"]):
            raise BadSignature("The link has expired.", hint="Ask for a new one.")
        return Grant(
            method=method,
            path=path,
            user=fields["u"],
            subject=fields["s"],
            part=int(fields["p"]) if "p" in fields else None,
            disposition=fields.get("d"),
            filename=fields.get("f"),
            mime=fields.get("m"),
            host=host,
        )


def _query(grant: Grant, expires: int) -> str:
    fields = {
        "exp": expires,
        "u": grant.user,
        "s": grant.subject,
        "p": grant.part,
        "d": grant.disposition,
        "f": grant.filename,
        "m": grant.mime,
    }
    return "&".join(f"{name}={_escaped(value)}" for name, value in fields.items() if value is not None)


def _escaped(value: object) -> str:
    return quote(str(value).encode("utf-8", "replace"), safe="")


def _signature(key: bytes, method: str, host: str, link: str) -> str:
    """URL-safe base64 of the HMAC; compared as text, since base64 has several texts for the same bytes."""
    parts = (method, host, link)
    message = b"".join(
        len(encoded).to_bytes(4, "big") + encoded
        for encoded in (part.encode("utf-8", "surrogatepass") for part in parts)
    )
    return base64.urlsafe_b64encode(hmac.new(key, message, hashlib.sha256).digest()).rstrip(b"=").decode()
