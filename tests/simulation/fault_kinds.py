"""The kinds of faults: in how many histories each is on, and how often it then strikes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind.

    Attributes:
        share: In what part of the histories it can happen.
        rate: How often it then does, of the occasions that there are for it.
    """

    share: float
    rate: float


# What the API answers instead of what it should. Refusals but 400 are a person's own.
STATUSES = (
    *(204, 301, 302, 303, 307, 400, 401, 402, 403, 404, 405, 408, 409, 419, 429),
    *(500, 502, 503, 504, 507, 524),
)
SERVICES = ("dynamodb", "secretsmanager", "sqs", "sns")

_API = {
    **{f"api: status {status}": FaultKind(0.18, 0.06) for status in STATUSES},
    "api: 200 with a page": FaultKind(0.18, 0.06),
    "api: 200 with other JSON": FaultKind(0.18, 0.06),
    "api: reset before the effect": FaultKind(0.2, 0.06),
    "api: reset after the effect": FaultKind(0.25, 0.06),
    "api: answer cut short": FaultKind(0.2, 0.05),
    "api: too slow to wait for": FaultKind(0.2, 0.04),
    "api: slow": FaultKind(0.2, 0.2),
    "api: no connection": FaultKind(0.2, 0.06),
    "api: look-up in DNS hangs": FaultKind(0.18, 0.02),
    "api: outage of hours": FaultKind(0.3, 1.0),
    "api: outage of days": FaultKind(0.09, 1.0),
    "api: maintenance": FaultKind(0.2, 1.0),
    "api: throttle": FaultKind(0.25, 1.0),
    "api: many people refused": FaultKind(0.12, 1.0),
    "token: revoked": FaultKind(0.25, 1.0),
    "token: expires": FaultKind(0.4, 1.0),
    "token: secret is empty": FaultKind(0.18, 1.0),
    "token: rotated by hand": FaultKind(0.18, 1.0),
    "token: new one refused as well": FaultKind(0.18, 1.0),
}
_AWS = {
    **{f"{service}: throttled": FaultKind(0.18, 0.06) for service in SERVICES},
    **{f"{service}: fails": FaultKind(0.18, 0.06) for service in SERVICES},
    **{f"{service}: answer lost": FaultKind(0.18, 0.06) for service in SERVICES},
    **{f"{service}: outage": FaultKind(0.2, 1.0) for service in SERVICES},
    "aws: look-up in DNS hangs": FaultKind(0.2, 0.01),
    "dynamodb: keys left unread": FaultKind(0.2, 0.1),
    "secretsmanager: rotation fails": FaultKind(0.5, 0.5),
    "sqs: delivered twice": FaultKind(0.25, 0.05),
    "sqs: in-flight limit": FaultKind(0.18, 1.0),
    "sqs: part of a batch refused": FaultKind(0.3, 0.4),
    "sqs: redrive at the console": FaultKind(0.25, 1.0),
}
_LAMBDA = {
    "lambda: cut off": FaultKind(0.55, 0.002),
    "lambda: new environment": FaultKind(0.25, 0.1),
    "lambda: time-out": FaultKind(0.2, 0.004),
    "lambda: cannot start": FaultKind(0.2, 1.0),
    "lambda: delete lost": FaultKind(0.2, 0.05),
    "lambda: sending stopped for days": FaultKind(0.14, 1.0),
}
# Drawn from a second source of chance: seeds that found something before there were these kinds
# keep their histories.
TRIAGE = "sqs: replayed by the triage"
POISON = "lambda: a body ends the function"
REFUSES_ALL = "api: refuses everybody for hours"
SHORT_THROTTLE = "api: 429 with a short wait"
DROPPED = "api: connection dropped silently"
NO_ROUTE = "lambda: an environment cannot reach the API"
DRAWN_SEPARATELY = {
    TRIAGE: FaultKind(0.35, 1.0),
    POISON: FaultKind(0.15, 1.0),
    REFUSES_ALL: FaultKind(0.15, 1.0),
    SHORT_THROTTLE: FaultKind(0.15, 1.0),
    DROPPED: FaultKind(0.15, 0.04),
    NO_ROUTE: FaultKind(0.15, 0.4),
}
KINDS = _API | _AWS | _LAMBDA | DRAWN_SEPARATELY

# Of histories in which nothing goes wrong, so that a fault that the code makes itself is seen.
CALM_SHARE = 0.1
