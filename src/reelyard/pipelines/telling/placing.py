"""An artifact that is a file which there is already: a kept part, or what was made the last time."""

from __future__ import annotations

from pathlib import Path

from reelyard.pipeline.context import Context


def place(context: Context, role: str, file: Path) -> None:
    """Let `file` be the artifact `role`: by a link, for a story has thousands of them."""
    target = context.out(role)
    target.unlink(missing_ok=True)
    target.hardlink_to(file)
