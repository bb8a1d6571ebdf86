"""The kinds of faults: in how many histories each is on, and how often it then strikes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
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
    **{f"api: status {status}": Kind(0.18, 0.06) for status in STATUSES},
    "api: 200 with a page": Kind(0.18, 0.06),
    "api: 200 with other JSON": Kind(0.18, 0.06),
    "api: reset before the effect": Kind(0.2, 0.06),
    "api: reset after the effect": Kind(0.25, 0.06),
    "api: answer cut short": Kind(0.2, 0.05),
    "api: too slow to wait for": Kind(0.2, 0.04),
    "api: slow": Kind(0.2, 0.2),
    "api: no connection": Kind(0.2, 0.06),
    "api: look-up in DNS hangs": Kind(0.18, 0.02),
    "api: outage of hours": Kind(0.3, 1.0),
    "api: outage of days": Kind(0.09, 1.0),
    "api: maintenance": Kind(0.2, 1.0),
    "api: throttle": Kind(0.25, 1.0),
    "api: many people refused": Kind(0.12, 1.0),
    "token: revoked": Kind(0.25, 1.0),
    "token: expires": Kind(0.4, 1.0),
    "token: secret is empty": Kind(0.18, 1.0),
    "token: rotated by hand": Kind(0.18, 1.0),
    "token: new one refused as well": Kind(0.18, 1.0),
}
_AWS = {
    **{f"{one}: throttled": Kind(0.18, 0.06) for one in SERVICES},
    **{f"{one}: fails": Kind(0.18, 0.06) for one in SERVICES},
    **{f"{one}: answer lost": Kind(0.18, 0.06) for one in SERVICES},
    **{f"{one}: outage": Kind(0.2, 1.0) for one in SERVICES},
    "aws: look-up in DNS hangs": Kind(0.2, 0.01),
    "dynamodb: keys left unread": Kind(0.2, 0.1),
    "secretsmanager: rotation fails": Kind(0.5, 0.5),
    "sqs: delivered twice": Kind(0.25, 0.05),
    "sqs: in-flight limit": Kind(0.18, 1.0),
    "sqs: part of a batch refused": Kind(0.3, 0.4),
    "sqs: redrive at the console": Kind(0.25, 1.0),
}
_LAMBDA = {
    "lambda: cut off": Kind(0.55, 0.002),
    "lambda: new environment": Kind(0.25, 0.1),
    "lambda: time-out": Kind(0.2, 0.004),
    "lambda: cannot start": Kind(0.2, 1.0),
    "lambda: delete lost": Kind(0.2, 0.05),
    "lambda: sending stopped for days": Kind(0.14, 1.0),
}
# Drawn apart from the rest, so that seeds that found something before there was this are still the
# histories that they were.
TRIAGE = "sqs: replayed by the triage"
POISON = "lambda: a body ends the function"
REFUSES_ALL = "api: refuses everybody for hours"
SHORT_THROTTLE = "api: 429 with a short wait"
DROPPED = "api: connection dropped silently"
NO_ROUTE = "lambda: an environment cannot reach the API"
APART = {
    TRIAGE: Kind(0.35, 1.0),
    POISON: Kind(0.15, 1.0),
    REFUSES_ALL: Kind(0.15, 1.0),
    SHORT_THROTTLE: Kind(0.15, 1.0),
    DROPPED: Kind(0.15, 0.04),
    NO_ROUTE: Kind(0.15, 0.4),
}
KINDS = _API | _AWS | _LAMBDA | APART

# Of histories in which nothing goes wrong, so that a fault that the code makes itself is seen.
CALM_SHARE = 0.1
