"""`python -m coedu_bot`: the bot itself starts without the parts that only people at a terminal need."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run a verb; `run` avoids importing the command line's libraries."""
    gc.disable()  # importing makes only objects that stay
    if sys.argv[1:2] == ["run"]:
        from coedu_bot.service import main as run

        return run(sys.argv[2:])
    from coedu_bot.cli import app

    gc.enable()
    app()
    return 0


if __name__ == "__main__":
    sys.exit(main())
