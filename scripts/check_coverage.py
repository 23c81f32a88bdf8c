"""Check the promised coverage: python scripts/check_coverage.py COVERAGE.json

Lines of the whole product to 90 %; every branch of the modules that hold the rules, since a case that nobody
tried there is a state that nobody thought of.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

LINES = 90.0
WHOLE = (
    "core/batches/lifecycle.py",
    "engine/fairness.py",
    "engine/dispatcher.py",
    "storage/signing.py",
)


def complaints(report: dict[str, Any]) -> list[str]:
    """What falls short, a sentence each."""
    totals = report["totals"]
    lines = 100 * totals["covered_lines"] / max(1, totals["num_statements"])
    found = [] if lines >= LINES else [f"{lines:.1f} % of all lines are covered; {LINES:g} % are promised"]
    files = {Path(name).as_posix(): facts for name, facts in report["files"].items()}
    for module in WHOLE:
        facts = next((facts for name, facts in files.items() if name.endswith(f"reelyard/{module}")), None)
        if facts is None:
            found.append(f"{module} was not measured")
            continue
        missed = [f"line {line}" for line in facts["missing_lines"]]
        missed += [f"{start}→{end if end > 0 else 'end'}" for start, end in facts["missing_branches"]]
        if missed:
            found.append(f"{module}: not tried: {', '.join(missed[:12])}{' …' if len(missed) > 12 else ''}")
    return found


def main() -> int:
    report = json.loads(Path(sys.argv[1]).read_bytes())
    totals = report["totals"]
    lines = 100 * totals["covered_lines"] / max(1, totals["num_statements"])
    print(f"{lines:.1f} % of {totals['num_statements']} lines, {len(report['files'])} files")
    found = complaints(report)
    print("\n".join(f"coverage: {sentence}" for sentence in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
