"""What the front ends in JavaScript send and read."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Foreign(BaseModel):
    """What such a door takes and gives: read by either name, unknown fields ignored, written in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore")
