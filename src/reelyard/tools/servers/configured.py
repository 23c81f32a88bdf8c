"""Which servers are configured, from a worker's environment: what they are called, what they cost. Pure.

Here is the one definition of the variables' names. A key is never part of a value of this module: only the
child that speaks to the servers reads it (`key_of`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, urlsplit

from reelyard.errors import ModelUnavailable
from reelyard.kit.json import Json, JsonObject, digest

PREFIX = "REELYARD_"
VERSION = "/v1"  # of the API, where an address has no path of its own
URL, KEY, MODEL, EXTRA = "url", "key", "model", "extra"


class ServerKind(StrEnum):
    """What a server does."""

    TEXT = "text"
    SPEECH = "speech"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Server:
    """One configured server, without its key."""

    kind: ServerKind
    url: str  # without a slash at its end
    model: str
    timeout_s: float = 120.0  # of one request
    requests_per_minute: int | None = None
    at_once: int = 2
    price: float = 0.0  # of a request; of a text server: of 1,000 characters, asked and answered
    voices: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()  # such as 1024x1024
    extra: str = ""  # a JSON object: further fields of each request

    @property
    def host(self) -> str:
        """Its name for people and for comparing: host and, where it is not the usual one, port."""
        return host_of(self.url)

    @property
    def fields(self) -> dict[str, Any]:
        """`extra` as an object."""
        found: dict[str, Any] = json.loads(self.extra) if self.extra else {}
        return found

    def told(self) -> dict[str, Json]:
        """What others may know of it: for inventories, doctor and the API."""
        found: dict[str, Json] = {
            "host": self.host,
            "model": self.model,
            "price": self.price,
            "digest": digest({"sizes": list(self.sizes), "extra": self.extra})[:12],
        }
        if self.kind is ServerKind.SPEECH:
            found["voices"] = list(self.voices)
        return found


def host_of(url: str) -> str:
    """Host and port of an address, never the user or password that may stand before them."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port is not None else ""
    host = parts.hostname or ""
    return f"[{host}]{port}" if ":" in host else f"{host}{port}"


def origin_of(url: str) -> tuple[str, str, int | None]:
    """What has to be equal for two addresses to be of the same server."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def checked_url(url: str) -> str:
    """The address as it is used: one without a path gets /v1. Raises ValueError with a sentence."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("write it as https://host/v1")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ValueError("write it without user, password, ? and #; the key has a setting of its own")
    path = parts.path.rstrip("/") or VERSION
    return SplitResult(parts.scheme, parts.netloc, path, "", "").geturl()


def variable(kind: ServerKind, field: str) -> str:
    """The name of a setting in the environment."""
    return f"{PREFIX}{kind.value.upper()}_SERVER__{field.upper()}"


def to_environ(kind: ServerKind, values: Mapping[str, Any]) -> dict[str, str]:
    """Settings by their fields as variables; None is left out, lists become JSON."""
    return {
        variable(kind, name): value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if value is not None
    }


def find_server(environ: Mapping[str, str], kind: ServerKind) -> Server | None:
    """The server of that kind; None when none is configured. Raises ValueError on values that settings refuse."""
    url, model = environ.get(variable(kind, URL)), environ.get(variable(kind, MODEL))
    if not url or not model:
        return None
    told = {name: environ.get(variable(kind, name)) for name in _READ}
    given = {name: _READ[name](value) for name, value in told.items() if value}
    return Server(kind, checked_url(url), model, extra=environ.get(variable(kind, EXTRA), ""), **given)


def _strings(value: str) -> tuple[str, ...]:
    return tuple(map(str, json.loads(value)))


_READ: dict[str, Any] = {
    "timeout_s": float,
    "requests_per_minute": int,
    "at_once": int,
    "price": float,
    "voices": _strings,
    "sizes": _strings,
}


def find_servers(environ: Mapping[str, str]) -> tuple[Server, ...]:
    """All that are configured."""
    return tuple(found for kind in ServerKind if (found := find_server(environ, kind)) is not None)


def key_of(environ: Mapping[str, str], kind: ServerKind) -> str | None:
    """The key; None where the server wants none. Only for the child that asks, and for who starts it."""
    return environ.get(variable(kind, KEY)) or None


def inventory(environ: Mapping[str, str]) -> dict[str, Json]:
    """What the configured servers are, by kind: host, model, price, voices."""
    return {server.kind.value: server.told() for server in find_servers(environ)}


def required(kind: ServerKind, has: JsonObject) -> JsonObject:
    """What is known of the server of that kind in an inventory; raises ModelUnavailable when there is none."""
    found: Any = has.get(kind.value)
    if found is None:
        raise ModelUnavailable(f"No {kind} server is configured.", hint=how_to_configure(kind))
    told: JsonObject = found
    return told


def identity_of(server: JsonObject) -> dict[str, Json]:
    """What the server's results depend on, of what `told` says: neither its price nor its limits."""
    return {name: server[name] for name in ("host", "model", "digest")}


def how_to_configure(kind: ServerKind) -> str:
    """What to set so that there is one."""
    needs = [variable(kind, URL), variable(kind, MODEL)]
    if kind is ServerKind.SPEECH:
        needs.append(variable(kind, "voices"))
    return f"Set {', '.join(needs)} (and {variable(kind, KEY)} if it wants a key) and start again."
