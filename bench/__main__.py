"""`python -m bench [NAME...] [--quick] [--json]`: each promised figure beside its limit or its peer."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import sys
import time

import structlog
from bench.result import Result, table, tell

NAMES = (
    "startup",
    "lists",
    "engine",
    "latency",
    "kills",
    "uploads",
    "recordings",
    "cutting",
    "narration",
    "slideshow",
    "stories",
    "analysis",
    "exports",
    "success",
)


def main() -> int:
    """0 when every benchmark ran, whatever its figures; 1 when one broke."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(NAMES)}; all if none is named"
    )
    parser.add_argument(
        "--quick", action="store_true", help="smaller sizes and fewer rounds: shows that they work"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a figure")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark “{unknown[0]}”; choose of {', '.join(NAMES)}")
    quiet()
    results: list[Result] = []
    broken = []
    for name in asked.names or NAMES:
        begun = time.monotonic()
        try:
            results += _run(name, quick=asked.quick)
        except Exception as error:  # noqa: BLE001 - the others are still worth their figures
            broken.append(f"{name} broke: {type(error).__name__}: {error}")
            tell(broken[-1])
        tell(f"{name}: done in {time.monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f}")
    _show(results, as_json=asked.json)
    for line in broken:
        print(line, file=sys.stderr)
    return 1 if broken else 0


def quiet() -> None:
    """Only what goes wrong is told beside the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _run(name: str, *, quick: bool) -> list[Result]:
    results: list[Result] = importlib.import_module(f"bench.{name}").run(quick=quick)
    return results


def _show(results: list[Result], *, as_json: bool) -> None:
    if as_json:
        for result in results:
            print(json.dumps(result.to_json(), ensure_ascii=False))
    else:
        print(table(results))


if __name__ == "__main__":
    sys.exit(main())
