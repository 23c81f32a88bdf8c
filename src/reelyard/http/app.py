"""The application: routers, errors, surroundings. Nothing starts here; `server` does that.

A router module of `/api/v1` exposes `router`; its paths begin after `/api/v1`. A door's package has a `routes`
module that exposes `router` (with the door's own paths) and, in its `errors` module, `PREFIX` and
`answer(error, status, request_id)`, which shapes every error under that prefix.

What every door needs stands beside this module: `named` (ids and batches that a request names), `figures` (numbers and
sentences as they are shown), `taking` (files of a form), `outputs` and `exports` (what is handed out), `streaming` and
`subscriptions` (what is told as it happens).
"""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from reelyard import __version__
from reelyard.bootstrap import Container
from reelyard.core.requests.service import InFlight
from reelyard.http import errors
from reelyard.http.container import Closing
from reelyard.http.identity import Identity
from reelyard.http.lines import Patience
from reelyard.http.middleware import Surroundings
from reelyard.http.v1 import service
from reelyard.http.v1.schemas.common import REFUSALS
from reelyard.kit.ids import new_id

V1 = (
    "service",
    "batches",
    "items",
    "cuts",
    "stories",
    "voices",
    "artifacts",
    "exports",
    "pipelines",
    "engine",
    "files",
    "uploads",
    "content",
    "whole",
    "transcripts",
    "events",
)
DOORS = ("transcription", "video", "stories")


def create_app(container: Container, identity: Identity) -> FastAPI:
    """The application over a container; `identity` tells whose each request is."""
    app = FastAPI(
        title="Reelyard",
        version=__version__,
        summary="Hand over many files at once; watch the work; take everything away.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_name_of,
        swagger_ui_oauth2_redirect_url=None,
    )
    app.state.container = container
    app.state.identity = identity
    app.state.closing = Closing()
    app.state.in_flight = InFlight()
    app.state.patience = Patience()
    errors.install(app, _door_errors())
    app.include_router(_v1(), prefix="/api/v1", responses=REFUSALS)
    app.include_router(service.root)
    for name in DOORS:
        routes = _module(f"reelyard.http.doors.{name}.routes")
        if routes is not None:
            app.include_router(routes.router)
    app.add_middleware(Surroundings, new_id=new_id)
    return app


def _v1() -> APIRouter:
    api = APIRouter()
    for name in V1:
        module = _module(f"reelyard.http.v1.{name}")
        if module is not None:
            api.include_router(module.router)
    return api


def _door_errors() -> dict[str, errors.Shape]:
    modules = [_module(f"reelyard.http.doors.{name}.errors") for name in DOORS]
    return {
        module.PREFIX: module.answer for module in modules if module is not None and hasattr(module, "PREFIX")
    }


def _module(name: str) -> Any:
    """A room's module, None while it has not been built."""
    return importlib.import_module(name) if find_spec(name) is not None else None


def _name_of(route: APIRoute) -> str:
    """Operation ids are the functions' names: clients are generated from them."""
    return route.name
