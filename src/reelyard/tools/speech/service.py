"""How to speak to the speech child: what starts it and what may be asked; pure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reelyard.kit.json import JsonObject
from reelyard.kit.processes import Command, Limits, Service, python_child
from reelyard.tools.speech.models import FOLDER, FOLDERS, hub_cache
from reelyard.tools.speech.recogniser import Identity, Task
from reelyard.tools.speech.windows import Window

THREADS = "OMP_NUM_THREADS"


def speech_service(environ: Mapping[str, str]) -> Service:
    """The child that holds a loaded recogniser. One thread, unless OMP_NUM_THREADS says otherwise.

    No limit of time, processor or memory by itself: a request has its own time, and a graphics card maps more
    addresses than the machine has memory. Whoever starts it adds the folders of the sound files to `reads`.
    """
    argv, paths = python_child("reelyard.tools.speech.server")
    own = {name: _absolute(environ[name]) for name in (FOLDER, FOLDERS) if environ.get(name)}
    cache = {"HF_HUB_CACHE": str(hub_cache(environ)), "HF_HUB_OFFLINE": "1"}
    env = {**dict(paths), **own, **cache, THREADS: environ.get(THREADS, "1")}
    command = Command(
        argv=argv,
        reads=tuple(
            Path(folder) for folder in (*own.values(), cache["HF_HUB_CACHE"]) if Path(folder).is_dir()
        ),
        limits=Limits(wall_s=float("inf"), cpu_s=None, memory_bytes=None),
        env=tuple(sorted(env.items())),
    )
    return Service("speech", command)


def _absolute(value: str) -> str:
    """A folder as seen from anywhere, since the child works elsewhere; a model's name stays as it is."""
    return str(Path(value).resolve()) if Path(value).is_dir() else value


def detect(pcm: Path) -> JsonObject:
    """Where there is speech. Events: `{"done": samples}`.

    Answer: `{"total": samples, "spans": …, "windows": …}`.
    """
    return {"op": "detect", "pcm": str(pcm)}


def detect_language(pcm: Path, windows: list[Window], by: Identity) -> JsonObject:
    """Which language is spoken. Answer: `{"language": code, "probability": share or null}`."""
    return {
        "op": "detect_language",
        "pcm": str(pcm),
        "windows": [w.to_json() for w in windows],
        "by": by.to_json(),
    }


def transcribe(pcm: Path, task: Task, by: Identity) -> JsonObject:
    """What is said in one window. Events: `{"segment": …}`; answer: `{"segments": …}`, in its seconds."""
    return {
        "op": "transcribe",
        "pcm": str(pcm),
        "window": task.window.to_json(),
        "language": task.language,
        "word_times": task.word_times,
        "by": by.to_json(),
    }
