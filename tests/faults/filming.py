"""Films for tests of faults, and a real server that edits them: driven over HTTP, hit from outside."""

from __future__ import annotations

import contextlib
import json
import subprocess
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
from tests.faults.halting import FOLDER, JOURNAL, NAME, halted
from tests.faults.server import Server
from tests.support.engine import journal, wait_until

from reelyard.client import Client, File, Order
from reelyard.core.invariants import broken
from reelyard.db.session import Database, sqlite_url
from reelyard.kit.clock import SystemClock
from reelyard.storage.datafolder import holder
from reelyard.storage.disk import DiskStorage
from reelyard.testing.media import MediaMaker
from reelyard.tools.ffmpeg.executable import ffmpeg

PATIENCE_S = 60.0
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


@dataclass(slots=True)
class Studio:
    """A server with two workers over a folder, and what a test does with it."""

    folder: Path
    film: bytes
    settings: dict[str, str] = field(default_factory=dict)  # of the server, as its environment
    server: Server = field(init=False)
    halts: Path = field(init=False)

    def __post_init__(self) -> None:
        self.halts = self.folder / "halts"
        self.halts.mkdir(parents=True)
        environment = {"REELYARD_PIPELINES": NAME, FOLDER: str(self.halts), **self.settings}
        self.server = Server(self.folder / "data", environment=environment)

    # --- what users do ------------------------------------------------------------------------------------

    def client(self) -> Client:
        return Client.of_data_folder(self.server.data)

    def get(self, path: str) -> Any:
        """What the server answers, as JSON."""
        return self.call("GET", path)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.answer(method, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def answer(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Whatever it answers."""
        with self._http() as http:
            return http.request(method, f"/api/v1{path}", json=body)

    def download(self, url: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """What a link gives, without asking who asks."""
        with self._http() as http:
            return http.get(url, headers=headers).raise_for_status()

    @contextmanager
    def downloading(self, url: str) -> Iterator[httpx.Response]:
        """An answer that has not been read yet."""
        with self._http() as http, http.stream("GET", url) as answer:
            yield answer

    def _http(self) -> httpx.Client:
        held = holder(self.server.data)
        assert held is not None, "no server holds the folder"
        headers = {"Authorization": f"Bearer {held.credential}"}
        return httpx.Client(base_url=held.address, headers=headers, timeout=30, trust_env=False)

    def upload(self, film: bytes | None = None, name: str = "talk.mp4") -> str:
        """A film of its own in the library, verified; its id."""
        (path := self.folder / name).write_bytes(salted(self.film) if film is None else film)
        with self.client() as client:
            (file,) = client.files.upload([path])
            assert isinstance(file, File), file
            wait_until(lambda: client.files.get(file.id).status == "ready", PATIENCE_S)
        return file.id

    def start(
        self, file_ids: list[str], settings: Mapping[str, Any] | None = None, *, concurrency: int = 3
    ) -> str:
        """A batch of them, begun; its id."""
        with self.client() as client:
            order = Order("films", "video", settings={**EDIT, **(settings or {})}, concurrency=concurrency)
            return client.batches.create(order, file_ids, start=True).id

    def status(self, batch_id: str) -> str:
        return str(self.get(f"/batches/{batch_id}")["status"])

    def item(self, batch_id: str, place: int = 0) -> dict[str, Any]:
        """Item `place` of the batch, with its runs, its result and its outputs."""
        items = self.get(f"/batches/{batch_id}/items?limit=50")["data"]
        found: dict[str, Any] = self.get(f"/batches/{batch_id}/items/{items[place]['id']}")
        return found

    def over(self, batch_id: str) -> dict[str, Any]:
        """Wait until the batch has ended; its first item."""
        wait_until(lambda: self.status(batch_id) in ("completed", "failed", "cancelled"), PATIENCE_S, 0.05)
        return self.item(batch_id)

    def fetch(self, item: dict[str, Any], role: str) -> Path:
        """An output, downloaded."""
        (output,) = [one for one in item["outputs"] if one["role"] == role]
        path = self.folder / f"{uuid.uuid4().hex}-{role}"
        path.write_bytes(self.download(output["url"]).content)
        return path

    # --- what happens to them -----------------------------------------------------------------------------

    def halt(self, stage: str, at: str | None = None) -> None:
        """Whoever next comes by there stops."""
        halted(self.halts / stage, at=at or WHERE[stage])

    def stopped(self, other_than: psutil.Process | None = None) -> psutil.Process:
        """Wait for the tool that stopped in the middle of a stage."""
        found: list[psutil.Process] = []

        def seen() -> bool:
            found.extend(one for one in self._stopped() if one != other_than)
            return bool(found)

        wait_until(seen, PATIENCE_S)
        return found[0]

    def _stopped(self) -> list[psutil.Process]:
        found = []
        for process in self.server.family():
            try:
                if process.status() == psutil.STATUS_STOPPED:
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return found

    def tools(self) -> list[psutil.Process]:
        """What the workers' stages have running, but for models, which wait to be asked."""
        return [
            one
            for worker in self.server.worker_processes()
            for one in children_of(worker)
            if not is_model(one)
        ]

    # --- what is looked at afterwards ---------------------------------------------------------------------

    def noted(self) -> Counter[tuple[str, str]]:
        """How often each stage was begun and ended and each part made, since it was last asked for."""
        path = self.halts / JOURNAL
        rows = journal(path)
        path.unlink(missing_ok=True)
        return Counter((stage, what) for _, stage, what, *_ in rows)

    def kept_parts(self) -> int:
        """Parts that will not be made again."""
        return sum(1 for _ in (self.server.data / "objects" / "parts").rglob("*.sum"))

    def scratch(self) -> list[Path]:
        """What attempts have in work."""
        return [path for path in (self.server.data / "scratch").glob("slot-*/*") if path.name != "models"]

    def wrong(self) -> list[str]:
        """Invariants that do not hold; the server must be down."""
        assert holder(self.server.data) is None
        db = Database(sqlite_url(self.server.data / "reelyard.db"), SystemClock())
        try:
            return [str(one) for one in broken(db, DiskStorage(self.server.data))]
        finally:
            db.close()


def children_of(worker: psutil.Process) -> list[psutil.Process]:
    """What it runs; none when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return worker.children(recursive=True)
    return []


def is_model(process: psutil.Process) -> bool:
    """Whether it is one of the long-lived children that hold a model."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return "reelyard.tools.speech.server" in process.cmdline()
    return False


def decided(item: dict[str, Any]) -> dict[str, str]:
    """The hashes of what is decided and written, not rendered."""
    return {one["role"]: one["sha256"] for one in item["outputs"] if one["role"] in DECIDED}


def made(item: dict[str, Any]) -> dict[str, str]:
    """The hashes of all outputs."""
    return {one["role"]: one["sha256"] for one in item["outputs"]}


def runs_of(item: dict[str, Any], generation: int = 1) -> list[tuple[str, str, bool]]:
    """Stage, outcome, and whether it came from the cache: each run of that generation in order."""
    return [
        (run["stage"], run["status"], run["cached"])
        for run in item["runs"]
        if run["generation"] == generation
    ]


def as_json(path: Path) -> Any:
    return json.loads(path.read_bytes())
