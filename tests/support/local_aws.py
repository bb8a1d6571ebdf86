"""An AWS on this machine: MiniStack, with IAM enforced."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import boto3
import urllib3
from botocore.config import Config

from support.processes import free_port, running

REGION = "eu-west-2"

# It starts in 2 s on an idle machine; a CI machine installs and starts at the same time.
START_SECONDS = 60.0

# Like AWS's own documentation: an obvious fake, so that no real account can be meant.
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
}


@dataclass(frozen=True, slots=True)
class LocalAws:
    """A running local AWS."""

    endpoint: str
    folder: Path

    def environment(self) -> dict[str, str]:
        """The variables for programs that call it: the SAM CLI, the AWS CLI."""
        return _environment() | _CREDENTIALS | {"AWS_ENDPOINT_URL": self.endpoint}

    def client(self, service: str) -> Any:  # noqa: ANN401 - a client of any service
        """A boto3 client for it, with the rights of the account's owner."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=_CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"mode": "standard", "total_max_attempts": 3}),
        )


@contextlib.contextmanager
def local_aws(folder: Path) -> Iterator[LocalAws]:
    """Start a local AWS on a free loopback port; its log and data are in the folder."""
    port = free_port()
    environment = _environment() | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        # A function has the permissions of its own role, and no more.
        "AUTH": "true",
        "MINISTACK_REGION": REGION,
        # Two of them side by side must not share files.
        "TMPDIR": str(folder),
        "S3_DATA_DIR": str(folder / "s3"),
        "STATE_DIR": str(folder / "state"),
    }
    command = [str(Path(sys.executable).with_name("ministack"))]
    with running(command, environment, folder / "local-aws.log") as process:
        endpoint = f"http://127.0.0.1:{port}"
        _wait_until_healthy(endpoint, process.poll)
        yield LocalAws(endpoint, folder)


def _environment() -> dict[str, str]:
    """This process's, less what would reach a real AWS or put sources in the artefact's place."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name != "PYTHONPATH"
    }


def _wait_until_healthy(endpoint: str, exit_status: Callable[[], int | None]) -> None:
    pool = urllib3.PoolManager(retries=False, timeout=2.0)
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        if exit_status() is not None:
            raise RuntimeError(f"the local AWS ended at once, with status {exit_status()}")
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            if pool.request("GET", f"{endpoint}/_ministack/health").status == HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the local AWS did not start within {START_SECONDS:.0f} s")
