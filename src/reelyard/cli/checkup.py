"""What `doctor` looks at, one function a topic; each looks for itself, so that one that breaks hides no other."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reelyard.errors import DataFolderBusy, ReelyardError
from reelyard.settings import Settings

if TYPE_CHECKING:
    from reelyard.pipeline.pipeline import Pipeline

LOW_ROOM = 2 * 10**9  # bytes; below it a batch of films soon fills the disk
BETTER_VOICE = (
    "eSpeak NG is clear but plain: for a warmer voice add one of Piper's (docs/how-to/tell-stories.md)."
)
MEMORY_PER_WORKER = 1024**3  # bytes, as the transcribing stage declares
TALE = "The lighthouse stood by the sea."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `bad` means that Reelyard cannot do its work without it."""

    topic: str
    state: Literal["good", "note", "bad"]
    text: str
    advice: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def findings(settings: Settings, *, deep: bool, trial: bool) -> Iterator[Finding]:
    """Everything that there is to say, as it is found out."""
    looks: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("python", python),
        ("machine", partial(machine, settings)),
        ("ffmpeg", media_tools),
        ("isolation", isolation),
        ("speech", partial(speech, settings)),
        ("voices", partial(voices, settings)),
        ("servers", partial(servers, settings)),
        ("gpu", gpu),
        ("encoder", encoder),
        ("data", partial(data_folder, settings)),
    ]
    if trial:
        looks.append(("pass", partial(trial_pass, settings)))
    if deep:
        looks.append(("invariants", partial(invariants, settings)))
    for topic, look in looks:
        try:
            yield from look()
        except (ReelyardError, OSError, ImportError) as problem:
            yield Finding(topic, "bad", str(problem))


def python() -> Iterator[Finding]:
    """The interpreter."""
    text = f"Python {platform.python_version()} at {sys.executable}"
    yield Finding("python", "good", text)


def machine(settings: Settings) -> Iterator[Finding]:
    """Cores and memory, beside the workers that share them."""
    memory = _memory()
    workers = settings.engine.workers
    text = f"{os.cpu_count()} cores, {_gb(memory)} of memory, {workers} worker{'s' if workers > 1 else ''}"
    if memory < workers * MEMORY_PER_WORKER:
        yield Finding("machine", "note", text, ("Each worker may need 1 GB: take fewer with --workers.",))
    else:
        yield Finding("machine", "good", text)


def media_tools() -> Iterator[Finding]:
    """The ffmpeg that is used."""
    from reelyard.kit.processes import Command, Limits, run  # noqa: PLC0415
    from reelyard.tools.ffmpeg.executable import ffmpeg  # noqa: PLC0415

    program = ffmpeg()
    with tempfile.TemporaryDirectory() as folder:
        shown = run(
            Command((program, "-hide_banner", "-version"), limits=Limits(wall_s=20)), cwd=Path(folder)
        ).stdout
    lines = shown.splitlines() or ["unknown version"]
    yield Finding("ffmpeg", "good", f"{lines[0].split(' Copyright')[0]} at {program}")


def isolation() -> Iterator[Finding]:
    """The walls round the programs that open users' files."""
    from reelyard.kit.processes.isolation import isolation as look  # noqa: PLC0415

    found = look()
    if found.complete:
        text = (
            f"programs that open files of users reach neither other files nor the network ({found.mechanism})"
        )
        yield Finding("isolation", "good", text)
    else:
        text = f"walls that stand: {found.mechanism}; take files only from people whom you trust"
        yield Finding("isolation", "note", text, found.missing)


def speech(settings: Settings) -> Iterator[Finding]:
    """Recognisers, models, languages, and what `auto` takes."""
    from reelyard.tools.speech import choice  # noqa: PLC0415
    from reelyard.tools.speech.models import how_to_install  # noqa: PLC0415

    has: Any = choice.inventory(_environment(settings))
    models = [one["name"] for one in (has.get("whisper") or {"models": []})["models"]]
    taken = choice.resolve(choice.AUTO, None, has)
    languages = choice.languages_of(taken, has)
    text = f"“auto” takes {taken.recogniser} (model {taken.model}), which knows "
    text += "English only" if languages == {"en"} else f"{len(languages)} languages"
    advice = tuple(line for line in (choice.better(taken),) if line)
    yield Finding("speech", "note" if advice else "good", text, advice)
    if models:
        yield Finding("models", "good", f"Whisper models here: {', '.join(models)}")
    else:
        yield Finding("models", "note", "no Whisper model here", () if advice else (how_to_install("small"),))


def voices(settings: Settings) -> Iterator[Finding]:
    """Who reads texts aloud, and what `auto` takes."""
    from reelyard.tools.voices import choice  # noqa: PLC0415
    from reelyard.tools.voices.voice import EngineName  # noqa: PLC0415

    has = choice.inventory(_environment(settings))
    taken, there = choice.resolve(choice.AUTO, None, has), choice.shown(has)
    text = f"“auto” takes {taken.name} ({taken.engine}) for English; {len(there)} voices are here"
    better = () if taken.engine is not EngineName.ESPEAK else (BETTER_VOICE,)
    yield Finding("voices", "note" if better else "good", text, better)


def servers(settings: Settings) -> Iterator[Finding]:
    """Which servers are asked for texts, voices and pictures; none is asked anything now."""
    from reelyard.tools.servers.configured import find_servers  # noqa: PLC0415

    found = find_servers(_environment(settings))
    for one in found:
        yield Finding("servers", "good", f"{one.kind} server: {one.host}, model {one.model}")
    if not found:
        yield Finding("servers", "good", "none is configured: stories are made on this machine alone")


def _environment(settings: Settings) -> dict[str, str]:
    """The environment as a worker sees it."""
    from reelyard import bootstrap  # noqa: PLC0415

    named = (bootstrap.speech_environment, bootstrap.voices_environment, bootstrap.servers_environment)
    return {**os.environ, **{name: value for each in named for name, value in each(settings).items()}}


def gpu() -> Iterator[Finding]:
    """Whether Whisper could use a GPU; nothing is loaded for it."""
    there = Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None
    text = (
        "an NVIDIA driver is there; Whisper uses it when CTranslate2 finds its libraries"
        if there
        else "none: speech is recognised by the processor"
    )
    yield Finding("gpu", "good" if there else "note", text)


def encoder() -> Iterator[Finding]:
    """Who encodes films."""
    from reelyard.pipelines.video import graphics_encoders  # noqa: PLC0415

    found = graphics_encoders()
    text = (
        f"films are encoded by the graphics card ({found[0]})"
        if found
        else "films are encoded by the processor"
    )
    yield Finding("encoder", "good", text)


def data_folder(settings: Settings) -> Iterator[Finding]:
    """The data folder: where, how much room, who holds it. Nothing is made."""
    from reelyard.storage.datafolder import holder  # noqa: PLC0415
    from reelyard.storage.mounts import NETWORK, file_system_of  # noqa: PLC0415

    path = settings.data
    nearest = next(folder for folder in (path, *path.parents) if folder.exists())
    kind, free = file_system_of(nearest), shutil.disk_usage(nearest).free
    text = f"{path} ({'there' if path.exists() else 'will be made'}; {kind or 'unknown file system'}, {_gb(free)} free)"
    if kind in NETWORK:
        yield Finding(
            "data",
            "bad",
            text,
            ("Locks do not hold on network file systems: choose a local disk by --data.",),
        )
    elif not os.access(nearest, os.W_OK):
        yield Finding(
            "data", "bad", text, ("This user may not write there: choose another folder by --data.",)
        )
    elif free < LOW_ROOM:
        yield Finding("data", "note", text, ("There is little room: originals and results are kept there.",))
    else:
        yield Finding("data", "good", text)
    held = holder(path)
    whose = f"held by process {held.pid}, which listens at {held.address}" if held else "held by no one now"
    yield Finding("holder", "good", whose)


def trial_pass(_settings: Settings) -> Iterator[Finding]:
    """A few seconds of made media, or a made sentence, through each whole pipeline."""
    from reelyard.pipelines import story, transcription, video  # noqa: PLC0415
    from reelyard.testing.media import MediaMaker  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="reelyard-doctor-") as place:
        maker = MediaMaker(Path(place))
        recording = maker.speech("trial.wav", "This is a test of the whole pipeline.")
        facts, said = _trial(transcription.PIPELINE, recording, {})
        heard = facts["write"]["preview"] or "nothing"
        yield Finding("pass", "good" if facts["write"]["words"] else "note", f"{said}; heard “{heard}”")
        film = maker.spoken_film("trial.mp4", "One.\n\n\n\nTwo.")
        order = {"remove_silence": True, "min_silence_duration": 0.5, "transcribe": False}
        facts, said = _trial(video.PIPELINE, film, order)
        made = f"{facts['write']['film_s']:.1f} s of {facts['index']['source_s']:.1f} s kept, {facts['render']['way']}"
        yield Finding("pass", "good" if facts["silence"]["cuts"] else "note", f"{said}; {made}")
        text = Path(place, "trial.txt")
        text.write_text(TALE, "utf-8")
        facts, said = _trial(story.PIPELINE, text, {"movement": "still", "film_quality": "720p"})
        made = f"{facts['sound']['duration_s']:.1f} s read aloud, {facts['illustrate']['pictures']} picture"
        yield Finding("pass", "good" if facts["film"]["frames"] else "note", f"{said}; {made}")


def _trial(pipeline: Pipeline, path: Path, settings: dict[str, Any]) -> tuple[Any, str]:
    """What the stages told of a file, and a sentence on how long they took."""
    from reelyard.kit.processes import runner_in  # noqa: PLC0415
    from reelyard.testing.local_context import LocalFolder, LocalOrder, run_locally  # noqa: PLC0415
    from reelyard.tools.ffmpeg.limits import ProbeLimits  # noqa: PLC0415
    from reelyard.tools.ffmpeg.probe import inspect  # noqa: PLC0415

    begun = time.monotonic()
    info = inspect(path, run=runner_in(path.parent), name=path.name, limits=ProbeLimits())
    with LocalFolder(path.parent / f"{path.name}.work") as folder:
        facts = run_locally(pipeline, LocalOrder(path, info, settings), folder)
    took = time.monotonic() - begun
    what = f"{info.duration_s:.1f} s of made media" if info.duration_s else "a made text"
    return facts, f"{pipeline.name}: {what} in {took:.1f} s"


def invariants(settings: Settings) -> Iterator[Finding]:
    """Whether counters, states, events and files agree; needs the data folder to itself."""
    from reelyard.core.invariants import broken  # noqa: PLC0415 - SQLAlchemy
    from reelyard.db.session import Database, sqlite_url  # noqa: PLC0415
    from reelyard.kit.clock import SystemClock  # noqa: PLC0415
    from reelyard.storage.datafolder import DataFolder  # noqa: PLC0415
    from reelyard.storage.disk import DiskStorage  # noqa: PLC0415

    if not (settings.data / "reelyard.db").exists():
        yield Finding("invariants", "note", "there is nothing to check yet")
        return
    db = Database(sqlite_url(settings.data / "reelyard.db"), SystemClock())
    with ExitStack() as stack:
        stack.callback(db.close)
        storage, extent = None, "rows only, since a server is at work"
        with suppress(DataFolderBusy):
            stack.callback(DataFolder.acquire(settings.data).release)
            storage, extent = DiskStorage(settings.data), "rows and files"
        found = broken(db, storage)
    if not found:
        yield Finding("invariants", "good", f"what the data folder holds agrees with itself ({extent})")
    for violation in found:
        yield Finding("invariants", "bad", str(violation))


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _gb(value: int) -> str:
    return f"{value / 1e9:.1f} GB"
