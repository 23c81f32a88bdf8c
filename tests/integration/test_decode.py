"""The sound of files as samples, decoded by real ffmpeg, and how loud it is."""

from __future__ import annotations

import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Finished, Runner
from reelyard.testing import broken
from reelyard.testing.media import Film, MediaMaker
from reelyard.tools.ffmpeg.decode import decode
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.sound.levels import measure

FFMPEG = ffmpeg()


def decoded(path: Path, run: Runner, work: Path) -> tuple[bytes, float, tuple[str, ...]]:
    result = decode(Source(path, inspect(path, run=run)), work / "out.wav", ffmpeg=FFMPEG, run=run)
    with wave.open(str(result.path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16000, 1, 2)
        assert sound.getnframes() == round(result.duration_s * 16000)
        return sound.readframes(sound.getnframes()), result.duration_s, result.warnings


@pytest.mark.parametrize("name", ["tone.mp3", "tone.flac", "tone.opus", "tone.m4a"])
def test_sound_becomes_16_khz_mono(make: MediaMaker, run: Runner, work: Path, name: str) -> None:
    _, seconds, warnings = decoded(make.tone(name, seconds=2), run, work)

    assert seconds == pytest.approx(2.0, abs=0.1)
    assert warnings == ()


def test_bare_samples_are_those_of_the_wav_file(make: MediaMaker, run: Runner, work: Path) -> None:
    path = make.tone("tone.flac")
    samples, _, _ = decoded(path, run, work)

    bare = decode(Source(path, inspect(path, run=run)), work / "out.pcm", ffmpeg=FFMPEG, run=run)

    assert bare.path.read_bytes() == samples


def test_progress_only_grows_to_the_whole(make: MediaMaker, run: Runner, work: Path) -> None:
    path = make.tone("tone.flac", seconds=60)
    heard: list[float] = []

    decode(Source(path, inspect(path, run=run)), work / "o.wav", ffmpeg=FFMPEG, run=run, tell=heard.append)

    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(1.0, abs=0.02)


def test_sound_that_begins_later_than_the_film_keeps_its_time(
    make: MediaMaker, run: Runner, work: Path
) -> None:
    path = make.encode(
        make.folder / "late.mp4",
        *("-f", "lavfi", "-i", "testsrc2=s=64x48:d=2:r=10", "-itsoffset", "1"),
        *("-f", "lavfi", "-i", "sine=d=1:sample_rate=16000", "-c:v", "libx264", "-c:a", "aac"),
    )
    source = Source(path, inspect(path, run=run))

    sound = decode(source, work / "out.pcm", ffmpeg=FFMPEG, run=run)
    levels = measure(sound.path, work / "levels", run=run)

    assert sound.duration_s == pytest.approx(2.0, abs=0.1)
    assert max(levels.db[:90]) < -60
    assert min(levels.db[110:190]) > -30


def test_a_film_without_sound_is_refused_by_name(make: MediaMaker, run: Runner, work: Path) -> None:
    path = make.film("silent.mp4", Film(seconds=0.5, sound=False))

    with pytest.raises(Reject, match="no sound") as caught:
        decoded(path, run, work)

    assert caught.value.code == "no_audio"


def test_of_a_file_cut_in_half_the_half_is_taken_with_a_warning(
    make: MediaMaker, run: Runner, work: Path
) -> None:
    path = make.film("film.mp4", Film(seconds=20, options=("-movflags", "+faststart", "-g", "25")))

    samples, seconds, _ = decoded(broken.truncated(path, 0.5), run, work)

    assert 5 < seconds < 15
    assert len(samples) == round(seconds * 16000) * 2
    info = inspect(broken.truncated(path, 0.5), run=run)
    assert info.warnings[0].startswith("The file ends early: ")
    assert info.warnings[0].endswith(" of 20 s could be read.")


def test_what_really_comes_is_counted_whatever_the_probe_said(
    make: MediaMaker, run: Runner, work: Path
) -> None:
    path = make.tone("tone.flac", seconds=10)
    lie = replace(inspect(path, run=run), duration_s=1.0)

    with pytest.raises(Reject, match="at most 5 s are taken") as caught:
        decode(Source(path, lie), work / "out.wav", ffmpeg=FFMPEG, run=run, max_duration_s=5)

    assert caught.value.code == "limits"
    assert (work / "out.wav").stat().st_size < 7 * 32000


def standing_still(path: Path) -> Path:
    """An MP4 with sound whose time stamps are made all the same."""
    data = bytearray(path.read_bytes())
    table = data.find(b"stts")
    for entry in range(int.from_bytes(data[table + 8 : table + 12], "big")):
        data[table + 16 + 8 * entry : table + 20 + 8 * entry] = bytes(4)
    path.write_bytes(data)
    return path


def test_time_stamps_that_stand_still_hide_neither_length_nor_sound(
    make: MediaMaker, run: Runner, work: Path
) -> None:
    path = standing_still(make.tone("tone.m4a", seconds=10))

    info = inspect(path, run=run)
    sound = decode(Source(path, info), work / "out.pcm", ffmpeg=FFMPEG, run=run)

    assert info.duration_s == pytest.approx(10, abs=0.2)
    assert sound.duration_s == pytest.approx(10, abs=0.2)
    with pytest.raises(Reject, match="at most 5 s are taken"):
        decode(Source(path, info), work / "out.pcm", ffmpeg=FFMPEG, run=run, max_duration_s=5)


def test_sound_beyond_its_bytes_is_refused_as_too_long(make: MediaMaker, run: Runner, work: Path) -> None:
    path = make.tone("tone.flac", seconds=20)

    def run_with_little_room(command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        return run(replace(command, limits=replace(command.limits, file_bytes=64_000)), on_line=on_line)

    with pytest.raises(Reject, match="are taken") as caught:
        decode(
            Source(path, inspect(path, run=run)), work / "out.pcm", ffmpeg=FFMPEG, run=run_with_little_room
        )

    assert caught.value.code == "limits"


def test_levels_find_the_silences_and_the_best_place_to_cut(
    make: MediaMaker, run: Runner, work: Path
) -> None:
    path = make.beeps("beeps.wav", beeps=2, on_s=0.5, off_s=0.5)

    levels = measure(path, work / "levels", run=run)

    found = [(float(span.start), float(span.end)) for span in levels.silences(-40, 0.3)]
    assert levels.duration_s == 2.0
    assert found == [(0.5, 1.0), (1.5, 2.0)]
    assert 0.5 < levels.quietest(0.0, 1.4) < 1.0
    assert max(levels.curve(10)) == pytest.approx(-9, abs=1)  # a sine at half of full scale
