"""How a command ends: its exit code, and one line on standard error that says what, why and the way out."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import Any

from reelyard.errors import (
    BadSetting,
    DataFolderBusy,
    InvalidInput,
    LanguageUnsupported,
    ModelUnavailable,
    ReelyardError,
    UnknownVoice,
    UnsuitableDataFolder,
)


class Exit(IntEnum):
    """Exit codes that scripts can use; documented in the README."""

    DONE = 0
    SOME_FAILED = 1  # also: what was asked was refused
    USAGE = 2  # a bad option or setting
    NOTHING_DONE = 3
    INTERRUPTED = 130


USAGE_ERRORS = (
    BadSetting,
    DataFolderBusy,
    InvalidInput,
    LanguageUnsupported,
    ModelUnavailable,
    UnknownVoice,
    UnsuitableDataFolder,
)
USAGE_CODES = frozenset(kind.code for kind in USAGE_ERRORS)


def exit_for(error: ReelyardError) -> Exit:
    """The exit code of an error, whether it was raised here or told by a server."""
    return Exit.USAGE if error.code in USAGE_CODES else Exit.SOME_FAILED


def complain(error: BaseException) -> None:
    """One line about an error, without a traceback."""
    text = str(error).strip() or type(error).__name__
    sys.stderr.write(f"reelyard: {' '.join(text.split())}\n")


def complain_usage(error: Any) -> None:
    """One line about a command line that cannot be read, with the command whose help tells more."""
    command = error.ctx.command_path if getattr(error, "ctx", None) else "reelyard"
    text = " ".join(str(error.format_message()).split())
    if text:  # else it was a help page, which has been shown
        sys.stderr.write(f"reelyard: {text.rstrip('.')}. See “{command} --help”.\n")


def outcome(succeeded: int, failed: int) -> Exit:
    """The code of a command that worked on many things."""
    if not failed:
        return Exit.DONE
    return Exit.SOME_FAILED if succeeded else Exit.NOTHING_DONE
