"""`make bench`, or `python -m benchmarks [latency burst …]`: every measurement, one after the other.

Nothing here passes or fails: figures move with the machine. Compare the ratios with the goals beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from types import ModuleType

from benchmarks import burst, chatter, encrypted, encryption, latency, startup, timers

ALL = {
    module.__name__.partition(".")[2]: module
    for module in (latency, encrypted, burst, chatter, startup, timers, encryption)
}


def main() -> None:
    """Measure what is named, else all; one line of JSON for each with `--json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(ALL), choices=[[], *ALL])
    parser.add_argument("--json", action="store_true", help="only the figures, for programs")
    options = parser.parse_args()
    for name in options.names or ALL:
        figures = {key: round(value, 3) for key, value in asyncio.run(ALL[name].measure()).items()}
        if options.json:
            print(json.dumps({"benchmark": name, **figures}), flush=True)
        else:
            show(name, ALL[name], figures)


def show(name: str, module: ModuleType, figures: dict[str, float]) -> None:
    """What is measured in a sentence, then the figures, ratios and goals first."""
    print(f"\n{name}: {(module.__doc__ or '').partition('.')[0]}.")
    for key in sorted(figures, key=lambda key: (key not in module.GOALS, "ratio" not in key)):
        goal = f"   (goal: at most {module.GOALS[key]})" if key in module.GOALS else ""
        print(f"  {key:32} {figures[key]:10.3f}{goal}", flush=True)


if __name__ == "__main__":
    main()
