"""The composition root: settings in, one container out. The only place that names concrete classes."""

from __future__ import annotations

import os
import random
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from reelyard.bootstrap_worker import DATA, MEDIA_SECONDS
from reelyard.core.accounts.limits import TierLimits
from reelyard.core.accounts.service import ensure_local_owner
from reelyard.core.accounts.tiers import Tier
from reelyard.core.batches.backoff import Schedule
from reelyard.core.batches.commands import BatchCommands
from reelyard.core.batches.ledger import Ledger
from reelyard.core.batches.service import BatchService, Limits
from reelyard.core.cuts.service import CutService
from reelyard.core.events.live import LiveBoard
from reelyard.core.events.log import EventLog
from reelyard.core.exports.links import ExportLinks
from reelyard.core.exports.moves import Moves
from reelyard.core.exports.packing import Packing, PackingParts
from reelyard.core.exports.service import ExportService
from reelyard.core.library.purge import GRACE, Janitor
from reelyard.core.library.service import LibraryService, UploadLimits
from reelyard.core.library.uploads import UploadService
from reelyard.core.requests import repository as requests
from reelyard.core.runs import repository as runs
from reelyard.core.stories.service import StoryService
from reelyard.core.texts.service import TextService
from reelyard.db.migrate import upgrade
from reelyard.db.session import Database, sqlite_url
from reelyard.engine.claims import ClaimParts, Claims
from reelyard.engine.cluster import Cluster, DaskCluster, LocalSpec
from reelyard.engine.course import Course, CourseParts
from reelyard.engine.dispatcher import Dispatcher, DispatcherParts
from reelyard.engine.estimates import Estimates
from reelyard.engine.exports import ExportCourse, ExportCourseParts
from reelyard.engine.files import FileCourse
from reelyard.engine.housekeeping import Chore, Housekeeping
from reelyard.engine.intake import Intake
from reelyard.engine.losses import Losses
from reelyard.engine.outlook import Outlook
from reelyard.engine.packer import Packer
from reelyard.engine.recovery import Recovery
from reelyard.engine.watch import Stalls, Watch
from reelyard.kit.clock import Clock, SystemClock
from reelyard.kit.ids import new_id
from reelyard.kit.json import JsonObject
from reelyard.media.cut_list import CutList
from reelyard.media.info import MediaInfo
from reelyard.media.transcript import Transcript
from reelyard.pipeline.registry import NAMED, Registry, load_registry
from reelyard.pipeline.stage import Inventory
from reelyard.pipelines.exports import export_pipeline
from reelyard.pipelines.library import library_pipeline
from reelyard.settings import Settings
from reelyard.storage.datafolder import DataFolder
from reelyard.storage.disk import DiskStorage
from reelyard.storage.disk_uploads import DiskUploads
from reelyard.storage.signing import Signer
from reelyard.storage.signing_keys import load_signer
from reelyard.tools.bundles.playlist import write_playlist
from reelyard.tools.ffmpeg.limits import ProbeLimits
from reelyard.tools.servers.configured import Server, ServerKind, find_servers, to_environ

ANSWERS_KEPT = timedelta(hours=24)


@dataclass(slots=True)
class Container:
    """Everything that runs in the control plane, wired."""

    settings: Settings
    folder: DataFolder
    clock: Clock
    db: Database
    storage: DiskStorage
    upload_store: DiskUploads
    signer: Signer
    registry: Registry
    log: EventLog
    board: LiveBoard
    ledger: Ledger
    library: LibraryService
    uploads: UploadService
    batches: BatchService
    commands: BatchCommands
    texts: TextService
    cluster: Cluster
    claims: Claims
    dispatcher: Dispatcher
    housekeeping: Housekeeping
    exports: ExportService
    export_links: ExportLinks
    packing: Packing
    packer: Packer
    cuts: CutService
    stories: StoryService
    voices: Callable[[str | None], Sequence[Any]]  # that speak a language, or all: `tools.voices.voice.Voice`
    voice_sample: Callable[
        [str], bytes
    ]  # the voice of that name as WAV: `tools.narration.sample.VoiceSamples`

    def start(self) -> None:
        """Recover, bring the workers up, begin to work."""
        self.dispatcher.start()
        self.housekeeping.start()
        self.packer.start()

    def stop(self, *, drain_s: float | None = None, hurry: threading.Event | None = None) -> None:
        """Let stages stop at their next part, then end everything and give the data folder up."""
        self.packer.stop()
        self.housekeeping.stop()
        self.dispatcher.stop(self.settings.engine.drain_s if drain_s is None else drain_s, hurry)
        self.upload_store.close()
        self.db.close()
        self.folder.release()


def build(settings: Settings, *, clock: Clock | None = None, cluster: Cluster | None = None) -> Container:
    """Wire everything over the data folder, which is locked and brought to this version's schema.

    Raises DataFolderBusy, UnsuitableDataFolder, StorageFull.
    """
    folder = DataFolder.acquire(settings.data)
    try:
        return _Wiring(settings, folder, clock or SystemClock(), cluster).container()
    except BaseException:
        folder.release()
        raise


class _Wiring:
    """The steps of `build`; gone when it returns."""

    def __init__(self, settings: Settings, folder: DataFolder, clock: Clock, cluster: Cluster | None) -> None:
        self.settings = settings
        self.folder = folder
        self.clock = clock
        data = settings.data
        self.db = Database(sqlite_url(data / "reelyard.db"), clock)
        upgrade(self.db)
        ensure_local_owner(self.db)
        shutil.rmtree(data / "scratch", ignore_errors=True)
        self.storage = DiskStorage(data)
        self.upload_store = DiskUploads(self.storage)
        self.signer = load_signer(data)
        self.registry = load_registry()
        self.board = LiveBoard()
        self.log = EventLog(self.board.announce)
        self.ledger = Ledger(self.log)
        self.cluster = cluster or DaskCluster(_local_spec(settings))
        self.estimates = Estimates(clock.monotonic)
        self.wakers: list[Any] = []
        self.kept = timedelta(hours=settings.exports.kept_hours)
        self.moves = Moves(self.log, self.storage)
        self.links = ExportLinks(self.signer)
        packing = PackingParts(
            self.db, self.storage, self.moves, self.links, clock, write_playlist, self.kept
        )
        self.packing = Packing(packing)
        self.packer = Packer(self.packing.pack_all)
        plans = settings.tiers.model_dump().items()
        self.tiers = TierLimits({name: Tier(name, **plan) for name, plan in plans})

    def container(self) -> Container:
        settings, limits = self.settings, self.settings.limits
        uploading = UploadLimits(max_bytes=limits.file_bytes)
        library = LibraryService(self.ledger, self.log, new_id, uploading, self.tiers)
        batches = BatchService(
            self.registry,
            self.ledger,
            new_id,
            Limits(limits.items_per_batch, limits.concurrency, settings.engine.max_retries),
            self.tiers,
        )
        texts = TextService(self.storage, new_id, write_transcript)
        commands = BatchCommands(self.registry, self.ledger, library, self.wake, self.inventory, self.tiers)
        dispatcher = self.dispatcher(library, texts)
        self.wakers.append(dispatcher.wake)
        uploads = UploadService(self.db, self.upload_store, library, self.wake)
        exports = ExportService(self.registry, self.moves, new_id, self.wake_all)
        return Container(
            settings, self.folder, self.clock, self.db, self.storage, self.upload_store, self.signer,
            self.registry, self.log, self.board, self.ledger, library, uploads, batches, commands, texts,
            self.cluster, self.claims, dispatcher, self.housekeeping(uploads, exports), exports, self.links,
            self.packing, self.packer,
            cuts=CutService(self.storage, new_id, commands, write_timeline),
            stories=StoryService(self.storage, new_id, commands),
            voices=self.voices,
            voice_sample=self.voice_samples(),
        )  # fmt: skip

    def housekeeping(self, uploads: UploadService, exports: ExportService) -> Housekeeping:
        janitor = Janitor(self.db, self.storage, uploads, self.clock)

        def forget_answers() -> int:
            with self.db.write() as tx:
                requests.forget(tx, tx.now - ANSWERS_KEPT)
            return 0

        def forget_cache() -> int:
            with self.db.write() as tx:
                return runs.forget_cache(tx, tx.now - GRACE)

        def tidy_exports() -> int:
            with self.db.write() as tx:
                return exports.tidy(tx)

        return Housekeeping(
            (
                Chore("exports", tidy_exports),
                Chore("cache", forget_cache),
                Chore("storage", lambda: janitor.sweep().blobs),
                Chore("temporary files", lambda: self.storage.remove_stale(self.clock.now() - GRACE)),
                Chore("answers", forget_answers),
            )
        )

    def dispatcher(self, library: LibraryService, texts: TextService) -> Dispatcher:
        clock = self.clock
        course = Course(
            CourseParts(
                self.registry, self.ledger, texts, new_id, Schedule(self.settings.engine.retry_delays_s),
                random.random, self.inventory, self.estimates,
            )
        )  # fmt: skip
        limits = ProbeLimits(max_duration_s=self.settings.limits.media_seconds)
        files = FileCourse(library_pipeline(limits), library, new_id)
        exports = ExportCourse(
            ExportCourseParts(export_pipeline(limits), self.moves, new_id, self.kept, self.estimates.seconds)
        )
        intake = Intake(course, files, exports, self.storage.delete_prefix)
        self.claims = Claims(
            ClaimParts(
                course,
                files,
                exports,
                self.ledger,
                self.estimates,
                self.settings.engine.items_at_once,
                clock.monotonic,
                self.tiers.at_once,
                os.cpu_count() or 1,
            )
        )
        losses = Losses(self.storage)
        return Dispatcher(
            DispatcherParts(
                self.db, self.cluster, clock, self.claims, intake, Watch(self.ledger, clock.monotonic),
                Recovery(self.db, losses, intake, self.ledger, course), losses, self.estimates, texts, self.board,
                Stalls(self.settings.engine.batch_timeout_s),
                Outlook(self.db, self.board, course, self.estimates, clock.monotonic, self.tiers.at_once),
            )
        )  # fmt: skip

    def wake_all(self) -> None:
        """An export may be for the workers or for the packer."""
        self.wake()
        self.packer.wake()

    def wake(self) -> None:
        for waker in self.wakers:
            waker()

    def inventory(self, pipeline: str) -> Inventory:
        """What the workers have; before the first has joined, what this machine has."""
        for worker in self.cluster.capacity():
            found: Inventory | None = worker.inventory.get(pipeline)
            if found is not None:
                return found
        return self.registry.get(pipeline).inventory()

    def voices(self, language: str | None) -> Sequence[Any]:
        """The voices that read stories aloud, the better ones first; with `language` those that speak it."""
        from reelyard.tools.voices.choice import voices  # noqa: PLC0415

        return voices(self.inventory("story"), language)

    def voice_samples(self) -> Callable[[str], bytes]:
        """What speaks samples; its parts are loaded when the first is asked for."""
        once = threading.Lock()
        made: list[Any] = []

        def sample(name: str) -> bytes:
            from reelyard.tools.narration.sample import VoiceSamples  # noqa: PLC0415

            with once:
                if not made:
                    environ = {**os.environ, **voices_environment(self.settings)}
                    made.append(VoiceSamples(self.settings.data.resolve() / "scratch" / "samples", environ))
            wav: bytes = made[0].get(name, self.inventory("story"))
            return wav

        return sample


def write_transcript(transcript: Transcript, name: str, settings: JsonObject) -> str:
    """A transcript in a format by name, in the style of its batch's settings. Raises InvalidInput."""
    from reelyard.errors import InvalidInput  # noqa: PLC0415
    from reelyard.tools.captions import CaptionFormat, CueStyle, write  # noqa: PLC0415

    try:
        wanted = CaptionFormat(name)
    except ValueError:
        known = ", ".join(CaptionFormat)
        raise InvalidInput(
            f"There is no format “{name}”.", hint=f"Choose one of: {known}.", field="format"
        ) from None
    style = CueStyle()
    if "line_length" in settings:
        lines: Any = settings
        style = replace(style, line_length=lines["line_length"], lines=lines["caption_lines"])
    return write(transcript, wanted, style)


def write_timeline(cuts: CutList, media: MediaInfo, name: str, form: str) -> str:
    """A cut list in a format of other editors, by its name: edl, fcpxml or otio."""
    from reelyard.tools.timelines import Edit, TimelineFormat, write  # noqa: PLC0415

    return write(Edit(cuts, media, name), TimelineFormat(form))


def _local_spec(settings: Settings) -> LocalSpec:
    environment: dict[str, str] = {
        DATA: str(settings.data.resolve()),
        MEDIA_SECONDS: str(settings.limits.media_seconds),
        NAMED: os.environ.get(NAMED, ""),  # workers are forked from a process that may know others
        **speech_environment(settings),
        **voices_environment(settings),
        **servers_environment(settings),
    }
    return LocalSpec(settings.engine.workers, settings.data.resolve() / "scratch" / "dask", environment)


def speech_environment(settings: Settings) -> dict[str, str]:
    """What a worker, and `doctor`, are to know of the speech settings, as variables of the environment."""
    found: dict[str, str] = {}
    if settings.speech.models is not None:
        found["REELYARD_MODELS"] = str(settings.speech.models)
    if settings.speech.model is not None:
        found["REELYARD_WHISPER_MODEL"] = settings.speech.model
    return found


def voices_environment(settings: Settings) -> dict[str, str]:
    """What a worker, and `doctor`, are to know of voices, as variables of the environment."""
    found: dict[str, str] = {}
    if settings.voices.piper is not None:
        found["REELYARD_VOICES__PIPER"] = str(settings.voices.piper.expanduser().resolve())
    if settings.voices.prefer is not None:
        found["REELYARD_VOICES__PREFER"] = settings.voices.prefer
    return found


def configured_servers(settings: Settings) -> tuple[Server, ...]:
    """The servers that workers may ask, without their keys."""
    return find_servers(servers_environment(settings))


def servers_environment(settings: Settings) -> dict[str, str]:
    """What a worker, and `doctor`, are to know of the servers that it may ask; their keys are in it."""
    found: dict[str, str] = {}
    for kind in ServerKind:
        values = getattr(settings, f"{kind.value}_server").model_dump(exclude_none=True)
        if "key" in values:
            values["key"] = values["key"].get_secret_value()
        if "url" in values:
            found |= to_environ(kind, values)
    return found
