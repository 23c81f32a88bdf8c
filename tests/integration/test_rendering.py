"""Films rendered, copied, captioned and clipped by the real tools; each picture tells its own number."""

from __future__ import annotations

import wave
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Runner, runner_in
from reelyard.media.chapters import Chapter
from reelyard.media.cut_list import CutList, Reason, Span
from reelyard.media.info import MediaInfo
from reelyard.media.ranges import FrameRange
from reelyard.testing.media import MediaMaker
from reelyard.tools.captions import Cue
from reelyard.tools.ffmpeg.executable import ffmpeg
from reelyard.tools.ffmpeg.inputs import Source
from reelyard.tools.ffmpeg.probe import inspect
from reelyard.tools.rendering.captions import FONTS, captions_file, check_letters
from reelyard.tools.rendering.clips import clip
from reelyard.tools.rendering.copying import can_be_copied, copy
from reelyard.tools.rendering.embedding import embed_captions
from reelyard.tools.rendering.encoders import available_encoders
from reelyard.tools.rendering.loudness import measure
from reelyard.tools.rendering.order import Bench, Order, Rendered
from reelyard.tools.rendering.picture import Captioned
from reelyard.tools.rendering.render import render
from reelyard.tools.rendering.soundtrack import Track
from reelyard.tools.rendering.target import Wishes, picture_of, target_of

FFMPEG = ffmpeg()
RATE = 25
BITS = 8
USUAL = Wishes()
KEPT = ((3, 20), (21, 22), (40, 61), (70, 75))
NUMBERS = [number for start, end in KEPT for number in range(start, end)]
# The number of each picture as a row of bars, the lowest bit first.
NUMBERED = f"geq=lum='if(mod(floor(N/pow(2,floor(X*{BITS}/W))),2),220,30)':cb=128:cr=128"
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-g", "12")


@pytest.fixture
def make(tmp_path: Path) -> MediaMaker:
    folder = tmp_path / "media"
    folder.mkdir()
    return MediaMaker(folder)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    folder = tmp_path / "it's; a, [bench]"
    folder.mkdir()
    return Bench(FFMPEG, runner_in(folder), folder)


def numbered(
    make: MediaMaker, name: str, *options: str, size: str = "160x90", sounds: int = 1, frames: int = 80
) -> Path:
    """A film of 25 pictures a second that are numbered, with tones."""
    picture = f"nullsrc=s={size}:r={RATE}:d={frames / RATE},{NUMBERED},format=yuv420p"
    inputs = ["-f", "lavfi", "-i", picture]
    maps = ["-map", "0:v"]
    for number in range(sounds):
        tone = f"sine=frequency={440 * (number + 1)}:sample_rate=48000:duration={frames / RATE}"
        inputs += ["-f", "lavfi", "-i", tone]
        maps += ["-map", f"{number + 1}:a"]
    codecs = ("-c:a", "pcm_s16le") if name.endswith((".mov", ".mkv")) else ("-c:a", "aac")
    return make.encode(make.folder / name, *inputs, *maps, *X264, *codecs, *options)


def cuts_of(frames: int = 80, start: Fraction = Fraction(0), rate: Fraction = Fraction(RATE)) -> CutList:
    spans, at = [], 0
    for begin, end in KEPT:
        if at < begin:
            spans.append(Span(at, begin, keep=False, reason=Reason.SILENCE))
        spans.append(Span(begin, end, keep=True, reason=Reason.SOUND))
        at = end
    return CutList(rate, start, frames, (*spans, Span(at, frames, keep=False, reason=Reason.SILENCE)))


def order_of(path: Path, run: Runner, wishes: Wishes = USUAL, cuts: CutList | None = None) -> Order:
    info = inspect(path, run=run, name=path.name)
    return Order(Source(path, info), cuts or cuts_of(), target_of(info, wishes))


@dataclass(frozen=True)
class Seen:
    """A film as a player sees it."""

    numbers: list[int]
    times: list[float]
    size: tuple[int, int]
    codec: str
    aspect: Fraction
    rate: Fraction
    rotation: int


def seen(path: Path, turn: int = 0) -> Seen:
    """Its pictures; `turn` quarters counter-clockwise bring the bars upright."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        aspect = stream.sample_aspect_ratio or Fraction(1)
        return Seen(
            [number_in(np.rot90(frame.to_ndarray(format="gray"), turn)) for frame in frames],
            [float(frame.pts * frame.time_base) for frame in frames],
            (frames[0].width, frames[0].height),
            stream.codec_context.codec.canonical_name,
            aspect,
            stream.average_rate,
            frames[0].rotation,
        )


def number_in(picture: Any) -> int:
    height, width = picture.shape
    row = picture[height // 4 : height // 2].mean(axis=0)
    return sum(1 << bit for bit in range(BITS) if row[int((bit + 0.5) * width / BITS)] > 125)


def samples_in(path: Path, run: Runner, track: int = 0) -> Any:
    """The sound as ffmpeg's own decoding gives it: (samples, channels) at 48 kHz."""
    raw = path.with_name(f"{path.stem}.{track}.wav")
    argv = (FFMPEG, "-v", "error", "-nostdin", "-i", str(path), "-map", f"0:a:{track}", "-ar", "48000")
    run(Command((*argv, "-c:a", "pcm_s16le", "-y", str(raw)), reads=(path,), writes=(raw,)))
    with wave.open(str(raw)) as sound:
        data = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        return data.reshape(-1, sound.getnchannels())


def looked_into(path: Path, run: Runner) -> MediaInfo:
    return inspect(path, run=run, name=path.name)


def rendered(order: Order, bench: Bench) -> tuple[Rendered, Seen]:
    film = bench.folder / f"film{order.target.suffix}"
    made = render(order, film, bench)
    return made, seen(film)


# --- exact to the frame ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "codec"),
    [
        (Wishes("mp4"), "h264"),
        (Wishes("mov"), "h264"),
        (Wishes("webm"), "vp9"),
        (Wishes("webm", webm_codec="av1"), "av1"),
    ],
    ids=["mp4", "mov", "webm", "av1"],
)
def test_every_container_holds_exactly_the_kept_frames_and_as_much_sound(
    make: MediaMaker, bench: Bench, wishes: Wishes, codec: str
) -> None:
    path = numbered(make, "film.mp4")

    made, film = rendered(order_of(path, bench.run, wishes), bench)

    assert made.warnings == ()
    assert film.numbers == NUMBERS
    assert film.codec == codec
    assert film.size == (160, 90)
    wanted = [index / RATE for index in range(len(NUMBERS))]
    assert film.times == pytest.approx(wanted, abs=0.0011 if wishes.container == "webm" else 1e-6)
    info = looked_into(made.path, bench.run)
    assert info.format == wishes.container
    assert [sound.codec for sound in info.audio] == ["opus" if wishes.container == "webm" else "aac"]
    assert len(samples_in(made.path, bench.run)) == len(NUMBERS) * 48000 // RATE


SOURCES: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "HEVC": ("film.mp4", ("-c:v", "libx265", "-x265-params", "log-level=error"), {}),
    "4:2:2": ("film.mp4", ("-pix_fmt", "yuv422p"), {}),
    "10 bit": ("film.mp4", ("-pix_fmt", "yuv420p10le"), {}),
    "no sound": ("film.mp4", (), {"sounds": 0}),
    "two tracks": (
        "film.mov",
        ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fra"),
        {"sounds": 2},
    ),
    "odd sizes": ("film.mkv", ("-pix_fmt", "yuv444p"), {"size": "159x91"}),
    "open GOP": ("film.mp4", ("-x264-params", "open-gop=1:bframes=3:keyint=12"), {}),
    "interlaced": ("film.mkv", ("-c:v", "mpeg2video", "-q:v", "3", "-flags", "+ilme+ildct"), {}),
    "AVI": ("film.avi", ("-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p", "-c:a", "pcm_s16le"), {}),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_is_cut_to_the_frame(make: MediaMaker, bench: Bench, kind: str) -> None:
    name, options, more = SOURCES[kind]
    path = numbered(make, name, *options, **more)

    order = order_of(path, bench.run)
    start = first_picture(path)
    made, film = rendered(replace(order, cuts=cuts_of(start=start)), bench)

    assert film.numbers == NUMBERS
    assert film.size == ((158, 90) if kind == "odd sizes" else (160, 90))
    info = looked_into(made.path, bench.run)
    assert picture_of(info).pixel_format == ("yuvj420p" if kind == "AVI" else "yuv420p")
    assert len(info.audio) == more.get("sounds", 1)
    for track in range(len(info.audio)):
        assert len(samples_in(made.path, bench.run, track)) == len(NUMBERS) * 48000 // RATE
    if kind == "two tracks":
        assert [sound.language for sound in info.audio] == ["eng", "fra"]


def first_picture(path: Path) -> Fraction:
    """When the file's clock shows the first picture, to the millisecond."""
    import av

    with av.open(str(path)) as container:
        first = next(container.decode(container.streams.video[0]))
        at = first.pts * first.time_base - Fraction(container.start_time or 0, 1_000_000)
        return Fraction(round(at * 1000), 1000)


@pytest.mark.parametrize(("rotation", "turn"), [(90, 3), (270, 1), (180, 2)])
def test_a_turned_film_comes_out_upright_with_no_turn_left(
    make: MediaMaker, bench: Bench, rotation: int, turn: int
) -> None:
    plain = numbered(make, "plain.mp4")
    path = make.folder / "turned.mp4"
    make.encode(path, "-display_rotation", str(-rotation), "-i", str(plain), "-c", "copy", reads=(plain,))

    order = order_of(path, bench.run)
    made = render(order, bench.folder / "film.mp4", bench)

    film = seen(made.path, (4 - turn) % 4)
    assert picture_of(order.source.info).rotation == rotation
    assert film.size == ((160, 90) if rotation == 180 else (90, 160))
    assert film.rotation == 0
    assert film.numbers == NUMBERS


def test_pixels_become_square(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mp4", "-vf", "setsar=2/3")

    _, film = rendered(order_of(path, bench.run), bench)

    assert (film.size, film.aspect, film.numbers) == ((106, 90), Fraction(1), NUMBERS)


def test_a_film_that_begins_late_keeps_its_frames_and_its_sound(make: MediaMaker, bench: Bench) -> None:
    """The sound begins at the container's 0, the picture 0.4 s later."""
    plain = numbered(make, "plain.mp4")
    path = make.folder / "late.mkv"
    late = ("-itsoffset", "0.4", "-i", str(plain), "-i", str(plain), "-map", "0:v", "-map", "1:a")
    make.encode(path, *late, "-c", "copy", "-output_ts_offset", "7", reads=(plain,))
    order = order_of(path, bench.run)

    made, film = rendered(replace(order, cuts=cuts_of(start=first_picture(path))), bench)

    assert first_picture(path) == pytest.approx(0.4, abs=0.03)
    assert film.numbers == NUMBERS
    assert len(samples_in(made.path, bench.run)) == len(NUMBERS) * 48000 // RATE


def test_a_film_of_variable_rate_is_conformed_to_the_list(make: MediaMaker, bench: Bench) -> None:
    """Of each ten pictures two are missing; the one before stands in for them."""
    path = numbered(make, "film.mp4", "-vf", "select='lt(mod(n,10),8)'", "-fps_mode", "vfr")

    _, film = rendered(order_of(path, bench.run), bench)

    assert film.numbers == [number - max(0, number % 10 - 7) for number in NUMBERS]
    assert film.rate == RATE


def test_a_rate_that_is_no_whole_number_stays_exact(make: MediaMaker, bench: Bench) -> None:
    rate = Fraction(30000, 1001)
    picture = f"nullsrc=s=160x90:r={rate},trim=end_frame=80,{NUMBERED},format=yuv420p"
    path = make.encode(make.folder / "film.mp4", "-f", "lavfi", "-i", picture, *X264)

    _, film = rendered(order_of(path, bench.run, cuts=cuts_of(rate=rate)), bench)

    assert film.numbers == NUMBERS
    assert film.rate == rate


def test_a_cover_is_never_taken_for_the_film(make: MediaMaker, bench: Bench) -> None:
    plain = numbered(make, "plain.mp4")
    cover = make.encode(
        make.folder / "cover.jpg", "-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1", "-update", "1"
    )
    path = make.folder / "covered.mp4"
    inputs = ("-i", str(cover), "-i", str(plain), "-map", "0", "-map", "1")
    make.encode(path, *inputs, "-c", "copy", "-disposition:v:0", "attached_pic", reads=(plain, cover))

    made, film = rendered(order_of(path, bench.run), bench)

    assert film.numbers == NUMBERS
    assert len(looked_into(made.path, bench.run).video) == 1


def test_nothing_left_is_refused(make: MediaMaker, bench: Bench) -> None:
    order = order_of(
        numbered(make, "film.mp4", frames=10), bench.run, cuts=CutList.whole(Fraction(25), Fraction(0), 10)
    )

    with pytest.raises(Reject, match="Nothing is left") as refused:
        render(replace(order, cuts=order.cuts.decided(0, 10, keep=False)), bench.folder / "film.mp4", bench)

    assert refused.value.code == "nothing_left"


def test_hundreds_of_cuts_are_one_pass(make: MediaMaker, bench: Bench) -> None:
    picture = "color=s=32x32:r=25,trim=end_frame=2000,format=yuv420p"
    path = make.encode(make.folder / "long.mp4", "-f", "lavfi", "-i", picture, *X264)
    spans = tuple(
        Span(at, at + 2, keep=at % 4 == 0, reason=Reason.SOUND if at % 4 == 0 else Reason.SILENCE)
        for at in range(0, 2000, 2)
    )
    order = order_of(path, bench.run, cuts=CutList(Fraction(25), Fraction(0), 2000, spans))
    told: list[float] = []

    made = render(order, bench.folder / "film.mp4", bench, tell=told.append)

    assert len(seen(made.path).numbers) == 1000
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.01)


# --- sound -------------------------------------------------------------------------------------------------


def test_the_sound_is_cut_to_the_sample(make: MediaMaker, bench: Bench) -> None:
    """Where no fade is, each sample is that of the original at the picture's time."""
    noise = f"aevalsrc='0.5*(2*random(0)-1)|0.5*(2*random(1)-1)':s=48000:d={80 / RATE}"
    picture = f"nullsrc=s=160x90:r={RATE}:d={80 / RATE},{NUMBERED},format=yuv420p"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", noise)
    path = make.encode(make.folder / "film.mov", *inputs, *X264, "-c:a", "pcm_s16le")
    order = order_of(path, bench.run)

    render(order, bench.folder / "film.mp4", bench)

    found = np.fromfile(bench.folder / "track-1.pcm", "<i2").reshape(-1, 2)
    original = samples_in(path, bench.run)
    assert len(found) == len(NUMBERS) * 1920
    at = 0
    for start, end in KEPT:
        length, fade = (end - start) * 1920, 240
        inner = slice(at + fade, at + length - fade)
        assert np.array_equal(found[inner], original[start * 1920 + fade : end * 1920 - fade])
        edges = np.abs(found[[at, at + length - 1]].astype(int))
        assert edges.max() < 100
        at += length


def test_sound_is_brought_to_the_loudness_ordered(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mp4", "-af", "volume=0.2")

    made, _ = rendered(order_of(path, bench.run, Wishes(loudness=-16.0)), bench)

    raw = bench.folder / "check.pcm"
    samples_in(made.path, bench.run).astype("<i2").tofile(raw)
    found = measure(Track(raw, 48000, 1), 2.0, FFMPEG, run=bench.run)
    assert found.integrated == pytest.approx(-16.0, abs=0.5)
    assert found.peak <= -0.9


# --- captions ----------------------------------------------------------------------------------------------


def captioned(order: Order, bench: Bench, cues: tuple[Cue, ...]) -> Order:
    file = bench.folder / "captions.ass"
    file.write_text(captions_file(cues, order.target))
    captions = Captioned(file, FONTS)
    check_letters(cues, captions, FFMPEG, run=bench.run)
    return replace(order, captions=captions)


def test_captions_are_drawn_while_they_are_said_without_any_font_of_the_machine(
    make: MediaMaker, bench: Bench
) -> None:
    path = make.encode(
        make.folder / "film.mp4", "-f", "lavfi", "-i", "color=black:s=160x90:r=25:d=2,format=yuv420p", *X264
    )
    bare = bench.folder / "fonts.conf"
    bare.write_text("<fontconfig></fontconfig>")

    def run_bare(command: Command, **more: Any) -> Any:
        env = (*command.env, ("FONTCONFIG_FILE", str(bare)))
        return bench.run(replace(command, env=env, reads=(*command.reads, bare)), **more)

    bare_bench = replace(bench, run=run_bare)
    order = order_of(path, bench.run, Wishes(burnt=True), CutList.whole(Fraction(25), Fraction(0), 50))
    cues = (Cue(0.4, 1.2, ("“Ça va?” {not hidden}", "Да \\Nein")),)

    made = render(captioned(order, bare_bench, cues), bench.folder / "film.mp4", bare_bench)

    import av

    with av.open(str(made.path)) as container:
        bright = [int(frame.to_ndarray(format="gray").max()) > 150 for frame in container.decode(video=0)]
    assert bright == [10 <= number < 30 for number in range(50)]


def test_letters_that_no_font_has_are_refused(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mp4", frames=10)
    order = order_of(path, bench.run, Wishes(burnt=True), CutList.whole(Fraction(25), Fraction(0), 10))

    with pytest.raises(Reject, match="No font on this machine can draw") as refused:
        captioned(order, bench, (Cue(0, 1, ("Hello \U0001e900\U0001e901",)),))

    assert refused.value.code == "no_font"


@pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
def test_captions_become_a_track_and_nothing_else_changes(
    make: MediaMaker, bench: Bench, container: str
) -> None:
    import av

    path = numbered(make, "film.mp4", "-metadata:s:a:0", "language=deu")
    order = replace(
        order_of(path, bench.run, Wishes(container)),
        chapters=(Chapter("One = 1; two", Fraction(0), Fraction(1)),),
    )
    film = bench.folder / f"film.{container}"
    render(order, film, bench)
    srt = bench.folder / "captions.srt"
    srt.write_text("1\n00:00:00,200 --> 00:00:01,000\nGrüße\n\n2\n00:00:01,000 --> 00:00:01,500\nZwei\n")
    target = bench.folder / f"captioned.{container}"

    embed_captions(film, srt, order.target, target, bench, language="de")

    assert seen(target).numbers == NUMBERS
    assert np.array_equal(samples_in(target, bench.run), samples_in(film, bench.run))
    assert [sound.language for sound in looked_into(target, bench.run).audio] == [
        "ger" if container == "mov" else "deu"
    ]
    with av.open(str(target)) as opened:
        track = opened.streams.subtitles[0]
        assert track.language == ("ger" if container == "mov" else "deu")
        texts = [bytes(packet) for packet in opened.demux(track) if packet.size > 2]
        assert ["Grüße".encode() in text for text in texts] == [True, False]
        assert [chapter["metadata"]["title"] for chapter in opened.chapters()] == ["One = 1; two"]


# --- copies and clips --------------------------------------------------------------------------------------


def test_an_uncut_film_that_is_as_ordered_is_copied(make: MediaMaker, bench: Bench) -> None:
    plain = numbered(make, "plain.mp4", sounds=2)
    order = order_of(plain, bench.run, Wishes("mov"), CutList.whole(Fraction(25), Fraction(0), 80))

    assert can_be_copied(order)
    made = copy(order, bench.folder / "film.mov", bench)

    assert made.encoder == "copy"
    assert packets_of(made.path) == packets_of(plain)
    assert seen(made.path).numbers == list(range(80))


def packets_of(path: Path) -> dict[int, list[bytes]]:
    import av

    with av.open(str(path)) as container:
        found: dict[int, list[bytes]] = {}
        for packet in container.demux():
            if packet.size:
                found.setdefault(packet.stream_index, []).append(bytes(packet))
        return found


def test_of_a_copied_film_the_sound_alone_is_encoded_when_it_must_be(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mkv")
    order = order_of(path, bench.run, Wishes("mp4"), CutList.whole(Fraction(25), Fraction(0), 80))

    made = copy(order, bench.folder / "film.mp4", bench)

    assert packets_of(made.path)[0] == packets_of(path)[0] or seen(made.path).numbers == list(range(80))
    assert [sound.codec for sound in looked_into(made.path, bench.run).audio] == ["aac"]
    assert len(samples_in(made.path, bench.run)) == 80 * 1920


def test_a_copied_film_begins_with_its_first_picture_whatever_the_file_began_with(
    make: MediaMaker, bench: Bench
) -> None:
    import av

    plain = numbered(make, "plain.mp4")
    path = make.folder / "late.mkv"
    late = ("-itsoffset", "0.4", "-i", str(plain), "-i", str(plain), "-map", "0:v", "-map", "1:a")
    make.encode(path, *late, "-c", "copy", reads=(plain,))
    cuts = CutList.whole(Fraction(RATE), first_picture(path), 80)
    order = order_of(path, bench.run, cuts=cuts)

    made = copy(order, bench.folder / "film.mp4", bench)

    assert packets_of(made.path)[0] == packets_of(path)[0]
    assert seen(made.path).times == pytest.approx([index / RATE for index in range(80)], abs=0.003)
    found, original = samples_in(made.path, bench.run), samples_in(path, bench.run)
    assert len(found) == 80 * 1920
    late_by = int(cuts.start * 48000)
    near = np.corrcoef(found[4800:24000, 0], original[late_by + 4800 : late_by + 24000, 0])
    assert near[0, 1] > 0.98
    with av.open(str(made.path)) as container:
        assert [float(stream.start_time * stream.time_base) for stream in container.streams] == pytest.approx(
            [0, 0], abs=0.003
        )


def test_a_copy_keeps_its_turn(make: MediaMaker, bench: Bench) -> None:
    plain = numbered(make, "plain.mp4", sounds=0)
    path = make.folder / "turned.mp4"
    make.encode(path, "-display_rotation", "-90", "-i", str(plain), "-c", "copy", reads=(plain,))

    made = copy(
        order_of(path, bench.run, cuts=CutList.whole(Fraction(25), Fraction(0), 80)),
        bench.folder / "f.mp4",
        bench,
    )

    assert picture_of(looked_into(made.path, bench.run)).rotation == 90


def test_damage_is_told_and_does_not_stop_the_film(make: MediaMaker, bench: Bench) -> None:
    path = numbered(make, "film.mp4", frames=80, sounds=0)
    data = bytearray(path.read_bytes())
    begin = data.index(b"mdat") + 800
    for at in range(begin, begin + (len(data) - begin) // 2, 97):
        data[at] ^= 0xFF
    path.write_bytes(data)

    made = render(order_of(path, bench.run), bench.folder / "film.mp4", bench)

    assert made.warnings == ("Parts of the picture are damaged.",)
    assert len(seen(made.path).numbers) == len(NUMBERS)


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_a_clip_is_exactly_its_stretch_of_the_film(make: MediaMaker, bench: Bench, container: str) -> None:
    path = numbered(make, "film.mp4")
    order = order_of(path, bench.run, Wishes(container), CutList.whole(Fraction(25), Fraction(0), 80))
    film = bench.folder / f"film.{container}"
    render(order, film, bench)
    source = Source(film, looked_into(film, bench.run))

    for start, end in ((0, 10), (37, 61), (70, 80)):
        made = clip(
            source, FrameRange(start, end, Fraction(25)), order.target, film.with_stem(f"clip-{start}"), bench
        )

        assert seen(made.path).numbers == list(range(start, end))
        assert len(samples_in(made.path, bench.run)) == (end - start) * 1920


# --- hardware ----------------------------------------------------------------------------------------------


def test_a_hardware_encoder_that_fails_is_stood_in_for_and_that_is_said(
    make: MediaMaker, bench: Bench
) -> None:
    if "h264_nvenc" in available_encoders(FFMPEG, run=bench.run):
        pytest.skip("there is a card here")
    path = numbered(make, "film.mp4")
    order = order_of(path, bench.run)
    order = replace(order, target=target_of(order.source.info, Wishes(), ("h264_nvenc",)))

    made, film = rendered(order, bench)

    assert order.target.encoder == "h264_nvenc"
    assert made.encoder == "libx264"
    assert "h264_nvenc failed" in made.warnings[0]
    assert film.numbers == NUMBERS


# --- colours -----------------------------------------------------------------------------------------------


def test_hdr_is_brought_into_the_ordinary_range_and_that_is_said(make: MediaMaker, bench: Bench) -> None:
    import av

    tags = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:log-level=error"
    path = numbered(make, "film.mp4", "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", tags)

    made = render(order_of(path, bench.run), bench.folder / "film.mp4", bench)

    assert "HDR" in made.warnings[0]
    with av.open(str(made.path)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == len(NUMBERS)
    assert int(frames[0].color_trc) == 1  # BT.709
