"""Where the ffmpeg program is found, and what is said where it is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reelyard.errors import BadSetting
from reelyard.tools.ffmpeg.executable import ffmpeg

CODE = """
import sys

def heard(event, args):
    if event in ("subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec", "os.system"):
        raise SystemExit(f"a process was started: {args[0]}")

sys.addaudithook(heard)
from reelyard.tools.ffmpeg.executable import ffmpeg
print(ffmpeg())
"""


def test_the_program_is_found_without_a_trial_run() -> None:
    """One that is killed, or finds no room, would say that there is no ffmpeg."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "ffmpeg-" in done.stdout


def test_an_ffmpeg_that_is_not_there_is_named() -> None:
    assert Path(ffmpeg()).is_file()
    with pytest.raises(BadSetting, match="“/no/such/ffmpeg”"):
        ffmpeg("/no/such/ffmpeg")
