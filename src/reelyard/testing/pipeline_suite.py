# ruff: noqa: S101 - a suite asserts
"""What every pipeline must do. A test module makes a class of it:

class TestTranscription(pipeline_suite(PIPELINE)): ...
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from reelyard.errors import Refused, Reject
from reelyard.kit.json import canonical
from reelyard.kit.processes import Child, runner_in
from reelyard.pipeline.pipeline import Pipeline
from reelyard.testing.awkward import Make, awkward_media
from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally
from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.probe import inspect


class Workshop:
    """One folder for all cases of a suite, and the children that they share."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.children: dict[str, Child] = {}

    def folder(self, name: str) -> LocalFolder:
        return LocalFolder(self.root / name, readable=self.root, children=self.children)

    def order(self, make: Make, settings: Mapping[str, Any]) -> LocalOrder:
        """A case's file, made and looked into; raises Reject when it would be refused at the door."""
        media = self.root / "media"
        media.mkdir(exist_ok=True)
        path = make(MediaMaker(media))
        return LocalOrder(path, inspect(path, run=runner_in(media), name=path.name), settings, path.name)


class DeclarationSuite:
    """What a pipeline says of itself holds together. Give a class attribute `pipeline`."""

    pipeline: Pipeline

    def test_stages_use_only_what_earlier_ones_make(self) -> None:
        made: set[str] = set()
        for stage in self.pipeline.stages:
            assert set(stage.uses) <= made, f"{stage.name} uses what nobody made before it"
            assert set(stage.outputs) <= set(stage.makes), f"{stage.name} orders what it does not make"
            made |= set(stage.makes)

    def test_stages_have_names_of_their_own_and_make_something_ordered(self) -> None:
        names = [stage.name for stage in self.pipeline.stages]

        assert len(set(names)) == len(names)
        assert any(stage.outputs for stage in self.pipeline.stages)

    def test_stages_read_only_settings_that_there_are(self) -> None:
        fields = set(self.pipeline.settings.model_fields)

        assert all(set(stage.reads) <= fields for stage in self.pipeline.stages)

    def test_every_setting_has_a_default_a_title_and_a_description(self) -> None:
        for name, field in self.pipeline.settings.model_fields.items():
            assert not field.is_required(), f"{name} has no default"
            assert field.title, f"{name} has no title"
            assert field.description, f"{name} has no description"

    def test_settings_survive_json_and_unknown_ones_are_refused(self) -> None:
        default = self.pipeline.validate({})

        assert self.pipeline.validate(default.model_dump(mode="json")) == default
        with pytest.raises(ValidationError):
            self.pipeline.validate({"no such setting": 1})

    def test_the_inventory_can_be_sent_and_the_default_is_not_refused(self) -> None:
        inventory = self.pipeline.inventory()

        canonical(inventory)
        self.pipeline.check(self.pipeline.validate({}), inventory)


class PipelineSuite(DeclarationSuite):
    """A pipeline copes with awkward media: it ends well, or refuses with a sentence."""

    settings: Mapping[str, Any]

    @pytest.fixture(scope="class")
    @classmethod
    def workshop(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
        shop = Workshop(tmp_path_factory.mktemp("workshop"))
        yield shop
        for child in shop.children.values():
            child.kill()

    def test_awkward_media_end_well_or_are_refused_with_a_sentence(
        self, workshop: Workshop, awkward: tuple[str, Make]
    ) -> None:
        name, make = awkward
        try:
            order = workshop.order(make, self.settings)
        except Reject as refused:
            _assert_a_sentence(refused)
            return
        before = _digest(order.input)
        folder = workshop.folder(name)

        try:
            facts = run_locally(self.pipeline, order, folder)
        except Reject as refused:
            _assert_a_sentence(refused)
        else:
            _assert_outputs(self.pipeline, folder)
            canonical(facts)
        assert _digest(order.input) == before, "the input was written to"
        _assert_honest_progress(folder)

    def test_a_second_run_takes_up_the_kept_parts_and_tells_the_same(self, workshop: Workshop) -> None:
        make = next(iter(awkward_media(self.pipeline.accepts).values()))
        order, folder = workshop.order(make, self.settings), workshop.folder("twice")
        first = canonical(run_locally(self.pipeline, order, folder))
        kept = sorted(path.name for path in folder.parts())

        second = canonical(run_locally(self.pipeline, order, folder))

        assert second == first
        assert sorted(path.name for path in folder.parts()) == kept


def pipeline_suite(pipeline: Pipeline, **settings: Any) -> type[PipelineSuite]:
    """The suite for `pipeline`, run with these settings and the defaults of all others."""
    cases = awkward_media(pipeline.accepts)

    class Suite(PipelineSuite):
        @pytest.fixture(params=cases.items(), ids=list(cases))
        def awkward(self, request: pytest.FixtureRequest) -> tuple[str, Make]:
            case: tuple[str, Make] = request.param
            return case

    Suite.pipeline = pipeline
    Suite.settings = settings
    return Suite


def _assert_a_sentence(refused: Reject | Refused) -> None:
    assert refused.message[:1].isupper()
    assert refused.message.endswith(".")


def _assert_outputs(pipeline: Pipeline, folder: LocalFolder) -> None:
    """At least one ordered artifact is there and nothing of what was made is empty without a reason to be."""
    ordered = [role for stage in pipeline.stages for role in stage.outputs]
    assert any(folder.artifact(role).exists() for role in ordered)


def _assert_honest_progress(folder: LocalFolder) -> None:
    for stage in {name for name, *_ in folder.progress}:
        fractions = [fraction for name, fraction, *_ in folder.progress if name == stage]
        assert all(0 <= fraction <= 1 for fraction in fractions), f"{stage} is beyond its end"
        assert all(a <= b for a, b in pairwise(fractions)), f"{stage} went back"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
