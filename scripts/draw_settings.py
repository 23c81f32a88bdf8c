"""Fill docs/reference/settings.md's tables from the settings' fields: python -m scripts.draw_settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import copy
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reelyard.settings import Settings

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "settings.md"
BEGIN, END = "<!-- begin settings -->\n", "<!-- end settings -->"
MADE: Mapping[str, str] = {  # defaults that depend on the machine, in words
    "REELYARD_DATA": "`$XDG_DATA_HOME/reelyard`, else `~/.local/share/reelyard`",
    "REELYARD_ENGINE__WORKERS": "one for each core",
}
BOUNDS = (("ge", "from {}"), ("gt", "above {}"), ("le", "to {}"), ("min_length", "at least {} of them"))


def drawn() -> str:
    """Every setting as a row, those of one concern under its heading."""
    prefix = Settings.model_config["env_prefix"]
    own = [(name, field) for name, field in Settings.model_fields.items() if _concern(field) is None]
    lines = [*_table(prefix, own)]
    for name, field in Settings.model_fields.items():
        concern = _concern(field)
        if concern is not None:
            fields = _flat(concern.model_fields)
            lines += ["", f"## {name}: {concern.__doc__}", "", *_table(f"{prefix}{name.upper()}__", fields)]
    return "\n".join(lines) + "\n"


def _concern(field: FieldInfo) -> type[BaseModel] | None:
    kind: Any = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _flat(fields: Mapping[str, FieldInfo]) -> list[tuple[str, FieldInfo]]:
    """The fields, and in the place of one that is a concern itself, its own with the defaults that it has there."""
    found: list[tuple[str, FieldInfo]] = []
    for name, field in fields.items():
        inner = _concern(field)
        if inner is None:
            found.append((name, field))
            continue
        for each, its in inner.model_fields.items():
            shown = copy(its)
            shown.default = getattr(field.default, each)
            found.append((f"{name}__{each}", shown))
    return found


def _table(prefix: str, fields: list[tuple[str, FieldInfo]]) -> Iterator[str]:
    yield "| variable | default | allowed | meaning |"
    yield "| --- | --- | --- | --- |"
    for name, field in fields:
        variable = f"{prefix}{name.upper()}"
        cells = (f"`{variable}`", default(variable, field), allowed(field), field.description or "")
        yield f"| {' | '.join(cells)} |"


def default(variable: str, field: FieldInfo) -> str:
    """The default as it would be written; raises KeyError for one made by a function that MADE does not name."""
    if field.default_factory is not None:
        return MADE[variable]
    value = field.default
    if isinstance(value, tuple):
        return f"`{json.dumps(value)}`"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "not set" if value in (None, "") else f"`{value}`"


def allowed(field: FieldInfo) -> str:
    """The bounds of a field in words, empty when it has none."""
    bounds = {
        name: getattr(each, name) for each in field.metadata for name, _ in BOUNDS if hasattr(each, name)
    }
    return " ".join(words.format(bounds[name]) for name, words in BOUNDS if name in bounds)


def filled(text: str) -> str:
    """`text` with what stands between the two marks made anew."""
    return re.sub(f"{BEGIN}.*?{END}", lambda _: BEGIN + drawn() + END, text, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
