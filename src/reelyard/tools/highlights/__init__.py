"""Highlights: what stands out in a film, by its sound, its words and its pictures, with the reasons why."""

from reelyard.tools.highlights.finding import find, look
from reelyard.tools.highlights.scenes import changes_at_keyframes, scene_changes
from reelyard.tools.highlights.signals import Signals

__all__ = ["Signals", "changes_at_keyframes", "find", "look", "scene_changes"]
