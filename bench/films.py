"""Films for benchmarks, made quickly: a piece is encoded once and repeated by copy to the length that is wanted."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.speech import made_speech

from reelyard.tools.ffmpeg.executable import ffmpeg

RATE = 30
QUIET = ("-nostdin", "-hide_banner", "-v", "error", "-y")
STILL = "mandelbrot=size=2400x1350:rate=30:maxiter=400:start_scale=0.3:end_scale=0.3"
GRAIN = 6  # of the picture: with it a picture costs what a camera's does, 2 to 6 Mbit/s at 1080p
AGAIN_S = 120  # of speech
SAID_S, QUIET_S = 5, 2.5  # in turn
SIZES = {1080: 1920, 720: 1280, 360: 640, 90: 160}


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture is taken. `piece_s` is the least that is encoded before it repeats: whole groups of pictures."""

    height: int = 1080
    gop: int = 250
    piece_s: float = 25.0
    scenes: tuple[int, ...] = ()  # pictures of a piece at which another scene begins, and with it a group

    @property
    def frames(self) -> int:
        """Pictures of a piece: whole groups, so that the repeated film has no shorter ones."""
        if self.scenes:
            return round(self.piece_s * RATE)
        return self.gop * max(1, round(self.piece_s * RATE / self.gop))


def run(*arguments: str | float | Path) -> None:
    """ffmpeg. Raises CalledProcessError."""
    subprocess.run([ffmpeg(), *QUIET, *map(str, arguments)], check=True)


def camera_film(folder: Path, name: str, seconds: int, shot: Shot = Shot()) -> Path:
    """A film as of a hand-held camera: a picture that moves slowly, with grain, H.264 at crf 23, and a noise as sound."""
    noise = folder / f"{name}.noise.m4a"
    hiss = "anoisesrc=c=pink:a=0.2:r=48000:seed=1"
    run("-f", "lavfi", "-i", hiss, "-t", seconds, "-c:a", "aac", "-b:a", "128k", noise)
    return _film(folder / name, _pictures(folder, shot, seconds), noise, seconds)


def talk(folder: Path, name: str, seconds: int, shot: Shot) -> Path:
    """As `camera_film`, with made speech and its pauses as sound; the same words again every two minutes."""
    length = min(seconds, AGAIN_S)
    voice, sound = folder / f"{name}.wav", folder / f"{name}.aac"
    made_speech(folder, voice.name, length, seed=1)
    thinking = f"apad=whole_dur={length},volume=0:enable='gt(mod(t,{SAID_S + QUIET_S}),{SAID_S})'"
    run("-i", voice, "-af", thinking, "-t", length, "-ar", "48000", "-c:a", "aac", sound)
    voice.unlink()
    sound.write_bytes(
        sound.read_bytes() * -(-seconds // length)
    )  # each packet has its header: they may be joined
    return _film(folder / name, _pictures(folder, shot, seconds), sound, seconds)


def likenesses(film: Path, names: Sequence[str], *, size: int = 0) -> list[Path]:
    """Films with the same pictures and other bytes, so that nothing of them is known; as large as wanted, at least."""
    made = []
    for name in names:
        path, mark = film.with_name(name), name.encode()
        shutil.copyfile(film, path)
        more = max(0, size - path.stat().st_size - len(mark) - 8)
        with path.open("ab") as file:  # a box that every reader skips
            file.write((8 + len(mark) + more).to_bytes(4, "big") + b"free" + mark + bytes(more))
        made.append(path)
    return made


def _film(target: Path, pictures: Path, sound: Path, seconds: int) -> Path:
    copied = ("-map", "0:v", "-map", "1:a", "-c", "copy", "-movflags", "+faststart")
    run("-i", pictures, "-t", seconds, "-i", sound, *copied, target)
    pictures.unlink()
    sound.unlink()
    return target


def _pictures(folder: Path, shot: Shot, seconds: int) -> Path:
    """So many seconds of pictures: a piece repeated, and the beginning of another where it does not come out even."""
    times, left = divmod(seconds * RATE, shot.frames)
    pieces = [_piece(folder, shot, shot.frames)] * times
    if left:
        pieces.append(_piece(folder, shot, left))
    return _joined(pieces, folder / "pictures.mp4")


def _piece(folder: Path, shot: Shot, frames: int) -> Path:
    """Pictures that move; made once a folder."""
    target, still = folder / f"piece-{shot.height}-{shot.gop}-{frames}.mp4", folder / "still.png"
    if target.exists():
        return target
    if not still.exists():
        run("-f", "lavfi", "-i", STILL, "-frames:v", "1", still)
    width, height = SIZES[shot.height], shot.height
    jumps = "".join(f"+50*gte(n\\,{first})" for first in shot.scenes)
    move = f"x='(iw-ow)/2*(1+sin((n{jumps})/70))':y='(ih-oh)/2*(1+sin((n{jumps})/113))'"
    scene = f"scale={width * 5 // 4}:-2,loop=-1:1,setpts=N/{RATE}/TB,crop={width}:{height}:{move}"
    coded: tuple[str, ...] = (
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "23",
        "-g",
        str(shot.gop),
        "-sc_threshold",
        "0",
    )
    begun = ",".join(f"{first / RATE:.4f}" for first in shot.scenes if first < frames)
    coded += ("-force_key_frames", begun) if begun else ()
    picture = f"{scene},noise=alls={GRAIN}:allf=t,format=yuv420p"
    run("-framerate", RATE, "-i", still, "-vf", picture, "-frames:v", frames, *coded, target)
    return target


def _joined(pieces: Sequence[Path], target: Path) -> Path:
    """One after the other, by copy."""
    listed = target.with_suffix(".txt")
    listed.write_text("".join(f"file '{piece.resolve()}'\n" for piece in pieces))
    run("-f", "concat", "-safe", "0", "-i", listed, "-c", "copy", target)
    listed.unlink()
    return target
