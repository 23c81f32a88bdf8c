"""Child processes: the one door through which anything native is started, limited, watched and killed."""

from reelyard.kit.processes.command import Command, Finished, Limits, Service

__all__ = ["Command", "Finished", "Limits", "Service"]
