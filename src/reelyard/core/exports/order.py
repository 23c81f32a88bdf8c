"""An export as it is asked for, and what of that makes a difference."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from reelyard.core.exports.models import ExportFormat
from reelyard.core.exports.names import PATTERN, checked_pattern
from reelyard.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What to export and how. All but the format concern archives alone."""

    format: str = ExportFormat.ZIP
    include_failed: bool = False  # a report of what failed or was cancelled, and the originals of that
    use_original_filenames: bool = True  # else {name} is the pipeline's noun
    batch_name_prefix: bool = False  # the batch's name in front of every name
    pattern: str = PATTERN


def checked(order: ExportOrder) -> ExportOrder:
    """The order with what makes no difference to its format as it is by default. Raises InvalidInput."""
    if order.format not in list(ExportFormat):
        known = ", ".join(ExportFormat)
        raise InvalidInput(
            f"There is no export format “{order.format}”.", hint=f"Choose one of: {known}.", field="format"
        )
    checked_pattern(order.pattern)
    return order if order.format == ExportFormat.ZIP else ExportOrder(order.format)


def options_of(order: ExportOrder) -> dict[str, Any]:
    """What is kept of the order beside its format."""
    return {name: value for name, value in asdict(order).items() if name != "format"}
