"""The decoders that strangers' files may reach, by FFmpeg's names; all others stay shut.

Each is in wide use in one of the formats taken. A rare decoder is where the bugs are: MagicYUV's runs
foreign code (CVE-2026-8461), and nobody sends its films.
"""

from __future__ import annotations

SOUND = (
    *("aac", "aac_latm", "ac3", "eac3", "dca", "truehd", "alac", "flac", "wavpack"),
    *("mp1", "mp1float", "mp2", "mp2float", "mp3", "mp3float"),
    *("opus", "libopus", "vorbis", "libvorbis", "speex", "libspeex", "amrnb", "amrwb", "gsm", "gsm_ms"),
    *("adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", "wmav1", "wmav2"),
    *("pcm_alaw", "pcm_mulaw", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be"),
    *("pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be"),
)
FILM = (
    *("h264", "hevc", "av1", "libdav1d", "vp8", "vp9", "libvpx", "libvpx-vp9", "theora"),
    *("mpeg1video", "mpeg2video", "mpeg4", "msmpeg4", "msmpeg4v2", "h263", "dvvideo"),
    *("prores", "dnxhd", "ffv1", "huffyuv", "ffvhuff", "rawvideo", "v210", "qtrle", "mjpeg", "png"),
)
WHITELIST = ",".join((*SOUND, *FILM))
