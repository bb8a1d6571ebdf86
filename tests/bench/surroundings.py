"""What the function runs in while it is measured: an API, an AWS and an environment."""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from send_invites.bootstrap import application
from support.environment import ENVIRONMENT
from support.quick_aws import QuickAws, quick_aws
from support.spacemedia.client import StandIn

TOKEN = "7|a-token-of-the-bench"  # noqa: S105 - of the stand-in
# A write to DynamoDB in the same region takes a few milliseconds.
LEDGER_SECONDS = 0.004


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The API, the AWS, and the variables of the function."""

    api: StandIn
    aws: QuickAws
    variables: dict[str, str]

    def begin(self, api_seconds: float, ledger_seconds: float = LEDGER_SECONDS) -> None:
        """Forget everybody and all counts; answer after this many seconds."""
        self.api.reset()
        self.api.add_token(TOKEN, ttl=None)
        self.api.configure(latency=api_seconds)
        self.aws.reset(ledger_seconds)


@contextlib.contextmanager
def surroundings() -> Iterator[Surroundings]:
    """Start both, each in a process of its own, so that their CPU is not the function's."""
    with StandIn() as api, quick_aws() as aws:
        variables = {
            **ENVIRONMENT,
            **aws.environment(),
            "API_BASE_URL": api.url,
            "POWERTOOLS_SERVICE_NAME": "bench",
            "POWERTOOLS_METRICS_NAMESPACE": "Bench",
        }
        yield Surroundings(api, aws, variables)


@contextlib.contextmanager
def in_process() -> Iterator[Surroundings]:
    """The same, for a function that runs in this process: its log goes to nowhere."""
    with surroundings() as around, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.environ.update(around.variables)
        # The parts may be left from an earlier measurement.
        application.cache_clear()
        with contextlib.redirect_stdout(nowhere):
            yield around


def progress(text: str) -> None:
    """Show a person who waits what is being measured."""
    sys.stderr.write(f"{text}\n")
