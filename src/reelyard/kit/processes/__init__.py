"""Child processes: the one door through which anything native is started, limited, watched and killed."""

from reelyard.kit.processes.child import Child
from reelyard.kit.processes.command import Ask, Command, Finished, Limits, Runner, Service
from reelyard.kit.processes.isolation import Isolation, isolation
from reelyard.kit.processes.kill import is_running, kill_group
from reelyard.kit.processes.python import python_child
from reelyard.kit.processes.run import run, runner_in

__all__ = [
    "Ask",
    "Child",
    "Command",
    "Finished",
    "Isolation",
    "Limits",
    "Runner",
    "Service",
    "is_running",
    "isolation",
    "kill_group",
    "python_child",
    "run",
    "runner_in",
]
