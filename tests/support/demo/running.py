"""How to reach a demo that is left running: a file that exists while it runs."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from support.deploy import ROOT
from support.local_aws import LocalAws
from support.stack import Stack

FILE = ROOT / ".demo.json"


class NotRunningError(Exception):
    """No demo is running; the message says how to start one."""


@contextlib.contextmanager
def announced(stack: Stack) -> Iterator[None]:
    """Let others find this stack."""
    about = {"endpoint": stack.aws.endpoint, "folder": str(stack.aws.folder), "name": stack.name}
    FILE.write_text(json.dumps({**about, "outputs": dict(stack.outputs)}), encoding="utf-8")
    try:
        yield
    finally:
        FILE.unlink(missing_ok=True)


def running_demo() -> Stack:
    """The demo that is running.

    Raises:
        NotRunningError: No demo is running.
    """
    try:
        about = json.loads(FILE.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotRunningError("No demo is running: start one by `make demo KEEP=1`.") from error
    aws = LocalAws(about["endpoint"], Path(about["folder"]))
    return Stack(aws, about["name"], about["outputs"])
