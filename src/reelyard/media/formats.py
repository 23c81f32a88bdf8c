"""The formats that are taken: their names, what they may hold, and the one demuxer to open each with."""

from __future__ import annotations

from dataclasses import dataclass

from reelyard.media.info import Kind


@dataclass(frozen=True, slots=True)
class Format:
    """One file format."""

    name: str
    kinds: frozenset[Kind]  # what it may turn out to be once its streams are known
    mime: str
    extensions: tuple[str, ...]  # the first is given to files that we make
    demuxer: str | None = None  # FFmpeg's name, forced at every opening; None: never given to FFmpeg
    audio_mime: str | None = None  # when it holds sound only

    def mime_as(self, kind: Kind) -> str:
        """The media type of a file of this format that turned out to be `kind`."""
        return self.audio_mime if kind is Kind.AUDIO and self.audio_mime else self.mime


def _film(name: str, mime: str, extension: str, demuxer: str, audio_mime: str) -> Format:
    return Format(name, frozenset({Kind.VIDEO, Kind.AUDIO}), mime, (extension,), demuxer, audio_mime)


def _sound(name: str, mime: str, extensions: tuple[str, ...], demuxer: str) -> Format:
    return Format(name, frozenset({Kind.AUDIO}), mime, extensions, demuxer)


def _text(name: str, mime: str, extensions: tuple[str, ...]) -> Format:
    return Format(name, frozenset({Kind.DOCUMENT}), mime, extensions)


MP4 = _film("mp4", "video/mp4", "mp4", "mov", "audio/mp4")
MOV = _film("mov", "video/quicktime", "mov", "mov", "audio/mp4")
AVI = _film("avi", "video/x-msvideo", "avi", "avi", "audio/x-msvideo")
WEBM = _film("webm", "video/webm", "webm", "matroska", "audio/webm")
MKV = _film("mkv", "video/x-matroska", "mkv", "matroska", "audio/x-matroska")

MP3 = _sound("mp3", "audio/mpeg", ("mp3",), "mp3")
WAV = _sound("wav", "audio/wav", ("wav",), "wav")
M4A = _sound("m4a", "audio/mp4", ("m4a", "m4b"), "mov")
FLAC = _sound("flac", "audio/flac", ("flac",), "flac")
OGG = _sound("ogg", "audio/ogg", ("ogg", "oga"), "ogg")
OPUS = _sound("opus", "audio/ogg", ("opus",), "ogg")
AAC = _sound("aac", "audio/aac", ("aac",), "aac")

TXT = _text("txt", "text/plain", ("txt",))
MD = _text("md", "text/markdown", ("md", "markdown"))
DOC = _text("doc", "application/msword", ("doc",))
DOCX = _text("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))

_ALL = (MP4, MOV, AVI, WEBM, MKV, MP3, WAV, M4A, FLAC, OGG, OPUS, AAC, TXT, MD, DOC, DOCX)
FORMATS: dict[str, Format] = {entry.name: entry for entry in _ALL}

TAKEN = (
    "Reelyard takes films (MP4, MOV, AVI, WebM, MKV), sound (MP3, WAV, M4A, AAC, FLAC, OGG, Opus) "
    "and texts (TXT, MD, DOC, DOCX)."
)


def settled(found: Format, kind: Kind) -> Format:
    """The right name once the streams are known: an MP4 without a film is an M4A, and the reverse."""
    if found is MP4 and kind is Kind.AUDIO:
        return M4A
    if found is M4A and kind is Kind.VIDEO:
        return MP4
    return found
