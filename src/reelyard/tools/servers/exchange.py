"""One request and its answer, by HTTP, with everything bounded. In the child only.

An answer is written to a file while it is counted. Whatever goes wrong is told in our own words: what the
HTTP library says may hold the key.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urljoin

import httpx

from reelyard.tools.servers.configured import host_of, origin_of
from reelyard.tools.servers.failures import Passing, Turned, status_failure

ERROR_BYTES = 64 * 1024  # of an answer that tells of an error
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPS_METHOD = frozenset({307, 308})
AGENT = "reelyard"


@dataclass(frozen=True, slots=True)
class Call:
    """What to send where, and how much may come back in how many seconds."""

    url: str
    body: Mapping[str, Any] | None  # None: it is fetched, not posted
    most_bytes: int
    timeout_s: float
    key: str | None = field(default=None, repr=False)

    @property
    def headers(self) -> dict[str, str]:
        # A compressed answer could become any size in one step.
        found = {"accept-encoding": "identity", "user-agent": AGENT}
        return {**found, "authorization": f"Bearer {self.key}"} if self.key else found


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back besides the body."""

    content_type: str
    size: int


def http_client(url: str, timeout_s: float) -> httpx.Client:
    """A client for one server. Certificates are always checked.

    Proxies of the environment are used, except on the way to this machine.
    """
    alone = httpx.URL(url).host in ("localhost", "127.0.0.1", "::1")
    return httpx.Client(
        verify=_trusted(),
        trust_env=not alone,
        follow_redirects=False,
        timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 15.0)),
    )


def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def exchange(
    client: httpx.Client, call: Call, target: BinaryIO, clock: Callable[[], float] = time.monotonic
) -> Answer:
    """Send `call` and write the answer's body to `target`, from its beginning.

    Raises Passing, or Turned when asking again would not help.
    """
    deadline, url = clock() + call.timeout_s, call.url
    for _ in range(MOST_REDIRECTS + 1):
        request = _request(client, call, url)
        try:
            response = client.send(request, stream=True)
        except httpx.HTTPError as problem:
            raise _failure(problem) from None
        try:
            if response.status_code not in REDIRECTS:
                return _received(response, call, target, lambda: clock() < deadline)
            url = _next(response, url, moved=call.body is not None)
        finally:
            response.close()
    raise Turned("it sends the request in circles", status=response.status_code)


def _request(client: httpx.Client, call: Call, url: str) -> httpx.Request:
    try:
        if call.body is None:
            return client.build_request("GET", url, headers=call.headers)
        return client.build_request("POST", url, headers=call.headers, json=dict(call.body))
    except Exception:  # noqa: BLE001 - a header or an address that cannot be written; the message may hold the key
        raise Turned(
            "the request cannot be written", hint="Look at its address and at its key in the settings."
        ) from None


def _next(response: httpx.Response, url: str, *, moved: bool) -> str:
    """Where a redirect leads: to the same server only, and never with another method."""
    status = response.status_code
    target = str(urljoin(url, response.headers.get("location", "")))
    if origin_of(target) != origin_of(url):
        raise Turned(
            f"it sends the request on to {host_of(target) or 'nowhere'}, which was not configured",
            status=status,
            hint="If that is right, set the address of that server.",
        )
    if moved and status not in KEEPS_METHOD:
        raise Turned(
            "it sends the request on to another page",
            status=status,
            hint="Look at its address; it may lack /v1.",
        )
    return target


def _received(response: httpx.Response, call: Call, target: BinaryIO, in_time: Callable[[], bool]) -> Answer:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not response.is_success:
        raise status_failure(response.status_code, _error_body(response), response.headers, call.key)
    if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
        raise Turned("it compresses its answers, which was not asked for")
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > call.most_bytes:
        raise _too_much(call)
    size = 0
    try:
        for piece in response.iter_raw(65536):
            size += len(piece)
            if size > call.most_bytes:
                raise _too_much(call)
            target.write(piece)
            if not in_time():
                raise Passing("it did not finish its answer in time", charged=True)
    except httpx.HTTPError as problem:
        raise _failure(problem) from None
    return Answer(kind, size)


def _too_much(call: Call) -> Turned:
    return Turned(f"its answer is larger than the {call.most_bytes / 1e6:.0f} MB that are taken")


def _error_body(response: httpx.Response) -> bytes:
    """The beginning of what it says of an error; nothing where even that breaks."""
    found = bytearray()
    try:
        for piece in response.iter_raw(8192):
            found += piece
            if len(found) >= ERROR_BYTES:
                break
    except httpx.HTTPError:
        return b""
    return bytes(found[:ERROR_BYTES])


def _failure(problem: httpx.HTTPError) -> Passing | Turned:
    """What a fault of the line means. Before the request was sent it cannot have cost anything."""
    if isinstance(problem, httpx.ConnectError) and _is_certificate(problem):
        return Turned(
            "its certificate is not one that this machine trusts",
            hint="Set SSL_CERT_FILE to the certificates of whoever signed it.",
        )
    if isinstance(problem, httpx.ProxyError):
        return Passing("the proxy on the way to it refused the connection", charged=False)
    if isinstance(problem, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return Passing("it cannot be reached", charged=False)
    if isinstance(problem, httpx.TimeoutException):
        return Passing("it did not answer in time", charged=True)
    if isinstance(problem, httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return Turned(
            "the request cannot be sent", hint="Look at its address and at its key in the settings."
        )
    return Passing("the connection broke before the answer was there", charged=True)


def _is_certificate(problem: BaseException | None) -> bool:
    while problem is not None:
        if isinstance(problem, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(problem):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def as_json(data: bytes) -> Any:
    """A body as JSON; raises Turned for what is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        page = data.lstrip()[:1] == b"<"
        what = "a web page" if page else "something that is not JSON"
        raise Turned(
            f"it answered with {what}", hint="Look at its address; it may lack /v1." if page else None
        ) from None
