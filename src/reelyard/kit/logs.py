"""Logs: one line of JSON an event, to standard error; words for people where a person looks on."""

from __future__ import annotations

import logging
import os
import sys

import structlog


def configure_logs(level: str | None = None) -> None:
    """Set up structlog and the standard library's logging alike; REELYARD_LOG names the level (default warning)."""
    chosen = (level or os.environ.get("REELYARD_LOG", "warning")).upper()
    number = logging.getLevelNamesMapping().get(chosen, logging.WARNING)
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=True, exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr, format="%(name)s: %(message)s")
