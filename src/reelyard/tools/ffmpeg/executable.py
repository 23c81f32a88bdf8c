"""Where the ffmpeg program is."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from pathlib import Path

from reelyard.errors import BadSetting


def ffmpeg(wanted: str | None = None) -> str:
    """The path of ffmpeg: `wanted` (a path or a name on the PATH), else the one that came with the package.

    Raises BadSetting when there is none.
    """
    if wanted is not None:
        found = shutil.which(wanted)
        if found is None:
            raise BadSetting(
                f"There is no program “{wanted}”, which was set as ffmpeg.",
                hint="Name another one, or leave the setting out to use the one that came with Reelyard.",
            )
        return found
    return _packed() or _found_by_package()


def _packed() -> str | None:
    """The program in the package, found without running it: a trial run that is killed says nothing of the program."""
    folder = Path(str(files("imageio_ffmpeg"))) / "binaries"
    own = os.environ.get("IMAGEIO_FFMPEG_EXE")
    there = sorted(path for path in folder.glob("ffmpeg-*") if os.access(path, os.X_OK))
    return own or (str(there[-1]) if there else None)


def _found_by_package() -> str:
    import imageio_ffmpeg  # noqa: PLC0415 - takes 40 ms, and seldom needed

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as problem:
        raise BadSetting(
            "No ffmpeg came with the package on this machine.",
            hint="Install ffmpeg and name it in the settings.",
        ) from problem
