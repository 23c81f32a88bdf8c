"""The pages under docs say what the code says, and lead where they say they lead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripts import draw_settings

from reelyard.core.batches import ledger
from reelyard.core.events.models import Event
from reelyard.core.exports import moves
from reelyard.core.library.models import FileStatus
from reelyard.settings import Settings

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "docs" / "reference" / "events.md"
PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md"))]
)
KIND = re.compile(r"(batch|items?|file|export)\.[a-z_]+")
MADE_OF_WORDS: dict[
    str, set[str]
] = {  # kinds whose last word is looked up: their beginning, and every word there is
    "item.": set(ledger._FACT.values()),
    "batch.": set(ledger._TOLD.values()),
    "file.": {FileStatus.REFUSED, FileStatus.EXPIRED},
}


def test_the_settings_page_matches_the_settings() -> None:
    text = draw_settings.PAGE.read_text(encoding="utf-8")

    assert draw_settings.filled(text) == text, "run: python -m scripts.draw_settings"


def test_the_settings_page_names_every_field() -> None:
    text = draw_settings.drawn()

    for name in Settings.model_fields:
        assert f"REELYARD_{name.upper()}" in text
    assert "`REELYARD_ENGINE__WORKERS` | one for each core | from 1 to 256 |" in text


def test_the_events_page_names_every_kind_in_the_code_and_no_other() -> None:
    named = set(re.findall(rf"`({KIND.pattern})`", EVENTS.read_text(encoding="utf-8")))

    kinds = {kind for kind, _ in named} - {"batch.status", "item.error_code", "export.error_code"}

    assert kinds == set(_kinds_in_code())


def _kinds_in_code() -> Iterator[str]:
    for room in ("core", "engine"):
        for path in (ROOT / "src" / "reelyard" / room).rglob("*.py"):
            yield from _kinds_in(ast.parse(path.read_text(encoding="utf-8")))


def _kinds_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
                yield from (f"{beginning}{word}" for word in MADE_OF_WORDS.get(beginning, ()))
            case ast.Constant(value=str(text)) if KIND.fullmatch(text):
                yield text


COLUMNS = tuple(Event.__table__.columns.keys())


@pytest.mark.parametrize("facts", [ledger.BATCH_FACTS, ledger.ITEM_FACTS, moves.EXPORT_FACTS, COLUMNS])
def test_the_events_page_names_every_fact(facts: tuple[str, ...]) -> None:
    text = EVENTS.read_text(encoding="utf-8")

    assert [name for name in facts if f"`{name}`" not in text and name != "owner_id"] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_in_the_package_are_there(page: Path) -> None:
    paths = re.findall(r"`((?:src|tests|scripts|docs|web|bench)/[\w./-]+)`", page.read_text(encoding="utf-8"))

    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_variables_in_the_pages_exist(page: Path) -> None:
    named = set(re.findall(r"\bREELYARD_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))

    known = set(re.findall(r"\bREELYARD_[A-Z_]+[A-Z]\b", code + draw_settings.drawn()))

    assert named <= known


def test_every_page_is_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")

    pages = [page for page in (ROOT / "docs").rglob("*.md") if page.name != "README.md"]

    assert [str(p) for p in pages if str(p.relative_to(ROOT / "docs")) not in index] == []
