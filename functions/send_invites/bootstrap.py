"""The composition root: the only place that reads the environment and makes the parts."""

import os
from dataclasses import dataclass
from functools import cache

from aws_lambda_powertools import Logger, Metrics

from deployment.reader import make_reader
from invites.api import Deadlines
from invites.batch import BatchProcessor
from invites.breaker import Breaker
from invites.clock import Bounds, Clock
from invites.courier import Courier
from invites.exhaustion import Patience
from invites.sending import Sender
from invites.transport import mute_urllib3
from send_invites.announcing import OutcomeTopic
from send_invites.budget import (
    AWS_CALL_SECONDS,
    CALL_SECONDS,
    EXPIRY_MARGIN_SECONDS,
    SETTLE_SECONDS,
    SIDE_BY_SIDE,
)
from send_invites.metering import MeteredApi
from send_invites.ports import Ports, production_ports
from send_invites.settings import Settings
from send_invites.telemetry import Telemetry
from send_invites.upkeep import TokenUpkeep


@dataclass(frozen=True, slots=True)
class Application:
    """The parts that the handler calls."""

    processor: BatchProcessor
    breaker: Breaker
    telemetry: Telemetry
    calls: MeteredApi
    clock: Clock
    upkeep: TokenUpkeep | None
    announcer: OutcomeTopic | None


@cache
def application() -> Application:
    """Make the parts, once for each execution environment.

    Raises:
        SettingsError: A variable is missing or wrong; made anew, and told again, next time.
        FileError: A file of rules is wrong.
    """
    mute_urllib3()
    settings = Settings.from_environment(os.environ)
    ports = production_ports(settings, make_reader(os.environ))
    return assemble(settings, ports, Telemetry(Logger(), Metrics()))


def assemble(settings: Settings, ports: Ports, telemetry: Telemetry) -> Application:
    """Put the parts together."""
    parts = ports.api, ports.tokens, ports.claims, ports.clock.now
    sender = Sender(*parts, call_seconds=Deadlines().total, email_taken=settings.email_taken)
    bounds = Bounds(SIDE_BY_SIDE, CALL_SECONDS, SETTLE_SECONDS, AWS_CALL_SECONDS)
    courier = Courier(sender, ports.sending, ports.pace, ports.clock, bounds)
    oldest = settings.queue_retention_seconds - EXPIRY_MARGIN_SECONDS
    processor = BatchProcessor(
        ports.reader,
        courier,
        ports.ledger,
        ports.queue,
        executor=ports.settling,
        patience=Patience(settings.max_receive_count, oldest),
        draw=ports.draw,
    )
    return Application(
        processor,
        courier.breaker,
        telemetry,
        ports.api,
        ports.clock,
        ports.upkeep,
        ports.announcer,
    )
