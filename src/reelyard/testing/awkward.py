"""Media that are right but awkward, as people have them: what every pipeline has to cope with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from reelyard.media.info import Kind
from reelyard.testing.broken import truncated
from reelyard.testing.media import Film, MediaMaker

Make = Callable[[MediaMaker], Path]
TEXT = "The old man looked at the boats on the river."


def _cover(make: MediaMaker) -> Path:
    picture = make.encode(make.folder / "cover.png", "-f", "lavfi", "-i", "testsrc2=d=0.04", "-frames:v", "1")
    sound = make.tone("plain.mp3", 2.0)
    inputs = ("-i", str(sound), "-i", str(picture), "-map", "0", "-map", "1", "-c", "copy")
    return make.encode(
        make.folder / "cover.mp3", *inputs, "-disposition:v", "attached_pic", reads=(sound, picture)
    )


def _late(make: MediaMaker) -> Path:
    film = make.film("begins.mp4", Film(2.0))
    inputs = (
        "-i",
        str(film),
        "-itsoffset",
        "0.7",
        "-i",
        str(film),
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c",
        "copy",
    )
    return make.encode(make.folder / "late.mp4", *inputs, reads=(film,))


def _text(name: str, content: bytes) -> Make:
    def write(make: MediaMaker) -> Path:
        target = make.folder / name
        target.write_bytes(content)
        return target

    return write


SOUND: Final[Mapping[str, Make]] = {
    "speech": lambda make: make.speech("speech.wav", TEXT),
    "silence": lambda make: make.silence("silence.flac", 3.0),
    "a tone": lambda make: make.tone("tone.mp3", 2.0),
    "a twentieth of a second": lambda make: make.tone("blink.wav", 0.05),
    "eight thousand samples a second": lambda make: make.sound("phone.wav", "sine=d=1:r=8000", "-ar", "8000"),
    "six channels": lambda make: make.sound("six.flac", "sine=d=1", "-ac", "6"),
    "a cover picture": _cover,
    "half a file": lambda make: truncated(make.tone("half.ogg", 4.0), 0.5),
}
FILMS: Final[Mapping[str, Make]] = {
    "a spoken film": lambda make: make.spoken_film("spoken.mp4", TEXT),
    "a film without sound": lambda make: make.film("mute.mp4", Film(sound=False)),
    "sound that begins late": _late,
    "a film of one picture": lambda make: make.film("one.mp4", Film(0.04)),
    "another container": lambda make: make.film("other.webm", Film(1.0)),
}
DOCUMENTS: Final[Mapping[str, Make]] = {
    "a sentence": _text("sentence.txt", TEXT.encode()),
    "blank lines": _text("blank.txt", b"\n \n\t\n"),
    "one long word": _text("long.txt", b"a" * 20_000),
    "another script": _text("script.txt", "Привет, мир. 你好。世界。 👋".encode()),
    "old Windows": _text("windows.txt", "“Quoted” naïve café.\r\n".encode("cp1252")),
}


def awkward_media(accepts: frozenset[Kind]) -> dict[str, Make]:
    """What to try a pipeline on that accepts these kinds, by a name that says what is awkward."""
    by_kind = {Kind.AUDIO: SOUND, Kind.VIDEO: FILMS, Kind.DOCUMENT: DOCUMENTS}
    return {name: make for kind in by_kind if kind in accepts for name, make in by_kind[kind].items()}
