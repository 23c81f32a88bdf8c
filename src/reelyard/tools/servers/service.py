"""How to speak to the child that speaks to servers: what starts it and what may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Command, Limits, Service, python_child
from reelyard.tools.servers.answers import MOST_SOUND
from reelyard.tools.servers.configured import URL, Server, ServerKind, variable

DATA = "REELYARD_DATA"  # the data folder, as workers know it
STATE = "REELYARD_SERVERS_STATE"  # where the child finds its limits' files
LONGEST_TURN_S = 900.0  # so long a request may wait until its limits allow it
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
MIB = 1024 * 1024


def servers_service(environ: Mapping[str, str]) -> Service:
    """The child. It has the network and the keys, and sees no file of a user.

    The folder for its limits is made where there is a data folder; else they hold for this child alone.
    """
    argv, paths = python_child("reelyard.tools.servers.child")
    state = _state_folder(environ)
    own = {name: value for name, value in environ.items() if name.startswith(_PREFIXES)}
    handed = {
        name: environ[name]
        for each in (*PROXIES, *CERTIFICATES)
        for name in (each, each.lower())
        if environ.get(name)
    }
    limits = {} if state is None else {STATE: str(state)}
    command = Command(
        argv=argv,
        reads=tuple(Path(environ[name]) for name in CERTIFICATES if environ.get(name)),
        writes=() if state is None else (state,),
        limits=Limits(wall_s=float("inf"), cpu_s=None, memory_bytes=1536 * MIB, file_bytes=MOST_SOUND + MIB),
        network=True,
        env=tuple(sorted({**dict(paths), **own, **handed, **limits}.items())),
    )
    return Service("servers", command)


_PREFIXES = tuple(variable(kind, URL).removesuffix(URL.upper()) for kind in ServerKind)


def _state_folder(environ: Mapping[str, str]) -> Path | None:
    """Beside what workers have, which is emptied at every start."""
    data = environ.get(DATA)
    if not data or not Path(data).is_dir():
        return None
    folder = Path(data).resolve() / "scratch" / "servers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def post(server: Server, path: str, body: Mapping[str, Any], *, optional: tuple[str, ...] = ()) -> JsonObject:
    """One request. `optional`: fields of `body` that are left out for a server that does not know them.

    Events: `{"waiting": seconds}` while it is not its turn, `{"data": base64, "at": offset}` of sound and
    pictures.
    Answer: `{"text", "cut"}` or `{"size"}`; `{"passing": {"reason", "charged", "wait_s"}}` when it is worth
    asking again; `{"turned": {"reason", "status", "hint", "said"}}` when it is not.
    """
    fields = {**body, **server.fields}
    return {
        "kind": server.kind.value,
        "path": path,
        "body": fields,
        "optional": [*(name for name in optional if name not in server.fields)],
        "wait_s": 0.0,
        "once": "",  # an id of the try: one that was begun is not begun again, whoever repeats the request
    }


def time_for(server: Server, wait_s: float) -> float:
    """How many seconds the child may take for one request; the server itself is watched in the child."""
    return wait_s + LONGEST_TURN_S + 3 * server.timeout_s + 30.0
