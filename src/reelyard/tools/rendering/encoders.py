"""Encoders: their options, which hardware ones work here, and the options of sound and container."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reelyard.errors import StageEnd
from reelyard.kit.processes import Command, Limits, Runner
from reelyard.tools.ffmpeg.inputs import QUIET
from reelyard.tools.ffmpeg.threads import ENCODER_THREADS
from reelyard.tools.rendering.target import Container, SoundCodec, Target

MIB = 1024 * 1024
DEVICES = ("dri", "nvidia*", "nvidia-caps", "kfd")  # in /dev: what a graphics card's driver opens
FACTS = ("/sys/class/drm", "/sys/dev/char", "/sys/devices", "/sys/module/nvidia", "/proc/driver/nvidia")
RENDER_NODE = "/dev/dri/renderD128"
TRIED_FRAMES = 5


@dataclass(frozen=True, slots=True)
class Hardware:
    """A graphics card's H.264 encoder."""

    name: str  # by FFmpeg's name
    options: tuple[str, ...]
    device: tuple[str, ...] = ()  # arguments before the input
    upload: str = ""  # a last filter that brings pictures to the card


HIGH = ("-profile:v", "high")
HARDWARE = (
    Hardware("h264_nvenc", ("-preset", "p4", "-rc", "vbr", "-cq", "23", "-b:v", "0", *HIGH)),
    Hardware("h264_qsv", ("-preset", "medium", "-global_quality", "23", *HIGH), upload="format=nv12"),
    Hardware("h264_amf", ("-quality", "balanced", "-rc", "cqp", "-qp_i", "21", "-qp_p", "23", *HIGH)),
    Hardware(
        "h264_vaapi",
        ("-rc_mode", "CQP", "-qp", "22", *HIGH),
        ("-vaapi_device", RENDER_NODE),
        "format=nv12,hwupload",
    ),
    Hardware("h264_videotoolbox", ("-q:v", "60", *HIGH)),
)
SOUND_KBITS = {
    SoundCodec.AAC: {1: 128, 2: 192, 6: 384, 8: 512},
    SoundCodec.OPUS: {1: 96, 2: 128, 6: 256, 8: 384},
}


def hardware(name: str) -> Hardware | None:
    """The hardware encoder of that name; None for one that runs on the processor."""
    return next((each for each in HARDWARE if each.name == name), None)


def available_encoders(ffmpeg: str, *, run: Runner) -> tuple[str, ...]:
    """The hardware H.264 encoders that work on this machine, best first: each is tried with a few pictures.

    Takes a tenth of a second for each that is not there; the answer holds until the machine changes.
    """
    devices = graphics_devices()
    found = []
    for each in HARDWARE:
        try:
            run(trial_command(each, ffmpeg, devices))
        except StageEnd:
            continue
        found.append(each.name)
    return tuple(found)


def trial_command(encoder: Hardware, ffmpeg: str, devices: tuple[Path, ...] = ()) -> Command:
    """A tiny encoding that succeeds where the encoder works."""
    upload = ("-vf", encoder.upload) if encoder.upload else ()
    picture = f"testsrc2=size=320x240:rate=25,trim=end_frame={TRIED_FRAMES},format=yuv420p"
    argv = (
        *(ffmpeg, *QUIET, *encoder.device, "-f", "lavfi", "-i", picture, *upload),
        *("-c:v", encoder.name, *encoder.options, "-f", "null", "-"),
    )
    return Command(argv, reads=card_facts(), writes=devices, limits=Limits(20, 20, None, 64 * MIB))


def graphics_devices() -> tuple[Path, ...]:
    """The device files of this machine's graphics cards."""
    return tuple(sorted(path for pattern in DEVICES for path in Path("/dev").glob(pattern)))


def card_facts() -> tuple[Path, ...]:
    """Where drivers look up what card there is."""
    return tuple(path for path in map(Path, FACTS) if path.exists())


def picture_options(target: Target, cores: int) -> tuple[str, ...]:
    """The encoder of the picture, by constant quality; what it writes is the same for any number of cores."""
    threads = ("-threads:v", str(ENCODER_THREADS))
    quality: tuple[str, ...]
    match target.encoder:
        case "libx264":
            quality = ("-preset", "veryfast", "-crf", "20", *HIGH, *threads)
        case "libvpx-vp9":
            # Realtime is the speed, not the quality: a slower one takes ten times as long.
            speed = ("-deadline", "realtime", "-cpu-used", "6", "-row-mt", "1", "-tile-columns", "2")
            quality = (*speed, "-crf", "28", "-b:v", "0", "-g", "240", *threads)
        case "libsvtav1":
            # Its filter over time leaves parts of neighbouring pictures in single ones.
            quality = (
                "-preset",
                "10",
                "-crf",
                "32",
                "-g",
                "240",
                "-svtav1-params",
                f"lp={cores}:enable-tf=0",
            )
        case other:
            found = hardware(other)
            quality = found.options if found is not None else threads
    return ("-c:v", target.encoder, *quality)


def sound_options(target: Target, channels: tuple[int, ...]) -> tuple[str, ...]:
    """The encoder of the sound, and the rate of each track by its number of channels."""
    if not channels:
        return ("-an",)
    encoder = {SoundCodec.AAC: "aac", SoundCodec.OPUS: "libopus"}[target.sound_codec]
    rates = [
        argument
        for number, count in enumerate(channels)
        for argument in (f"-b:a:{number}", f"{SOUND_KBITS[target.sound_codec][count]}k")
    ]
    surround = ("-mapping_family", "1") if encoder == "libopus" and max(channels) > 2 else ()
    return ("-c:a", encoder, *rates, *surround)


def container_options(target: Target, film: Path) -> tuple[str, ...]:
    """Where the film is written, ready to be played while it loads."""
    faststart = () if target.container is Container.WEBM else ("-movflags", "+faststart")
    return (*faststart, "-f", target.container.value, "-y", f"file:{film}")
