"""Every option of an installation: one frozen model per concern, read by the composition root and the command line.

Each can be given as an environment variable: REELYARD_<CONCERN>__<FIELD>, such as REELYARD_ENGINE__WORKERS=4.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from reelyard.core.accounts.tiers import TIERS
from reelyard.errors import BadSetting
from reelyard.tools.servers.configured import checked_url

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


class VoiceSettings(_Concern):
    """Who reads stories aloud."""

    piper: Path | None = Field(
        None,
        description="Folder with Piper voices, each a file .onnx with its .onnx.json; needs the extra piper.",
    )
    prefer: Literal["piper", "espeak", "server"] | None = Field(
        None,
        description="The engine that auto takes where it speaks the language; empty: what is here, first Piper.",
    )


class _OutsideServer(_Concern):
    url: str | None = Field(
        None, description="Its address, with /v1 or what it has instead; empty: none is asked."
    )
    key: SecretStr | None = Field(None, description="What it knows us by; never shown or kept anywhere.")
    model: str | None = Field(None, description="The model that it shall use, by the name that it has there.")
    timeout_s: Seconds = Field(120.0, le=3600, description="A request may take so long.")
    requests_per_minute: int | None = Field(
        None, ge=1, description="It is asked no more often, by all workers together; empty: no limit."
    )
    at_once: int = Field(2, ge=1, le=64, description="Requests at the same time, by all workers together.")
    price: float = Field(0.0, ge=0, description="What a request costs, in any one currency.")
    extra: str = Field(
        "", description="A JSON object: further fields of each request, as this server wants them."
    )

    @field_validator("url")
    @classmethod
    def _right_url(cls, value: str | None) -> str | None:
        return checked_url(value) if value else None

    @field_validator("key")
    @classmethod
    def _key_for_headers(cls, value: SecretStr | None) -> SecretStr | None:
        said = value.get_secret_value().strip() if value is not None else ""
        if not (said.isascii() and said.isprintable()) or " " in said:
            raise ValueError("a key is one word of plain characters")
        return SecretStr(said) if said else None

    @field_validator("extra")
    @classmethod
    def _object(cls, value: str) -> str:
        with contextlib.suppress(ValueError):
            if isinstance(json.loads(value or "{}"), dict):
                return value
        raise ValueError('write it as a JSON object, such as {"quality": "high"}')

    @model_validator(mode="after")
    def _has_model(self) -> Self:
        if self.url and not self.model:
            raise ValueError("a server needs a model besides its address: set both")
        return self


class TextServerSettings(_OutsideServer):
    """A server that rewrites texts, as OpenAI's chat completions."""

    price: float = Field(
        0.0, ge=0, description="What 1,000 characters cost, asked and answered, in any one currency."
    )


class SpeechServerSettings(_OutsideServer):
    """A server that speaks, as OpenAI's audio/speech."""

    voices: tuple[str, ...] = Field(
        (), description="The names of its voices, as JSON; it offers no list of them."
    )

    @model_validator(mode="after")
    def _has_voices(self) -> Self:
        if self.url and not self.voices:
            raise ValueError('a speech server needs the names of its voices: set them, such as ["alloy"]')
        return self


class ImageServerSettings(_OutsideServer):
    """A server that makes pictures, as OpenAI's images/generations."""

    sizes: tuple[Annotated[str, Field(pattern=r"^[1-9][0-9]{1,3}x[1-9][0-9]{1,3}$")], ...] = Field(
        ("1024x1024", "1536x1024", "1024x1536"),
        description="The sizes that it makes; the nearest is cut to shape.",
    )


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
    voices: VoiceSettings = VoiceSettings()
    exports: ExportSettings = Field(default_factory=ExportSettings)
    text_server: TextServerSettings = Field(default_factory=TextServerSettings)
    speech_server: SpeechServerSettings = Field(default_factory=SpeechServerSettings)
    image_server: ImageServerSettings = Field(default_factory=ImageServerSettings)


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
