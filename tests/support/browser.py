"""Headless Chromium as a judge of films: does it play them to the end, and which picture does it show when."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelyard.media.formats import FORMATS
from reelyard.testing import film_code

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio"),
    *("--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"),
)
COLUMNS, ROWS = 64, 32  # of the grid in which a picture comes back; the code's blocks are 8 x 8 of it
PAGE = """<!doctype html><title>A film</title><video id=film preload=auto playsinline></video><script>
const film = document.getElementById("film"), order = ORDER, seen = {events: [], pictures: []};
const canvas = document.createElement("canvas"); canvas.width = COLUMNS; canvas.height = ROWS;
const pen = canvas.getContext("2d", {willReadFrequently: true});
const next = (name) => new Promise((done, fail) => {
  film.addEventListener(name, done, {once: true});
  film.addEventListener("error", () => fail(film.error), {once: true});
});
function picture() {
  pen.drawImage(film, 0, 0, canvas.width, canvas.height);
  const data = pen.getImageData(0, 0, canvas.width, canvas.height).data, grey = [];
  for (let at = 0; at < data.length; at += 4) grey.push(data[at + 1]);
  return grey;
}
async function watch() {
  film.src = "/film";
  await next("loadeddata");
  Object.assign(seen, {duration: film.duration, width: film.videoWidth, height: film.videoHeight});
  for (const at of order.moments) {
    // Once it is where it should be, the picture before may still be on the screen; one that stays is not shown anew.
    const there = next("seeked"), shown = new Promise((done) => film.requestVideoFrameCallback(done));
    film.currentTime = at;
    await there;
    await Promise.race([shown, new Promise((done) => setTimeout(done, 2000))]);
    seen.pictures.push(picture());
  }
  if (order.play) {
    const back = next("seeked"); film.currentTime = 0; await back;
    film.playbackRate = order.speed;
    const end = next("ended"); await film.play(); await end;
    const quality = film.getVideoPlaybackQuality();
    Object.assign(seen, {ended: film.ended, at: film.currentTime, shown: quality.totalVideoFrames,
      corrupted: quality.corruptedVideoFrames, dropped: quality.droppedVideoFrames,
      soundBytes: film.webkitAudioDecodedByteCount});
  }
}
watch().catch((problem) => { seen.error = `${problem.code || ""} ${problem.message || problem}`.trim(); })
  .finally(() => fetch("/seen", {method: "POST", body: JSON.stringify(seen)}));
</script>"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a browser made of a film."""

    error: str | None  # in the browser's words; None when it played
    duration_s: float = 0.0
    size: tuple[int, int] = (0, 0)  # pixels as shown: turned, and with square pixels
    numbers: tuple[int | None, ...] = ()  # of a known film, the picture at each of the moments asked for
    ended: bool = False
    at_s: float = 0.0  # where it stood at the end
    decoded: int = 0  # pictures, while playing and seeking
    corrupted: int = 0
    sound_bytes: int = 0  # that were decoded


def browser() -> str:
    """The program; where there is none the test is skipped, and the run says so."""
    named = os.environ.get("REELYARD_TEST_BROWSER")
    found = named or next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip(
            "NO BROWSER: nobody has seen these films play. Install chromium, or set REELYARD_TEST_BROWSER."
        )
    return found


def watch(film: Path, moments: Sequence[float] = (), *, play: bool = True, timeout_s: float = 60) -> Watched:
    """Show `film` in a browser at each of `moments` (seconds), then play it to its end."""
    program = browser()
    order = {"moments": list(moments), "play": play, "speed": 4}
    page = (
        PAGE.replace("ORDER", json.dumps(order)).replace("COLUMNS", str(COLUMNS)).replace("ROWS", str(ROWS))
    )
    with _served(film, page) as (address, seen), _running(program, address):
        if not seen.wait(timeout_s):
            raise AssertionError(f"the browser said nothing of {film.name} in {timeout_s:g} s")
        return _watched(seen.answer)


class _Seen(threading.Event):
    answer: dict[str, Any]


def _watched(answer: dict[str, Any]) -> Watched:
    pictures = (np.array(one, np.float32).reshape(ROWS, COLUMNS) for one in answer["pictures"])
    return Watched(
        error=answer.get("error"),
        duration_s=answer.get("duration") or 0.0,
        size=(answer.get("width", 0), answer.get("height", 0)),
        numbers=tuple(film_code.read(one) for one in pictures),
        ended=answer.get("ended", False),
        at_s=answer.get("at", 0.0),
        decoded=answer.get("shown", 0),
        corrupted=answer.get("corrupted", 0),
        sound_bytes=answer.get("soundBytes", 0),
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that is ended drops its lines."""


@contextmanager
def _running(program: str, address: str) -> Iterator[None]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [program, *QUIET, f"--user-data-dir={profile}", address]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(
            arguments, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        ) as child:
            try:
                yield
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def _served(film: Path, page: str) -> Iterator[tuple[str, _Seen]]:
    """The page and the film at an address of this machine's own; what the page reports is in the answer."""
    seen = _Seen()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/film":
                self._send_film()
            elif self.path == "/":
                self._send(200, "text/html; charset=utf-8", page.encode())
            else:
                self._send(404, "text/plain", b"")

        def do_POST(self) -> None:
            seen.answer = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(200, "text/plain", b"")
            seen.set()

        def _send_film(self) -> None:
            data = film.read_bytes()
            first, _, last = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
            begin, end = int(first), min(int(last or len(data)), len(data) - 1)
            mime = FORMATS[film.suffix[1:]].mime
            self._send(
                206, mime, data[begin : end + 1], ("Content-Range", f"bytes {begin}-{end}/{len(data)}")
            )

        def _send(self, status: int, mime: str, body: bytes, *more: tuple[str, str]) -> None:
            self.send_response(status)
            headers = (("Content-Type", mime), ("Content-Length", str(len(body))), ("Accept-Ranges", "bytes"))
            for name, value in (*headers, *more):
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # it asks for what it then does not need
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library names it
            return

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/", seen
        finally:
            server.shutdown()
            thread.join()
