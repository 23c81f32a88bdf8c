"""Every option of an installation: one frozen model per concern, read by the composition root and the command line.

Each can be given as an environment variable: REELYARD_<CONCERN>__<FIELD>, such as REELYARD_ENGINE__WORKERS=4.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from reelyard.core.accounts.tiers import TIERS
from reelyard.errors import BadSetting

Seconds = Annotated[float, Field(gt=0)]


class _Concern(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServerSettings(_Concern):
    """Where the server listens."""

    host: str = Field("127.0.0.1", description="Address to listen on; the default is this machine alone.")
    port: int = Field(8400, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    heartbeat_s: Seconds = Field(15.0, description="Live streams say that they live this often.")
    max_streams: int = Field(10, ge=1, description="Live streams that one user may have open at once.")


class EngineSettings(_Concern):
    """How work is run."""

    workers: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        le=256,
        description="Stages that run at the same time.",
    )
    drain_s: Seconds = Field(
        30.0, description="How long running stages may take to reach their next part at a stop."
    )
    batch_timeout_s: Seconds = Field(
        6 * 3600.0, description="A batch that holds a slot so long without progress fails."
    )
    retry_delays_s: tuple[float, ...] = Field(
        (60.0, 300.0, 900.0), min_length=1, description="Waits before automatic retries."
    )
    max_retries: int = Field(3, ge=0, le=100, description="Automatic retries of an item.")
    items_at_once: int | None = Field(
        None, ge=1, description="Items at work in the whole installation; empty: no limit."
    )


class LimitSettings(_Concern):
    """What may be handed over."""

    file_bytes: int = Field(2 * 1024**3, ge=1, description="The largest file, in bytes.")
    media_seconds: float = Field(12 * 3600.0, gt=0, description="The longest recording or film, in seconds.")
    items_per_batch: int = Field(10_000, ge=1, description="Files in one batch.")
    concurrency: int = Field(
        10, ge=1, le=1000, description="The highest concurrency that a batch may ask for."
    )


class TierSettings(_Concern):
    """What one plan includes."""

    files_per_batch: int | None = Field(ge=1, description="Files in one batch.")
    concurrency: int | None = Field(ge=1, description="Items at work at once, over all batches of a user.")
    batches_per_hour: int | None = Field(ge=1, description="Batches made within an hour, deleted ones too.")
    minutes_per_month: int | None = Field(ge=0, description="Minutes of media completed in a month.")
    storage_bytes: int | None = Field(ge=1, description="Bytes of originals.")
    priority: int = Field(ge=0, le=10, description="Of a batch that is ordered without one.")


def _tier(name: str) -> TierSettings:
    values = asdict(TIERS[name])
    del values["name"]
    return TierSettings(**values)


class TiersSettings(_Concern):
    """What users of each plan may have; `local` is one-user mode."""

    free: TierSettings = _tier("free")
    creator: TierSettings = _tier("creator")
    pro: TierSettings = _tier("pro")
    local: TierSettings = _tier("local")


class ExportSettings(_Concern):
    """Batches that are taken away in one piece."""

    kept_hours: float = Field(
        24.0, gt=0, le=24 * 30, description="How long a finished export can be fetched."
    )


class SpeechSettings(_Concern):
    """Which speech models there are."""

    models: Path | None = Field(None, description="Folder with Whisper models, each in a folder of its own.")
    model: str | None = Field(None, description="The Whisper model to prefer, by name or folder.")


class Settings(BaseSettings):
    """All of it."""

    model_config = SettingsConfigDict(
        env_prefix="REELYARD_",
        env_nested_delimiter="__",
        frozen=True,
        extra="ignore",
        nested_model_default_partial_update=True,
    )

    data: Path = Field(
        default_factory=lambda: default_data_folder(dict(os.environ)), description="Where everything is kept."
    )
    server: ServerSettings = ServerSettings()
    engine: EngineSettings = Field(default_factory=EngineSettings)
    limits: LimitSettings = LimitSettings()
    tiers: TiersSettings = TiersSettings()
    speech: SpeechSettings = SpeechSettings()
    exports: ExportSettings = Field(default_factory=ExportSettings)


def default_data_folder(environment: dict[str, str]) -> Path:
    """$XDG_DATA_HOME/reelyard, or ~/.local/share/reelyard."""
    base = environment.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "reelyard"


def load_settings(**given: Any) -> Settings:
    """Settings from the environment, overridden by what is `given`; raises BadSetting that names the field."""
    try:
        return Settings(**given)
    except SettingsError as error:  # a variable that should hold a list or an object, and does not
        raise BadSetting(
            f"A setting cannot be read: {error}.", hint="Write lists as JSON, such as [60, 300, 900]."
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = "__".join(str(part) for part in first["loc"]).upper()
        raise BadSetting(
            f"The setting {where.lower().replace('__', '.')} is not right: {first['msg']}.",
            hint=f"Set it by its option, or by the environment variable REELYARD_{where}.",
        ) from None
