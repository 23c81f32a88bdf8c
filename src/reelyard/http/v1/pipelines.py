"""Pipelines: which there are, and what each can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError

from reelyard.bootstrap import Container
from reelyard.errors import InvalidInput, NotFound
from reelyard.http.container import Services
from reelyard.http.identity import Owner
from reelyard.http.v1.schemas.common import Name
from reelyard.http.v1.schemas.pipelines import PipelinesTold, PipelineTold, StageTold
from reelyard.pipeline.pipeline import Pipeline

NUMBER = re.compile(r"-\d+\.")
router = APIRouter(prefix="/pipelines", tags=["pipelines"])


@router.get("")
def list_pipelines(owner: Owner, services: Services) -> PipelinesTold:
    """Every pipeline, with the schema of its settings."""
    del owner  # all see the same
    return PipelinesTold(data=[_told(services, pipeline) for pipeline in services.registry])


@router.get("/{name}")
def get_pipeline(name: Name, owner: Owner, services: Services) -> PipelineTold:
    """One pipeline, with the schema of its settings."""
    del owner  # all see the same
    try:
        return _told(services, services.registry.get(name))
    except InvalidInput as error:
        raise NotFound(error.message, hint=error.hint, noun="pipeline") from None


def _told(services: Container, pipeline: Pipeline) -> PipelineTold:
    found = (worker.inventory.get(pipeline.name) for worker in services.cluster.capacity())
    return PipelineTold(
        name=pipeline.name,
        title=pipeline.title,
        summary=pipeline.summary,
        accepts=sorted(pipeline.accepts),
        settings_schema=pipeline.settings.model_json_schema(),
        defaults=_defaults(pipeline),
        stages=[
            StageTold(name=stage.name, pool=stage.pool, outputs=_patterns(stage.outputs))
            for stage in pipeline.stages
        ],
        inventory=dict(next((each for each in found if each is not None), {})),
    )


def _patterns(roles: Iterable[str]) -> list[str]:
    """The roles, those that differ in their number only told once: `clip-*.mp4`."""
    return list(dict.fromkeys(NUMBER.sub("-*.", role) for role in roles))


def _defaults(pipeline: Pipeline) -> dict[str, Any]:
    try:
        return pipeline.validate({}).model_dump(mode="json")
    except ValidationError:
        return {}  # it has settings that must be given
