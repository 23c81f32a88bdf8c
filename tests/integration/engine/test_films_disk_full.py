"""The disk fills up while films are joined: the export fails with the reason, all else goes on, and room is enough."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_merge_that_finds_the_disk_full_fails_for_that_reason_and_goes_well_when_there_is_room(
    tmp_path: Path,
) -> None:
    told = on_a_small_disk(tmp_path, "size=80m")

    assert (told["full"]["status"], told["full"]["error_code"]) == ("failed", "storage_full"), told["full"]
    assert told["reads"] == "completed"
    assert told["left"] == []
    assert told["later"]["status"] == "completed", told["later"]
    assert (told["exit"], told["wrong"]) == (0, [])


def on_a_small_disk(folder: Path, options: str) -> dict[str, Any]:
    """What `tests.faults.small_disk` saw over a tmpfs of these mount options."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("there is no unshare(1) here")
    (data := folder / "data").mkdir()
    lead = [unshare, "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = 'mount -t tmpfs -o "$1" none "$2"'
    if subprocess.run([*lead, mount, "sh", options, str(data)], capture_output=True, check=False).returncode:
        pytest.skip("mounting in a namespace is not allowed here")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    script = f'{mount} && exec "$3" -m tests.faults.small_disk "$4"'
    done = subprocess.run(
        [*lead, script, "sh", options, str(data), sys.executable, str(folder)],
        capture_output=True, text=True, check=False, timeout=230, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
