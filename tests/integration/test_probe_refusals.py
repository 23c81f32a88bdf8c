"""Hostile, broken and enormous files: each is refused with a sentence, and none opens another."""

from __future__ import annotations

import contextlib
import random
import socket
from pathlib import Path

import pytest

from reelyard.errors import Reject, StageEnd
from reelyard.kit.processes import Runner
from reelyard.media.formats import MOV, MP4
from reelyard.media.info import AudioStream, Kind, MediaInfo
from reelyard.testing import broken
from reelyard.testing.media import Film, MediaMaker
from reelyard.tools.ffmpeg.decode import decode
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.limits import ProbeLimits
from reelyard.tools.ffmpeg.probe import inspect, probe

FFMPEG = ffmpeg()


@pytest.mark.parametrize("what", [*broken.disguised()])
def test_what_is_no_medium_is_refused_under_any_name(tmp_path: Path, run: Runner, what: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(broken.disguised()[what])

    for name in ("x.mp3", "x.mp4", "x.txt"):
        with pytest.raises(Reject) as caught:
            inspect(path, run=run, name=name)

        assert caught.value.code in ("unsupported_type", "invalid_media")
        assert caught.value.message.endswith(".")
        assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("trick", [*broken.pointers("x")])
def test_a_file_that_names_others_is_refused_and_nothing_is_opened(
    make: MediaMaker, work: Path, run: Runner, trick: str
) -> None:
    victim = make.tone("victim.wav")
    with socket.create_server(("127.0.0.1", 0)) as canary:
        port = canary.getsockname()[1]
        for segment in (str(victim), "victim.wav", f"http://127.0.0.1:{port}/x.ts", "/etc/passwd"):
            path = make.folder / "x.mp4"
            path.write_bytes(broken.pointers(segment)[trick])

            with pytest.raises(Reject, match="looks like"):
                inspect(path, run=run, name="x.mp4")
            if segment.endswith((".ts", "media/victim.wav")):  # and even if the sniffing were fooled
                with pytest.raises(Reject, match="damaged or cut off"):
                    probe(path, MP4, run=run)
                with pytest.raises(Reject, match="cannot be read"):
                    decode(source_of(path), work / "out.wav", ffmpeg=FFMPEG, run=run)

        canary.setblocking(False)
        with pytest.raises(BlockingIOError):
            canary.accept()
    assert not (work / "out.wav").exists() or (work / "out.wav").stat().st_size <= 44


def source_of(path: Path) -> Source:
    """What a probe might have said of a file that is in truth another."""
    sound = AudioStream(0, "aac", 16000, 1)
    return Source(path, MediaInfo(Kind.AUDIO, "m4a", "audio/mp4", path.stat().st_size, 1.0, audio=(sound,)))


@pytest.mark.parametrize(
    ("rate", "channels", "words"),
    [
        (1, 1, "1 samples a second"),
        (768_000, 1, "768000 samples a second"),
        (48_000, 255, "255 channels"),
    ],
)
def test_impossible_sound_is_refused_as_beyond_the_limits(
    tmp_path: Path, run: Runner, rate: int, channels: int, words: str
) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(broken.wav_header(rate, channels, bytes(2 * channels * 1000)))

    with pytest.raises(Reject, match=words) as caught:
        inspect(path, run=run)

    assert caught.value.code == "limits"
    assert caught.value.hint


def test_too_many_streams_are_refused(make: MediaMaker, run: Runner) -> None:
    tone = make.tone("tone.wav", seconds=0.1)
    path = make.encode(
        make.folder / "many.mkv", "-i", str(tone), *("-map", "0:a") * 70, "-c", "copy", reads=(tone,)
    )

    with pytest.raises(Reject, match="70 streams; at most 64") as caught:
        inspect(path, run=run)

    assert caught.value.code == "limits"


@pytest.fixture
def enormous(make: MediaMaker) -> Path:
    """A small file with a picture of 81 megapixels."""
    picture = ("-f", "lavfi", "-i", "color=s=9000x9000:d=0.04,format=monob", "-c:v", "png")
    return make.encode(make.folder / "enormous.mkv", *picture)


def test_an_enormous_picture_is_refused(enormous: Path, run: Runner) -> None:
    with pytest.raises(Reject, match="9000 by 9000 pixels; at most 50 megapixels") as caught:
        inspect(enormous, run=run)

    assert caught.value.code == "limits"


def test_an_enormous_picture_that_is_said_to_be_small_is_not_decoded(enormous: Path, run: Runner) -> None:
    data = enormous.read_bytes()
    for element in (b"\xb0\x82", b"\xba\x82"):
        data = data.replace(element + (9000).to_bytes(2, "big"), element + (64).to_bytes(2, "big"))
    enormous.write_bytes(data)

    with pytest.raises(Reject, match=r"cannot be decoded|megapixels"):
        inspect(enormous, run=run)


def test_a_codec_that_is_not_on_the_list_is_never_entered(make: MediaMaker, run: Runner) -> None:
    path = make.encode(
        make.folder / "magic.avi", "-f", "lavfi", "-i", "testsrc2=s=64x64:d=0.2", "-c:v", "magicyuv"
    )

    with pytest.raises(Reject, match=r"film \(magicyuv\) cannot be decoded") as caught:
        inspect(path, run=run)

    assert caught.value.code == "unsupported_type"


def test_a_longer_sound_than_allowed_is_refused(make: MediaMaker, run: Runner) -> None:
    path = make.silence("long.flac", seconds=90)

    with pytest.raises(Reject, match="lasts 90 s; at most 60 s") as caught:
        inspect(path, run=run, limits=ProbeLimits(max_duration_s=60))

    assert caught.value.code == "limits"


def test_a_header_that_says_less_than_there_is_does_not_help(make: MediaMaker, run: Runner) -> None:
    path = broken.lying_flac(20, make.silence("long.flac", seconds=20), says_s=1)

    with pytest.raises(Reject, match="lasts 20 s"):
        inspect(path, run=run, limits=ProbeLimits(max_duration_s=10))


def test_a_header_that_says_more_than_there_is_is_corrected_with_a_warning(
    make: MediaMaker, run: Runner
) -> None:
    path = broken.lying_flac(1, make.tone("short.flac", seconds=1), says_s=24 * 3600)

    info = inspect(path, run=run)

    assert info.duration_s == pytest.approx(1.0, abs=0.1)
    assert info.warnings == ("The file ends early: 1 of 86400 s could be read.",)


def test_a_table_of_a_thousand_million_entries_takes_no_memory(make: MediaMaker, run: Runner) -> None:
    path = make.film("film.mp4", Film(seconds=0.5, options=("-movflags", "+faststart")))
    data = bytearray(path.read_bytes())
    for table in (b"stts", b"stsc", b"ctts", b"stco"):
        at = data.find(table)
        data[at + 8 : at + 12] = (10**9).to_bytes(4, "big")
    path.write_bytes(data)

    with contextlib.suppress(Reject):
        inspect(path, run=run)


def test_a_film_that_refers_to_another_file_is_not_followed(
    make: MediaMaker, work: Path, run: Runner
) -> None:
    victim = make.tone("victim.m4a", seconds=3)
    inside = make.tone("tone.mov").read_bytes()
    outside = b"\0\0\0\0" + str(victim).encode() + b"\0"
    entry = inside.index(b"url ") - 4
    reference = (8 + len(outside)).to_bytes(4, "big") + b"url " + outside
    path = make.folder / "x.mov"
    path.write_bytes(inside[:entry] + reference + inside[entry + 12 :])

    with contextlib.suppress(Reject):
        info = inspect(path, run=run)
        assert info.duration_s != pytest.approx(3, abs=0.5)


@pytest.mark.parametrize("name", ["film.mp4", "film.mkv", "tone.mp3", "tone.ogg"])
def test_damaged_files_are_read_or_refused_but_break_nothing(
    make: MediaMaker, run: Runner, name: str
) -> None:
    whole = make.film(name, Film(seconds=1)) if name.startswith("film") else make.tone(name)
    chance = random.Random(7)
    mutants = [broken.truncated(whole, part) for part in (0.01, 0.25, 0.99)]
    for number in range(6):
        mutant = broken.flipped(whole, chance, flips=4 ** (number % 3 + 1))
        mutants.append(mutant.rename(whole.with_stem(f"mutant-{number}")))

    for mutant in mutants:
        with contextlib.suppress(Reject):
            inspect(mutant, run=run)


def test_of_a_mov_cut_before_its_index_nothing_can_be_read(make: MediaMaker, run: Runner) -> None:
    path = broken.truncated(make.film("film.mov"), 0.5)

    with pytest.raises(Reject, match="begins like MOV but cannot be read"):
        probe(path, MOV, run=run)


def test_a_hostile_file_that_takes_too_long_is_ended(make: MediaMaker, run: Runner) -> None:
    path = make.tone("tone.wav")

    with pytest.raises(StageEnd):
        inspect(path, run=run, limits=ProbeLimits(wall_s=0.01))
