"""One cold start in Lambda's own runtime client, of the built artefact or of the bare minimum."""

import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import boto3

from bench.runtime_api import RuntimeApi

BUILD = Path(__file__).parents[2] / ".aws-sam" / "build"
LAYER = BUILD / "InvitesLayer" / "python"
PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.05

# What Lambda's runtime brings: boto3 and what it needs, the runtime client and what that needs.
RUNTIME_PACKAGES = (
    *("boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3"),
    *("awslambdaric", "simplejson"),
)


@dataclass(frozen=True, slots=True)
class Code:
    """A function's code, and the name of its handler."""

    folder: Path
    handler: str


FUNCTION = Code(BUILD / "SendInvitesFunction", "send_invites.handler.lambda_handler")
BARE = Code(Path(__file__).with_name("bare_function"), "bare_handler.lambda_handler")


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Seconds from the process's start to its asking for an event, and to its answer.

    `cpu` is the CPU that it has had, in seconds, to a hundredth; `peak` the most memory, in bytes;
    `answer` what it answered, None if it has not; `stderr` what it wrote there.
    """

    ready: float
    answered: float
    cpu: float
    peak: int
    answer: Any
    stderr: str


def runtime(folder: Path) -> Path:
    """Fill a folder with what Lambda's runtime brings, and with nothing else.

    This project's own environment has more, and the SDK would import it: PyOpenSSL, awscrt.
    """
    site = Path(boto3.__file__).parents[1]
    files = (file for name in RUNTIME_PACKAGES for file in metadata.files(name) or ())
    for top in {file.parts[0] for file in files} - {".."}:
        (folder / top).symlink_to(site / top)
    return folder


def cold_start(
    code: Code,
    runtime: Path,
    variables: Mapping[str, str],
    event: dict[str, Any],
    *options: str,
) -> ColdStart:
    """As `invoke`; raises RuntimeError if the function did not invite everybody."""
    started = invoke(code, runtime, variables, event, *options)
    if started.answer != {"batchItemFailures": []}:
        raise RuntimeError(
            f"the function did not do its work: {started.answer} {started.stderr[-2000:]}"
        )
    return started


def invoke(
    code: Code,
    runtime: Path,
    variables: Mapping[str, str],
    event: dict[str, Any],
    *options: str,
    max_memory: float = math.inf,
) -> ColdStart:
    """Start the function, invoke it once, end it.

    Args:
        code: What is started.
        runtime: The folder of `runtime`.
        variables: The function's.
        event: What it is invoked with.
        options: Of the interpreter.
        max_memory: Bytes of memory beyond which it is ended, as Lambda would.
    """
    command = [sys.executable, "-S", *options, "-m", "awslambdaric", code.handler]
    # A file, since a pipe that nobody reads would hold the function up.
    with RuntimeApi(event) as api, TemporaryFile("w+", encoding="utf-8") as errors:
        environment = _environment(code, runtime) | dict(variables) | api.variables
        began = time.perf_counter()
        with subprocess.Popen(
            command, cwd=code.folder, env=environment, stdout=subprocess.DEVNULL, stderr=errors
        ) as process:
            until = began + PATIENCE_SECONDS
            while not api.answered.wait(POLL_SECONDS) and time.perf_counter() < until:
                if _peak(process.pid) > max_memory:
                    break
            cpu, peak = _cpu(process.pid), _peak(process.pid)
            process.kill()
        errors.seek(0)
        stderr = errors.read()
    return ColdStart(api.ready_at - began, api.answered_at - began, cpu, peak, api.answer, stderr)


def modules_imported(
    code: Code, runtime: Path, variables: Mapping[str, str], event: dict[str, Any]
) -> int:
    """How many modules are imported until the first event is answered."""
    stderr = cold_start(code, runtime, variables, event, "-X", "importtime").stderr
    return len(re.findall(r"^import time: +\d", stderr, re.MULTILINE))


def _cpu(process_id: int) -> float:
    """Seconds of CPU, as proc(5) has them: fields 14 and 15, counted from after the name."""
    fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process_id: int) -> int:
    """The most memory that the process has had, in bytes; the runtime client runs on Linux only."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def _environment(code: Code, runtime: Path) -> dict[str, str]:
    """The variables as in Lambda: function and layer first on the path, and no bytecode kept."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, (code.folder, LAYER, runtime))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    }
