"""Small media made on the spot, for tests and demonstrations: tones, silence, speech, films.

All of it by the ffmpeg and the eSpeak NG that come with the package; the same call gives the same file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reelyard.kit.processes import Command, Limits, Runner, python_child, runner_in
from reelyard.tools.ffmpeg.executable import ffmpeg

QUIET = ("-nostdin", "-hide_banner", "-v", "error", "-y")
LIMITS = Limits(wall_s=120, cpu_s=240)
ESPEAK_RATE = 22_050  # Hz, of every voice of eSpeak NG

SOUND_CODECS = {
    ".wav": ("-c:a", "pcm_s16le"),
    ".mp3": ("-c:a", "libmp3lame", "-b:a", "64k"),
    ".m4a": ("-c:a", "aac", "-f", "mp4", "-brand", "M4A "),
    ".aac": ("-c:a", "aac", "-f", "adts"),
    ".flac": ("-c:a", "flac"),
    ".ogg": ("-c:a", "libvorbis"),
    ".opus": ("-c:a", "libopus"),
    ".webm": ("-c:a", "libopus"),
    ".mkv": ("-c:a", "aac"),
    ".mp4": ("-c:a", "aac"),
    ".mov": ("-c:a", "aac"),
    ".avi": ("-c:a", "libmp3lame"),
}
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
FILM_CODECS = {
    ".mp4": X264,
    ".mov": X264,
    ".mkv": X264,
    ".avi": ("-c:v", "mpeg4"),
    ".webm": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"),
}


@dataclass(frozen=True, slots=True)
class Film:
    """What a film to be made is like."""

    seconds: float = 2.0
    width: int = 160
    height: int = 90
    rate: int = 25
    sound: bool = True
    options: tuple[str, ...] = ()  # further arguments for the output


@dataclass(frozen=True, slots=True)
class MediaMaker:
    """Makes media in one folder; a name's extension chooses format and codecs."""

    folder: Path
    program: str = field(default_factory=ffmpeg)

    def tone(self, name: str = "tone.wav", seconds: float = 1.0, hertz: int = 440) -> Path:
        """A tone, 12 dB below full scale as ffmpeg makes it, one channel."""
        return self.sound(name, f"sine=frequency={hertz}:duration={seconds}:sample_rate=16000")

    def silence(self, name: str = "silence.wav", seconds: float = 1.0) -> Path:
        """Digital silence."""
        return self.sound(name, f"anullsrc=r=16000:cl=mono:d={seconds}")

    def beeps(self, name: str = "beeps.wav", beeps: int = 3, on_s: float = 0.5, off_s: float = 0.5) -> Path:
        """Tones of `on_s` seconds, each followed by silence of `off_s` seconds."""
        period = on_s + off_s
        gate = f"aevalsrc='0.5*sin(2*PI*440*t)*lt(mod(t,{period}),{on_s})':s=16000:d={beeps * period}"
        return self.sound(name, gate)

    def sound(self, name: str, source: str, *options: str) -> Path:
        """What the lavfi `source` sounds like, in the format of the name."""
        target = self.folder / name
        codec = SOUND_CODECS[target.suffix]
        return self.encode(target, "-f", "lavfi", "-i", source, *codec, *options)

    def film(self, name: str = "film.mp4", film: Film = Film()) -> Path:
        """A moving test picture with a tone, or without sound."""
        target = self.folder / name
        size = f"{film.width}x{film.height}"
        picture = f"testsrc2=size={size}:rate={film.rate}:duration={film.seconds}"
        tone = ("-f", "lavfi", "-i", f"sine=frequency=440:duration={film.seconds}:sample_rate=44100")
        arguments = [
            *("-f", "lavfi", "-i", picture, *(tone if film.sound else ())),
            *FILM_CODECS[target.suffix],
            *(SOUND_CODECS[target.suffix] if film.sound else ()),
        ]
        return self.encode(target, *arguments, *film.options)

    def spoken_film(self, name: str, text: str) -> Path:
        """A test picture in which `text` is spoken."""
        target = self.folder / name
        voice = self.speech(f"{target.stem}.voice.wav", text)
        codecs = (*FILM_CODECS[target.suffix], *SOUND_CODECS[target.suffix])
        picture = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25")
        self.encode(target, *picture, "-i", str(voice), *codecs, "-shortest", reads=(voice,))
        voice.unlink()
        return target

    def speech(self, name: str, text: str, voice: str = "en-us") -> Path:
        """`text` spoken by eSpeak NG at 16 kHz, one channel; a blank line in it is a pause."""
        words, samples, target = (self.folder / f"{name}{end}" for end in (".txt", ".pcm", ""))
        words.write_text(text)
        argv, env = python_child("reelyard.testing.espeak_child", voice)
        self._run(Command(argv, stdin=words, stdout=samples, env=env, limits=LIMITS))
        raw = ("-f", "s16le", "-ar", str(ESPEAK_RATE), "-ac", "1", "-i", str(samples))
        codec = SOUND_CODECS[target.suffix]
        self.encode(target, *raw, "-ar", "16000", *codec, reads=(samples,))
        words.unlink()
        samples.unlink()
        return target

    def encode(self, target: Path, *arguments: str, reads: tuple[Path, ...] = ()) -> Path:
        """Run ffmpeg with these arguments to make `target`; for what the others do not make."""
        argv = (self.program, *QUIET, *arguments, "-bitexact", str(target))
        self._run(Command(argv, reads=reads, writes=(target,), limits=LIMITS))
        return target

    @property
    def _run(self) -> Runner:
        return runner_in(self.folder)
