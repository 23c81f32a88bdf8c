"""Captions and texts out of transcripts: TXT, SRT, VTT, JSON."""

from reelyard.tools.captions.cues import Cue, CueStyle, cues
from reelyard.tools.captions.writers import CaptionFormat, write, write_cues

__all__ = ["CaptionFormat", "Cue", "CueStyle", "cues", "write", "write_cues"]
