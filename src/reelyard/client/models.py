"""What a Reelyard tells, as frozen values; fields that a newer server adds are left aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

BATCH_ENDED = frozenset({"completed", "failed", "cancelled"})
ITEM_ENDED = frozenset({"completed", "failed", "cancelled"})


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
