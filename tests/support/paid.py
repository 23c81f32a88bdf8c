"""A small pipeline whose first stage asks a paid server: named by REELYARD_PIPELINES, never run by a worker."""

from __future__ import annotations

from reelyard.media.info import Kind
from reelyard.pipeline.context import Context
from reelyard.pipeline.pipeline import Pipeline, PipelineSettings
from reelyard.pipeline.stage import Facts, Stage

NAMED_PAID = "tests.support.paid:PAID"


class PaidSettings(PipelineSettings):
    """What it may cost."""

    price: float = 1.0
    limit: float | None = None
    style: str = "plain"


def _nothing(_context: Context) -> Facts:
    return {}


PAID = Pipeline(
    name="paid",
    title="Paid",
    summary="Draws by a paid server.",
    accepts=frozenset({Kind.AUDIO}),
    settings=PaidSettings,
    stages=(
        Stage(
            name="draw",
            run=_nothing,
            reads=("style",),
            makes=("picture", "notes"),
            outputs=("picture",),
            renews=("picture",),
            price=lambda settings, _tools, _facts: settings.price,
        ),
        Stage(name="bind", run=_nothing, uses=("picture",), makes=("book",), outputs=("book",)),
    ),
    spending_limit=lambda settings: settings.limit,
)
