"""What the server says of itself."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from reelyard import __version__
from reelyard.bootstrap import configured_servers
from reelyard.http.container import Services
from reelyard.http.health import look
from reelyard.http.identity import Owner
from reelyard.http.v1.schemas.service import AliveTold, HealthTold, ServersTold, ServerTold, VersionTold

router = APIRouter(tags=["service"])
root = APIRouter(tags=["service"])


@router.get("/version")
def get_version() -> VersionTold:
    """Which Reelyard this is, and which API."""
    return VersionTold(name="reelyard", version=__version__, api="v1")


@router.get("/servers")
def list_servers(owner: Owner, services: Services) -> ServersTold:
    """The servers outside that are asked for texts, speech and pictures."""
    del owner  # all see the same
    found = configured_servers(services.settings)
    return ServersTold(data=[ServerTold(kind=one.kind, host=one.host, model=one.model) for one in found])


@router.get("/health")
def get_health(owner: Owner, services: Services) -> HealthTold:
    """Every part of the server, one by one."""
    del owner  # all see the same
    return HealthTold(version=__version__, **asdict(look(services)))


@root.get("/healthz", response_model=AliveTold, responses={503: {"model": AliveTold}})
def get_alive(services: Services) -> JSONResponse:
    """200 while requests are served, 503 when they are not; nothing else is told to strangers."""
    found = look(services)
    return JSONResponse({"status": found.status}, 200 if found.serves else 503)
