"""Who is asking. In one-user mode: whoever sits at this machine, or holds the data folder's credential.

Without a credential a request must come from this machine (the peer is a loopback address and no proxy stands
between), name the server by a loopback name (a page that rebinds its own name to 127.0.0.1 does not) and, when
a page sent it, come from the server's own page. A credential in the `Authorization` header is proof by itself;
in a cookie it is proof for what a page of another site cannot send.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from typing import Annotated, Protocol
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import HTTPConnection

from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.errors import ForeignHost, ForeignOrigin, Unauthorised

COOKIE = "reelyard"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Identity(Protocol):
    """Tells whose request it is."""

    def owner(self, connection: HTTPConnection) -> str:
        """The owner's id. Raises Unauthorised, ForeignHost, ForeignOrigin."""
        ...


@dataclass(frozen=True, slots=True)
class LocalIdentity:
    """One-user mode. `credential` is the one published in the data folder."""

    credential: str

    def owner(self, connection: HTTPConnection) -> str:
        if self._bearer(connection):
            return LOCAL_OWNER
        if self._is_ours(connection.cookies.get(COOKIE)):
            check_origin(connection)
            return LOCAL_OWNER
        if not _from_this_machine(connection):
            raise Unauthorised(
                "This Reelyard answers other machines only with its credential.",
                hint="Send it as “Authorization: Bearer …”; it stands in holder.json in the data folder.",
            )
        check_host(connection)
        check_origin(connection, always=True)
        return LOCAL_OWNER

    def _bearer(self, connection: HTTPConnection) -> bool:
        given = connection.headers.get("authorization")
        if given is None:
            return False
        scheme, _, value = given.partition(" ")
        if scheme.lower() != "bearer" or not self._is_ours(value.strip()):
            raise Unauthorised(
                "The credential is not this data folder's.", hint="Read holder.json in the data folder."
            )
        return True

    def _is_ours(self, given: str | None) -> bool:
        if not given:
            return False
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.credential.encode())


def check_host(connection: HTTPConnection) -> None:
    """Refuse a Host that is no loopback name, or names another port. Raises ForeignHost."""
    name, port = _host(connection.headers.get("host", ""))
    server = connection.scope.get("server")
    right_port = port is None or server is None or server[1] is None or port == server[1]
    if not (name == "localhost" or _is_loopback(name)) or not right_port:
        raise ForeignHost(
            "The request names a server that this one is not.",
            hint="Use http://127.0.0.1 with the port that was printed.",
        )


def check_origin(connection: HTTPConnection, *, always: bool = False) -> None:
    """Refuse what a page of another site sent; requests that change nothing only when `always`. Raises ForeignOrigin."""
    changes = connection.scope["type"] == "websocket" or connection.scope.get("method") not in _SAFE
    if not (changes or always):
        return
    origin = connection.headers.get("origin")
    if origin is None:
        if changes and connection.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise ForeignOrigin(hint="Use Reelyard's own page, or send the credential in a header.")
        return
    found = urlsplit(origin)
    if (
        found.scheme not in ("http", "https")
        or found.netloc.lower() != connection.headers.get("host", "").lower()
    ):
        raise ForeignOrigin(hint="Use Reelyard's own page, or send the credential in a header.")


def _from_this_machine(connection: HTTPConnection) -> bool:
    peer = connection.client
    if peer is None or any(header in connection.headers for header in _PROXY_HEADERS):
        return False
    return _is_loopback(peer.host)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _host(value: str) -> tuple[str, int | None]:
    """The name and port of a Host header; an empty name when it cannot be read."""
    try:
        parts = urlsplit(f"//{value}")
        return (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "", None


def _asking(connection: HTTPConnection) -> str:
    identity: Identity = connection.app.state.identity
    return identity.owner(connection)


Owner = Annotated[str, Depends(_asking)]
