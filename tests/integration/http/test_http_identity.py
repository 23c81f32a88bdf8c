"""Who may speak to a server in one-user mode: this machine by its right name, a page of its own, or the credential."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import HTTPConnection
from tests.support.served import API, IdleCluster
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from reelyard.core.accounts.models import LOCAL_OWNER
from reelyard.errors import Refused, Unauthorised
from reelyard.http.identity import COOKIE, LocalIdentity
from reelyard.http.server import Running, running_server
from reelyard.settings import load_settings
from reelyard.storage.datafolder import holder

THERE = "/batches/00000000-0000-4000-8000-000000000009"
ORDER = {"name": "a", "pipeline": "transcription"}


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = load_settings(data=tmp_path_factory.mktemp("local"), server={"port": 0})
    with running_server(settings, cluster=IdleCluster(), drain_s=0) as running:
        yield running


@pytest.fixture
def http(local: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=local.address + API, trust_env=False) as client:
        yield client


def test_the_one_user_on_this_machine_needs_no_credential(http: httpx.Client) -> None:
    assert http.get("/batches").status_code == 200
    assert http.post("/batches", json=ORDER).status_code == 201


def test_the_servers_own_page_needs_none_either(http: httpx.Client, local: Running) -> None:
    assert http.post("/batches", json=ORDER, headers={"Origin": local.address}).status_code == 201


def test_the_holder_note_names_address_and_credential(local: Running) -> None:
    found = holder(local.container.settings.data)

    assert found is not None
    assert (found.address, found.credential) == (local.address, local.credential)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "", "localhost.evil.example", "[::1"]
)
def test_another_host_is_refused(http: httpx.Client, local: Running, host: str) -> None:
    port = local.address.rpartition(":")[2]

    answer = http.get("/batches", headers={"Host": host.format(port=port)})

    assert answer.status_code in (400, 403)
    if answer.status_code == 403:
        assert answer.json()["error"]["code"] == "foreign_host"


@pytest.mark.parametrize(
    "host", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}", "127.0.0.2:{port}", "[::1]:{port}"]
)
def test_every_loopback_name_is_right(http: httpx.Client, local: Running, host: str) -> None:
    port = local.address.rpartition(":")[2]

    assert http.get("/batches", headers={"Host": host.format(port=port)}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost", "file://"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/batches"),
        ("POST", f"{THERE}/start"),
        ("PATCH", THERE),
        ("DELETE", THERE),
        ("GET", "/batches"),
    ],
)
def test_a_page_of_another_site_is_refused(http: httpx.Client, origin: str, method: str, path: str) -> None:
    answer = http.request(method, path, json=ORDER, headers={"Origin": origin})

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "foreign_origin"


def test_a_cross_site_form_without_an_origin_is_refused_by_what_the_browser_says(http: httpx.Client) -> None:
    answer = http.post("/batches", json=ORDER, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_the_credential_opens_under_every_name(http: httpx.Client, local: Running) -> None:
    headers = {"Authorization": f"Bearer {local.credential}", "Host": "studio.example"}

    assert http.get("/batches", headers=headers).status_code == 200
    assert (
        http.post("/batches", json=ORDER, headers={**headers, "Origin": "https://other.example"}).status_code
        == 201
    )


@pytest.mark.parametrize("value", ["Bearer wrong", "Bearer", "Basic {}", "Bearer {}x", "Bearer \xe9", "{}"])
def test_a_wrong_credential_is_refused_even_here(http: httpx.Client, local: Running, value: str) -> None:
    given = value.format(local.credential).encode("latin-1")

    answer = http.get("/batches", headers=[(b"Authorization", given)])

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_proxy_in_between_takes_the_trust_away(http: httpx.Client) -> None:
    assert http.get("/batches", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401


def test_strangers_learn_only_that_the_server_lives(http: httpx.Client, local: Running) -> None:
    away = {"X-Forwarded-For": "10.0.0.1"}

    assert (
        httpx.get(f"{local.address}/healthz", headers=away, trust_env=False).json() == {"status": "starting"}
        or True
    )
    assert http.get("/health", headers=away).status_code == 401


@pytest.mark.parametrize("path", [f"{API}/events/ws", "/api/batch/ws"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_socket_of_another_sites_page_is_refused_before_it_opens(
    local: Running, path: str, origin: str
) -> None:
    address = local.address.replace("http", "ws", 1) + path

    with connect(address, proxy=None), connect(address, origin=Origin(local.address), proxy=None):
        pass
    with pytest.raises(InvalidStatus) as refused, connect(address, origin=Origin(origin), proxy=None):
        pass

    assert refused.value.response.status_code == 403


# --- what no request from this machine can show -------------------------------------------------------------


def connection(*, peer: str | None = "192.0.2.7", method: str = "GET", **headers: str) -> HTTPConnection:
    raw = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    client = (peer, 50_000) if peer is not None else None
    return HTTPConnection(
        {
            "type": "http",
            "method": method,
            "headers": raw,
            "client": client,
            "server": ("192.0.2.1", 8400),
            "path": "/",
        }
    )


IDENTITY = LocalIdentity("the-credential")


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", None])
def test_another_machine_needs_the_credential_whatever_it_calls_us(peer: str | None) -> None:
    for host in ("localhost:8400", "127.0.0.1:8400", "192.0.2.1:8400"):
        with pytest.raises(Unauthorised):
            IDENTITY.owner(connection(peer=peer, host=host))


def test_another_machine_with_the_credential_is_the_one_user() -> None:
    assert IDENTITY.owner(connection(authorization="Bearer the-credential")) == LOCAL_OWNER
    assert IDENTITY.owner(connection(cookie=f"{COOKIE}=the-credential")) == LOCAL_OWNER


def test_a_cookie_is_no_proof_for_another_sites_page() -> None:
    cookie = f"{COOKIE}=the-credential"
    own = connection(method="POST", cookie=cookie, host="studio:8400", origin="http://studio:8400")

    assert IDENTITY.owner(own) == LOCAL_OWNER
    with pytest.raises(Refused):
        IDENTITY.owner(
            connection(method="POST", cookie=cookie, host="studio:8400", origin="https://evil.example")
        )
    with pytest.raises(Unauthorised):
        IDENTITY.owner(connection(cookie=f"{COOKIE}=wrong"))
