"""The engines; to be imported by the voices' child only, which `reelyard.tools.narration.service` describes."""
