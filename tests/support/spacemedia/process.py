"""Starts and stops the stand-in's process."""

import os
import select
import subprocess
import sys
from pathlib import Path

# The folder that holds the package `support`.
_ROOT = Path(__file__).parents[2]
# Importing aiohttp takes about half a second; a busy machine may need many times that.
_START_SECONDS = 30.0
# After this time it is killed: nothing that it has is worth waiting for.
_STOP_SECONDS = 5.0
_ANNOUNCEMENT = "listening on "


class StandInError(Exception):
    """The stand-in did not start, or refused a control call."""


def start_process(
    port: int, keepalive: float, parent: int | None = None
) -> tuple[subprocess.Popen[str], str]:
    """Start the stand-in; return its process and its base URL.

    It ends by itself when the parent is gone, which is this process unless another one is named.

    Raises:
        StandInError: It ended, or did not say in time where it listens.
    """
    options = {"--port": port, "--keepalive": keepalive, "--parent-pid": parent or os.getpid()}
    arguments = [str(part) for option in options.items() for part in option]
    process = subprocess.Popen(
        [sys.executable, "-m", "support.spacemedia", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": _search_path()},
    )
    line = _first_line(process)
    if not line.startswith(_ANNOUNCEMENT):
        stop_process(process)
        raise StandInError(f"the stand-in did not start (exit code {process.returncode})")
    return process, line.removeprefix(_ANNOUNCEMENT).strip()


def stop_process(process: subprocess.Popen[str]) -> None:
    """Stop the process, and make sure of it."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _first_line(process: subprocess.Popen[str]) -> str:
    if process.stdout is None:
        return ""
    # Closed after the line, which is the only one.
    with process.stdout as stdout:
        ready, _, _ = select.select([stdout], [], [], _START_SECONDS)
        return stdout.readline() if ready else ""


def _search_path() -> str:
    inherited = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(_ROOT), *([inherited] if inherited else [])])
