"""A film's edit for other editors: read back, it is the same edit; names of users stay names."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelyard.media.cut_list import CutList
from reelyard.media.info import AudioStream, Kind, MediaInfo, VideoStream
from reelyard.tools.timelines import Edit, TimelineFormat, write
from reelyard.tools.timelines.timecode import TimeCode

NTSC, PAL, FILM = Fraction(30000, 1001), Fraction(25), Fraction(24000, 1001)
STEREO = AudioStream(1, "aac", 44100, 2)
MEDIA = MediaInfo(
    Kind.VIDEO, "mp4", "video/mp4", 1, 60.0, audio=(STEREO,), video=(VideoStream(0, "h264", 640, 360),)
)


def edit(
    rate: Fraction = PAL, name: str = "talk.mp4", timecode: str | None = None, media: MediaInfo = MEDIA
) -> Edit:
    """Two minutes without a part at the beginning and one in the middle."""
    cuts = CutList.whole(rate, Fraction(0), 3600).decided(0, 100, keep=False).decided(1700, 2000, keep=False)
    return Edit(cuts, media, name, timecode)


KEPT = [(100, 1700), (2000, 3600)]


def read(text: str, adapter: str, **more: Any) -> Any:
    import opentimelineio

    return opentimelineio.adapters.read_from_string(text, adapter, **more)


def frames(clip: Any) -> tuple[int, int]:
    source = clip.source_range
    return round(source.start_time.value), round(source.end_time_exclusive().value)


@pytest.mark.parametrize("rate", [PAL, NTSC, FILM, Fraction(60000, 1001), Fraction(50)])
def test_an_otio_timeline_holds_the_kept_ranges_on_a_track_of_picture_and_one_of_sound(
    rate: Fraction,
) -> None:
    timeline = read(write(edit(rate), TimelineFormat.OTIO), "otio_json")

    picture, sound = timeline.tracks
    assert (picture.kind, sound.kind) == ("Video", "Audio")
    assert [frames(clip) for clip in picture] == [frames(clip) for clip in sound] == KEPT
    assert picture[0].source_range.start_time.rate == pytest.approx(float(rate))
    assert picture[0].media_reference.target_url == "./talk.mp4"
    assert round(timeline.duration().value) == 3200


@pytest.mark.parametrize("rate", [PAL, NTSC, FILM, Fraction(60000, 1001), Fraction(50)])
def test_an_edl_reads_back_as_the_same_ranges_of_picture_and_both_channels(rate: Fraction) -> None:
    timeline = read(write(edit(rate), TimelineFormat.EDL), "cmx_3600", rate=float(rate))

    assert [track.kind for track in timeline.tracks] == ["Video", "Audio", "Audio"]
    for track in timeline.tracks:
        assert [frames(clip) for clip in track] == KEPT
        assert [clip.name for clip in track] == ["talk.mp4", "talk.mp4"]


@pytest.mark.parametrize(("audio", "channels"), [((), "V "), ((replace(STEREO, channels=1),), "B ")])
def test_an_edl_names_the_channels_that_there_are(audio: tuple[AudioStream, ...], channels: str) -> None:
    assert (
        f" {channels}" in write(edit(media=replace(MEDIA, audio=audio)), TimelineFormat.EDL).splitlines()[3]
    )


def test_an_edl_of_a_drop_frame_film_says_so_and_names_no_frame_that_was_dropped() -> None:
    text = write(edit(NTSC), TimelineFormat.EDL)

    assert text.splitlines() == [
        "TITLE: talk.mp4",
        "FCM: DROP FRAME",
        "",
        "001  AX       AA/V  C        00:00:03;10 00:00:56;20 01:00:00;00 01:00:53;10",
        "* FROM CLIP NAME: talk.mp4",
        "002  AX       AA/V  C        00:01:06;22 00:02:00;04 01:00:53;10 01:01:46;22",
        "* FROM CLIP NAME: talk.mp4",
    ]


def test_the_files_own_time_code_is_counted_from() -> None:
    drop = write(edit(NTSC, timecode="10:00:00;00"), TimelineFormat.EDL).splitlines()
    plain = write(edit(NTSC, timecode="10:00:00:00"), TimelineFormat.EDL).splitlines()
    xml = ET.fromstring(write(edit(NTSC, timecode="01:00:00:00"), TimelineFormat.FCPXML))

    assert drop[1:4:2] == [
        "FCM: DROP FRAME",
        "001  AX       AA/V  C        10:00:03;10 10:00:56;20 01:00:00;00 01:00:53;10",
    ]
    assert plain[1:4:2] == [
        "FCM: NON-DROP FRAME", "001  AX       AA/V  C        10:00:03:10 10:00:56:20 01:00:00:00 01:00:53:10",
    ]  # fmt: skip
    asset, clip = xml.find(".//asset"), xml.find(".//asset-clip")
    assert asset is not None
    assert clip is not None
    assert asset.get("start") == "18018/5s"  # 108 000 frames
    assert clip.get("start") == f"{Fraction(108_100 * 1001, 30_000)}s"
    assert clip.get("tcFormat") == "NDF"


@pytest.mark.parametrize("rate", [PAL, NTSC, FILM, Fraction(60)])
def test_final_cut_pro_xml_tells_every_time_as_whole_frames(rate: Fraction) -> None:
    root = ET.fromstring(write(edit(rate), TimelineFormat.FCPXML))

    form, clips = root.find("resources/format"), root.findall(".//spine/asset-clip")
    assert form is not None
    frame = Fraction(form.attrib["frameDuration"].rstrip("s"))
    told = [
        [Fraction(clip.attrib[name].rstrip("s")) / frame for name in ("start", "duration", "offset")]
        for clip in clips
    ]
    assert frame == 1 / rate
    assert told == [[100, 1600, 0], [2000, 1600, 1600]]
    assert (form.get("width"), form.get("height")) == ("640", "360")
    sequence = root.find(".//sequence")
    assert sequence is not None
    assert sequence.get("tcFormat") == ("DF" if rate == NTSC else "NDF")
    assert (sequence.get("audioLayout"), sequence.get("audioRate")) == ("stereo", "44.1k")


def test_final_cut_pro_xml_knows_turned_pictures_pixels_that_are_not_square_and_no_sound() -> None:
    turned = VideoStream(0, "h264", 720, 576, rotation=90, sample_aspect=(16, 15))
    root = ET.fromstring(write(edit(media=replace(MEDIA, audio=(), video=(turned,))), TimelineFormat.FCPXML))

    form, asset = root.find("resources/format"), root.find("resources/asset")
    assert form is not None
    assert asset is not None
    assert [form.get(name) for name in ("width", "height", "paspH", "paspV")] == ["576", "720", "15", "16"]
    assert asset.get("hasAudio") is None


NASTY = 'a"&<b>\n* FROM CLIP NAME: evil\r\nTITLE: x\x00\u2028../../etc/пароль'


@pytest.mark.parametrize("form", list(TimelineFormat))
def test_names_are_data_and_add_no_line_element_or_folder(form: TimelineFormat) -> None:
    harmless, nasty = write(edit(), form), write(edit(name=NASTY), form)

    assert len(nasty.split("\n")) == len(harmless.split("\n"))
    assert len(nasty.splitlines()) == len(harmless.splitlines())
    assert "\x00" not in nasty
    if form is TimelineFormat.FCPXML:
        root = ET.fromstring(nasty)
        assert [one.tag for one in root.iter()] == [one.tag for one in ET.fromstring(harmless).iter()]
        media = root.find(".//media-rep")
        assert media is not None
        assert media.attrib["src"].count("/") == 1
    if form is TimelineFormat.OTIO:
        clip = read(nasty, "otio_json").tracks[0][0]
        assert clip.media_reference.target_url.count("/") == 1
        assert clip.name.startswith('a"&<b> * FROM CLIP NAME')


@given(st.text(max_size=60))
def test_any_name_can_be_written(name: str) -> None:
    made = edit(name=name)

    ET.fromstring(write(made, TimelineFormat.FCPXML))
    json.loads(write(made, TimelineFormat.OTIO).encode())
    assert len(write(made, TimelineFormat.EDL).encode().splitlines()) == 7


@pytest.mark.parametrize(
    ("rate", "frame", "text"),
    [
        (NTSC, 1799, "00:00:59;29"),
        (NTSC, 1800, "00:01:00;02"),
        (NTSC, 17981, "00:09:59;29"),
        (NTSC, 17982, "00:10:00;00"),
        (NTSC, 107_892, "01:00:00;00"),
        (NTSC, 24 * 107_892, "00:00:00;00"),
        (Fraction(60000, 1001), 3600, "00:01:00;04"),
        (FILM, 24 * 60, "00:01:00:00"),
        (PAL, 25 * 3600, "01:00:00:00"),
        (Fraction(25, 2), 12, "00:00:01:00"),
    ],
)
def test_frames_are_named_as_the_standard_has_it(rate: Fraction, frame: int, text: str) -> None:
    assert TimeCode.of(rate).text(frame) == text


@given(st.sampled_from([NTSC, FILM, PAL, Fraction(60000, 1001)]), st.integers(0, 2_000_000))
def test_a_name_leads_back_to_its_frame(rate: Fraction, frame: int) -> None:
    clock = TimeCode.of(rate)

    assert TimeCode.of(rate, clock.text(frame)).first == frame


@pytest.mark.parametrize("written", ["", "later", "25:00:00:00", "00:00:00:30", "00:61:00:00", "1:2:3:4"])
def test_a_time_code_that_cannot_be_is_as_none(written: str) -> None:
    assert TimeCode.of(PAL, written) == TimeCode(PAL, drop=False, first=0)
