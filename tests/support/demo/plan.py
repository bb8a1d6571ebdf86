"""What the demo sends, by which route, and the expected outcome."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from support.deploy import ROOT

EVENTS = ROOT / "events"

# The stand-in answers this person's first call with a 500, to show the retry.
OUTAGE = "emeka.hall@example.test"


@dataclass(frozen=True)
class Sending:
    """A sample message on its way.

    Attributes:
        sample: Path below events/, without its ending.
        route: sqs, sns or eventbridge.
        expected: invited, already_invited, ignored, or the code of a dead letter's reason.
    """

    sample: str
    route: str
    expected: str

    @cached_property
    def body(self) -> str:
        """The message's text."""
        return next(EVENTS.glob(f"{self.sample}.[jt][sx][ot]*")).read_text(encoding="utf-8")

    @cached_property
    def expectation(self) -> str:
        """What is expected of the sample, as JSON."""
        return (EVENTS / f"{self.sample}.expected.json").read_text(encoding="utf-8")

    @cached_property
    def address(self) -> str | None:
        """Whom the sample's expectation invites; None if nobody."""
        people: list[dict[str, Any]] = json.loads(self.expectation).get("invites", [])
        return str(people[0]["email"]) if people else None

    @property
    def mark(self) -> str:
        """A text that identifies this message in a queue, inside any envelope."""
        found = [word for word in self.body.split('"') if word.startswith("evt-")]
        return found[0] if found else self.address or self.body


PLAN = (
    Sending("canonical/signup", "sqs", "invited"),
    Sending("canonical/signup-with-roles", "sns", "invited"),
    Sending("canonical/signup-base64", "sqs", "invited"),
    Sending("canonical/signup-data-alone", "sns", "invited"),
    Sending("eventbridge/signup", "eventbridge", "invited"),
    Sending("eventbridge/cloudevent", "eventbridge", "invited"),
    Sending("canonical/signup-outage", "sqs", "invited"),
    Sending("canonical/signup", "sns", "already_invited"),
    Sending("canonical/signup-again", "sqs", "already_invited"),
    Sending("canonical/signup-updated", "sns", "ignored"),
    Sending("canonical/role-unknown", "sqs", "refused_by_api"),
    Sending("canonical/email-missing", "sns", "missing_email"),
    Sending("canonical/email-invalid", "sqs", "invalid_email"),
    Sending("canonical/type-unknown", "sns", "unrecognised_event"),
    Sending("canonical/not-json", "sqs", "malformed_body"),
)

# Sent while the API is down for maintenance.
PLAN_IN_MAINTENANCE = (
    Sending("sns/signup", "sqs", "invited"),
    Sending("eventbridge/in-sns", "sqs", "invited"),
)
