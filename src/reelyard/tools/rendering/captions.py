"""Captions drawn into the picture: an ASS file of our own, a font that is always there, and a look beforehand.

The font comes with the package, so that text appears on a machine that has none; where it lacks a letter, the
machine's own fonts are asked. When none has it the order is refused: boxes in a finished film help nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

from reelyard.errors import Reject
from reelyard.kit.processes import Command, Limits, Runner
from reelyard.tools.captions import Cue
from reelyard.tools.ffmpeg.inputs import QUIET
from reelyard.tools.rendering.picture import Captioned, drawn
from reelyard.tools.rendering.target import Target

MIB = 1024 * 1024
FONTS = Path(__file__).parent / "fonts"
FONT = "DejaVu Sans"
MISSING = re.compile(r"fallback with glyph 0x([0-9A-Fa-f]+)")
SHOWN_LETTERS = 12  # of those that are missing, in the refusal
HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 0
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, Shadow, \
Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,{font},{size},&H00FFFFFF,&H00101010,&H80000000,0,1,{outline:.1f},0,2,{side},{side},{foot},1

[Events]
Format: Layer, Start, End, Style, Text
"""


@dataclass(frozen=True, slots=True)
class Lettering:
    size: int = 5  # height of a line in percent of the picture's shorter side


def captions_file(cues: Sequence[Cue], target: Target, lettering: Lettering = Lettering()) -> str:
    """The text of an ASS file: cues in film time, at the foot of the picture."""
    shorter = min(target.width, target.height)
    size = max(8, round(shorter * lettering.size / 100))
    head = HEAD.format(
        width=target.width,
        height=target.height,
        font=FONT,
        size=size,
        outline=max(1.0, size / 16),
        side=round(target.width * 0.05),
        foot=round(target.height * 0.05),
    )
    events = [
        f"Dialogue: 0,{_time(cue.start)},{_time(cue.end)},Default,{_text(cue.lines)}"
        for cue in cues
        if cue.end > cue.start
    ]
    return head + "\n".join(events) + "\n"


def check_letters(cues: Sequence[Cue], captions: Captioned, ffmpeg: str, *, run: Runner) -> None:
    """Draw each letter of the cues once; raises Reject (`no_font`) when no font here has one of them.

    `captions.file` is a file of our own beside which the trial is written.
    """
    letters = sorted({char for cue in cues for line in cue.lines for char in line if _is_seen(char)})
    if not letters:
        return
    trial = captions.file.with_suffix(".letters.ass")
    head = HEAD.format(width=320, height=180, font=FONT, size=10, outline=1, side=2, foot=2)
    lines = (_text(("".join(letters[begin : begin + 100]),)) for begin in range(0, len(letters), 100))
    events = "\n".join(f"Dialogue: 0,0:00:00.00,0:00:09.00,Default,{line}" for line in lines)
    trial.write_text(head + events, "utf-8")
    said = run(letters_command(Captioned(trial, captions.fonts), ffmpeg)).stderr
    missing = "".join(dict.fromkeys(chr(int(code, 16)) for code in MISSING.findall(said)))
    if missing:
        more = " …" if len(missing) > SHOWN_LETTERS else ""
        raise Reject(
            f"No font on this machine can draw “{missing[:SHOWN_LETTERS]}{more}”, which the captions hold.",
            code="no_font",
            hint="Install a font for that script (such as Debian's fonts-noto-core or fonts-noto-cjk), "
            "or order the captions as a file or as a track of the film.",
        )


def letters_command(captions: Captioned, ffmpeg: str) -> Command:
    """One picture with the captions on it, thrown away."""
    argv = (
        *(ffmpeg, *QUIET, "-f", "lavfi", "-i", "color=c=black:s=320x180:r=1:d=1"),
        *("-vf", drawn(captions), "-f", "null", "-"),
    )
    return Command(argv, reads=(captions.file, captions.fonts), limits=Limits(60, 60, 2048 * MIB, 64 * MIB))


def _is_seen(char: str) -> bool:
    """Whether a font has to have it: not so spaces, joiners, marks of direction, and choices of a variant."""
    return not char.isspace() and category(char) not in ("Cc", "Cf") and not "\ufe00" <= char <= "\ufe0f"


def _time(seconds: float) -> str:
    whole, hundredths = divmod(max(0, round(seconds * 100)), 100)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}.{hundredths:02d}"


def _text(lines: Sequence[str]) -> str:
    # A word joiner keeps a backslash from beginning a command; braces would hide what is between them.
    return r"\N".join(
        " ".join(line.split()).replace("\\", "\\\u2060").replace("{", r"\{").replace("}", r"\}")
        for line in lines
    )
