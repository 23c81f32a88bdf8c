"""Looking into files and decoding them, with real ffmpeg and real files."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reelyard.errors import BadSetting, Reject, StageEnd
from reelyard.kit.processes import Command, Finished, Runner, runner_in
from reelyard.media.formats import MOV, MP4
from reelyard.media.info import AudioStream, Kind, MediaInfo
from reelyard.testing import broken
from reelyard.testing.media import FILM_CODECS, SOUND_CODECS, Film, MediaMaker
from reelyard.tools.ffmpeg import probe_child
from reelyard.tools.ffmpeg.decode import decode
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.limits import ProbeLimits
from reelyard.tools.ffmpeg.probe import inspect, probe
from reelyard.tools.ffmpeg.thumbnail import thumbnail
from reelyard.tools.sound.levels import measure

FFMPEG = ffmpeg()


@pytest.fixture
def make(tmp_path: Path) -> MediaMaker:
    folder = tmp_path / "media"
    folder.mkdir()
    return MediaMaker(folder)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def run(work: Path) -> Runner:
    return runner_in(work)


# --- probing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", [*SOUND_CODECS])
def test_every_sound_is_known_by_content_whatever_its_name(
    make: MediaMaker, run: Runner, extension: str
) -> None:
    path = make.tone(f"tone{extension}", seconds=1.0)
    path = path.rename(path.with_suffix(".jpeg"))

    info = inspect(path, run=run)

    expected = {".mp4": "m4a"}.get(extension, extension[1:])
    assert (info.kind, info.format) == (Kind.AUDIO, expected)
    assert info.duration_s == pytest.approx(1.0, abs=0.1)
    assert len(info.audio) == 1
    assert (info.video, info.warnings) == ((), ())


@pytest.mark.parametrize("extension", [*FILM_CODECS])
def test_every_film_is_known_with_its_streams(make: MediaMaker, run: Runner, extension: str) -> None:
    path = make.film(f"film{extension}", Film(seconds=1.0, width=64, height=48, rate=10))

    info = inspect(path, run=run)

    film = info.video[0]
    assert (info.kind, info.format, info.mime.partition("/")[0]) == (Kind.VIDEO, extension[1:], "video")
    assert (film.width, film.height, film.frame_rate, film.rotation) == (64, 48, 10.0, 0)
    assert info.duration_s == pytest.approx(1.0, abs=0.15)
    assert info == MediaInfo.from_json(info.to_json())


def test_a_text_needs_no_child(tmp_path: Path) -> None:
    path = tmp_path / "story"
    path.write_text("# Once upon a time\n")

    def nobody(command: Command, *, on_line: Callable[[str], None] | None = None) -> Finished:
        raise AssertionError("a child was started")

    info = inspect(path, run=nobody, name="Story.MD")

    assert (info.kind, info.format, info.duration_s) == (Kind.DOCUMENT, "md", None)


@pytest.mark.parametrize(("turned", "clockwise"), [(90, 270), (-90, 90), (180, 180)])
def test_rotation_is_told_clockwise(make: MediaMaker, run: Runner, turned: int, clockwise: int) -> None:
    film = make.film("film.mp4", Film(seconds=0.5))
    rotated = make.encode(
        make.folder / "rotated.mp4",
        *("-display_rotation", str(turned), "-i", str(film), "-c", "copy"),
        reads=(film,),
    )

    assert inspect(rotated, run=run).video[0].rotation == clockwise


def test_pixels_that_are_not_square_are_told(make: MediaMaker, run: Runner) -> None:
    film = make.film("film.mp4", Film(seconds=0.5, options=("-vf", "setsar=2/3")))

    assert inspect(film, run=run).video[0].sample_aspect == (2, 3)


@pytest.mark.parametrize("extension", [".mp3", ".m4a"])
def test_a_cover_does_not_make_a_film(make: MediaMaker, run: Runner, extension: str) -> None:
    tone = make.tone(f"tone{extension}")
    path = make.encode(
        make.folder / f"covered{extension}",
        *("-i", str(tone), "-f", "lavfi", "-i", "color=red:s=64x64:d=0.04", "-map", "0:a", "-map", "1:v"),
        *("-c:a", "copy", "-c:v", "mjpeg", "-frames:v", "1", "-disposition:v", "attached_pic"),
        *(("-f", "mp4") if extension == ".m4a" else ()),
        reads=(tone,),
    )

    info = inspect(path, run=run)

    assert info.kind is Kind.AUDIO
    assert [film.is_cover for film in info.video] == [True]


def test_a_clock_that_does_not_begin_at_zero_does_not_lengthen_the_film(
    make: MediaMaker, run: Runner
) -> None:
    path = make.film("film.mkv", Film(seconds=2.0, options=("-output_ts_offset", "5")))

    info = inspect(path, run=run)

    assert info.start_s == pytest.approx(5.0, abs=0.1)
    assert info.duration_s == pytest.approx(2.0, abs=0.1)


def test_a_film_whose_header_has_no_length_is_measured(make: MediaMaker, run: Runner) -> None:
    path = make.film("live.webm", Film(seconds=1.5, options=("-live", "1")))

    assert inspect(path, run=run).duration_s == pytest.approx(1.5, abs=0.1)


# --- refusals: each with a sentence -------------------------------------------------------------------------


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


def test_the_probe_s_answer_is_plain_json(make: MediaMaker) -> None:
    with make.film("film.mkv").open("rb") as stream:
        answer = probe_child.main("matroska", 64, 50_000_000, 5.0, fd=stream.fileno())

        broken_answer = probe_child.main("mov", 64, 50_000_000, 5.0, fd=stream.fileno())

    assert broken_answer["error"] == "InvalidDataError"
    assert json.loads(json.dumps(answer))["scan"]["complete"] is True
    assert [stream["type"] for stream in answer["streams"]] == ["video", "audio"]


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


# --- decoding ----------------------------------------------------------------------------------------------


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


def test_of_a_mov_cut_before_its_index_nothing_can_be_read(make: MediaMaker, run: Runner) -> None:
    path = broken.truncated(make.film("film.mov"), 0.5)

    with pytest.raises(Reject, match="begins like MOV but cannot be read"):
        probe(path, MOV, run=run)


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


# --- thumbnails, levels, the program ------------------------------------------------------------------------


def picture_size(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    assert data[:3] == b"\xff\xd8\xff"
    at = data.index(b"\xff\xc0")
    return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")


def test_a_film_s_thumbnail_has_the_shape_in_which_it_is_shown(
    make: MediaMaker, run: Runner, work: Path
) -> None:
    path = make.film("film.mp4", Film(width=160, height=90, options=("-vf", "setsar=2/3")))

    thumbnail(Source(path, inspect(path, run=run)), work / "t.jpg", ffmpeg=FFMPEG, run=run)

    assert picture_size(work / "t.jpg") == (320, 270)


def test_a_recording_s_thumbnail_is_the_shape_of_its_sound(make: MediaMaker, run: Runner, work: Path) -> None:
    path = make.beeps("beeps.mp3")

    thumbnail(Source(path, inspect(path, run=run)), work / "t.jpg", ffmpeg=FFMPEG, run=run)

    assert picture_size(work / "t.jpg") == (320, 180)


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


def test_speech_is_spoken(make: MediaMaker, run: Runner) -> None:
    info = inspect(make.speech("hello.wav", "Good morning, and welcome."), run=run)

    assert info.audio[0].sample_rate == 16000
    assert info.duration_s is not None
    assert 1 < info.duration_s < 4


def test_a_film_speaks(make: MediaMaker, run: Runner) -> None:
    info = inspect(make.spoken_film("hello.mp4", "Good morning."), run=run)

    assert (len(info.video), len(info.audio)) == (1, 1)
    assert sorted(entry.name for entry in make.folder.iterdir()) == ["hello.mp4"]


def test_a_picture_of_nothing_is_refused(make: MediaMaker, run: Runner, work: Path) -> None:
    path = make.tone("tone.m4a")
    source = Source(path, inspect(path, run=run))
    path.write_bytes(b"gone")

    with pytest.raises(Reject, match="No picture could be made"):
        thumbnail(source, work / "t.jpg", ffmpeg=FFMPEG, run=run)


def test_an_ffmpeg_that_is_not_there_is_named() -> None:
    assert Path(ffmpeg()).is_file()
    with pytest.raises(BadSetting, match="“/no/such/ffmpeg”"):
        ffmpeg("/no/such/ffmpeg")


def test_a_hostile_file_that_takes_too_long_is_ended(make: MediaMaker, run: Runner) -> None:
    path = make.tone("tone.wav")

    with pytest.raises(StageEnd):
        inspect(path, run=run, limits=ProbeLimits(wall_s=0.01))
