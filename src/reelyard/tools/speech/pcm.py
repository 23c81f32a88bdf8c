"""The command that turns a file's sound into what recognisers take."""

from __future__ import annotations

from pathlib import Path

from reelyard.kit.processes import Command
from reelyard.tools.speech.windows import RATE


def decode_pcm(source: Path, target: Path) -> Command:
    """The first sound track as raw PCM, silence where it begins late or has holes, so that times hold."""
    import imageio_ffmpeg  # noqa: PLC0415  # looks for its program when imported

    argv = (
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-i", str(source)),
        *("-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", str(RATE)),
        *("-f", "s16le", str(target)),
    )
    return Command(argv=argv, reads=(source,), writes=(target,))
