"""Films for tests of faults, and how they are edited."""

from __future__ import annotations

import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

from tests.faults.halting import FILMS_NAMED
from tests.faults.studio import Craft, Studio

from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.executable import ffmpeg

SPOKEN = "The old man looked at the river."
EDIT: dict[str, Any] = {
    "remove_silence": True,
    "min_silence_duration": 0.5,
    "detect_highlights": True,
    "highlight_sensitivity": "max",
    "highlight_clips": True,
    "keywords": ["river"],
    "recogniser": "pocketsphinx",
    "language": "en",
    "captions": ["srt", "vtt", "embedded"],
    "timelines": ["edl", "otio"],
}
WHERE = {  # the middle of each stage
    "index": "run 1",
    "prepare": "run 1",
    "detect": "ask 1",
    "transcribe": "ask 1",
    "listen": "run 1",
    "silence": "out 1",
    "highlights": "run 1",
    "render": "run 2",  # of a smart cut: the sound is made, the pieces of picture are not
    "burn": "run 2",  # which takes its place where captions are drawn: the letters were looked at
    "write": "out 2",  # one file of captions is written
    "embed": "run 1",
    "clips": "run 2",  # the film was looked at
}
ENCODED: dict[str, Any] = {"captions": ["srt", "burnt"]}  # the film is encoded as a whole then
STAGES = tuple(stage for stage in WHERE if stage != "burn")
DECIDED = ("cuts.json", "captions.srt", "captions.vtt", "highlights.json", "timeline.edl", "timeline.otio")


def spoken_film(folder: Path) -> bytes:
    """A sentence, silence, ten seconds of a tone, silence: 50 pictures a second, a keyframe each half second."""
    maker = MediaMaker(folder)
    voice = maker.speech("voice.wav", SPOKEN)
    sound = (
        "[1:a]apad=pad_dur=1.5,aresample=16000[v];sine=f=440:d=10:r=16000,volume=4,apad=pad_dur=1[t];"
        "[v][t]concat=n=2:v=0:a=1[a]"
    )
    picture = ("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=50")
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac")
    maps = ("-filter_complex", sound, "-map", "0:v", "-map", "[a]", "-shortest")
    film = maker.encode(folder / "spoken.mp4", *picture, "-i", str(voice), *maps, *codecs, reads=(voice,))
    return film.read_bytes()


def salted(film: bytes) -> bytes:
    """The same film as another file: a box that players pass over is added."""
    return film + (24).to_bytes(4, "big") + b"free" + uuid.uuid4().bytes


def frames_of(film: Path) -> int:
    """How many pictures ffmpeg decodes, and that it complains of nothing."""
    argv = [ffmpeg(), "-nostdin", "-v", "warning", "-i", str(film), "-map", "0:v:0", "-f", "framehash", "-"]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert not done.stderr, done.stderr
    return sum(not line.startswith("#") for line in done.stdout.splitlines())


def decided(item: dict[str, Any]) -> dict[str, str]:
    """The hashes of what is decided and written, not rendered."""
    return {one["role"]: one["sha256"] for one in item["outputs"] if one["role"] in DECIDED}


def as_json(path: Path) -> Any:
    return json.loads(path.read_bytes())


CRAFT = Craft("video", FILMS_NAMED, "talk.mp4", EDIT, WHERE, salted)


def film_studio(folder: Path, film: bytes = b"", settings: dict[str, str] | None = None) -> Studio:
    """A server that edits films."""
    return Studio(folder, CRAFT, film, settings or {})
