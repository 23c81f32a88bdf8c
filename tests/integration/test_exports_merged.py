"""Films of a batch as one film, by real workers: in their order, as long as they are together, ended when told to."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx
import pytest
from tests.support.engine import wait_until
from tests.support.exports import finished, looked_at, made, ordered
from tests.support.served import Served

from reelyard.core.invariants import broken
from reelyard.kit.processes import runner_in
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.probe import inspect


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Three small films: the second has another size, the third no sound."""
    folder = tmp_path_factory.mktemp("films")
    found = []
    for number, (size, sound) in enumerate((("160x90", True), ("192x108", True), ("160x90", False))):
        path = folder / f"{number}.mp4"
        picture = ["-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d=1"]
        tone = ["-f", "lavfi", "-i", f"sine=f={300 * (number + 1)}:d=1:r=48000"] if sound else []
        subprocess.run(
            [ffmpeg(), "-v", "error", *picture, *tone, "-pix_fmt", "yuv420p", "-t", "1", str(path)],
            check=True,
        )
        found.append(path.read_bytes())
    return found


def test_films_become_one_film(served: Served, films: list[bytes], tmp_path: Path) -> None:
    batch_id = made(served, [{"film.mp4": film} for film in films], "work")

    export = finished(served, batch_id, format="merged")

    assert export["status"] == "completed", export
    assert export["file_name"] == "a batch.mp4"
    target = tmp_path / "whole.mp4"
    target.write_bytes(httpx.get(served.address + export["download_url"], trust_env=False).content)
    info = inspect(target, run=runner_in(tmp_path), name="whole")
    assert target.stat().st_size == export["size"]
    assert info.duration_s == pytest.approx(3.0, abs=0.12)
    assert export["media_s"] == pytest.approx(3.0, abs=0.12)
    assert broken(served.container.db, served.container.storage) == []


def test_a_film_that_cannot_be_read_is_left_out_and_said(served: Served, films: list[bytes]) -> None:
    batch_id = made(
        served, [{"film.mp4": films[0]}, {"film.mp4": b"no film"}, {"film.mp4": films[2]}], "work"
    )

    export = finished(served, batch_id, format="merged")

    assert export["status"] == "completed", export
    assert any("left out" in warning for warning in export["warnings"])


def test_a_merge_that_is_cancelled_is_gone_within_two_seconds(served: Served, films: list[bytes]) -> None:
    batch_id = made(served, [{"film.mp4": films[0]} for _ in range(120)], "work")
    export = ordered(served, batch_id, format="merged")
    wait_until(lambda: looked_at(served, export)["note"].startswith("Looking at"), seconds=30)
    flights = served.container.dispatcher.flights
    (shown,) = served.http.get("/events", params={"batch_id": batch_id}).json()["exports"]

    answer = served.http.post(f"/batches/{batch_id}/exports/{export['id']}/cancel")
    took = wait_until(lambda: export["id"] not in {flight.subject_id for flight in flights})

    assert shown["export_id"] == export["id"]
    assert shown["note"].startswith("Looking at")
    assert answer.json()["status"] == "cancelled"
    assert took < 2.0
    assert looked_at(served, export)["status"] == "cancelled"
    assert not list(served.container.storage.list(f"work/{served.owner}/{export['id']}/"))
