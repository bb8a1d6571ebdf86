"""What a signup is: the canonical event, read and checked.

The canonical event is a CloudEvent of type `uk.spacemedia.signup.created`; its data is described
by events/signup.schema.json. A producer that puts on EventBridge may use that type as the
detail-type and the data as the detail; one that sends to the topic or queue may send the data
alone, if it has no other fields than the schema's.
"""

from dataclasses import dataclass
from typing import Any

from invites.envelope import Event, cloud_event_data, is_cloud_event
from invites.errors import Code, RejectedError

FAMILY = "uk.spacemedia.signup."
CREATED = FAMILY + "created"

# The fields of the canonical data. An object of which every key is one of these, with no type
# beside it that says otherwise, is the data alone.
FIELDS = frozenset({"email", "roles", "name", "department", "title", "employee_type", "groups"})


# More than any organisation has roles, and longer than any of their names: what is beyond cannot be
# kept with the claim, and would look like a failure of the ledger.
MOST_ROLES = 50
LONGEST_ROLE = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """Who announces the event, and by which id; None where it does not say."""

    event_id: str | None = None
    source: str | None = None


NOBODY = Origin()


@dataclass(frozen=True, slots=True)
class Signup:
    """A person who signed up.

    Attributes:
        email: As the event has it, not yet checked.
        roles: SpaceMedia roles that the event asks for; empty if it asks for none.
    """

    email: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do, on purpose, and why."""

    code: Code
    detail: str


def origin_of(event: Event) -> Origin:
    """The event's own id and source, or the nearest envelope's."""
    if is_cloud_event(event.content):
        return Origin(event.content["id"], event.content["source"])
    nearest = list(reversed(event.envelopes))
    return Origin(
        next((one.id for one in nearest if one.id), None),
        next((one.source for one in nearest if one.source), None),
    )


def read_signup(event: Event) -> Signup | Ignored:
    """Read an unwrapped event.

    Raises:
        RejectedError: `unrecognised_event`, `missing_email`, or `malformed_body` for a field of
            the wrong type.
    """
    kind = _kind(event)
    if kind != CREATED and kind.startswith(FAMILY):
        return Ignored(Code.NOT_A_SIGNUP, f"of the events {FAMILY}* only created invites")
    if kind != CREATED:
        raise RejectedError(Code.UNRECOGNISED_EVENT, "type", f"is not {CREATED}")
    data = _data(event)
    return Signup(_email(data), _texts(data, "roles"))


def _kind(event: Event) -> str:
    """The event's own type, or that of the nearest envelope that has one."""
    own = event.content.get("type")
    if isinstance(own, str) and (own.startswith(FAMILY) or is_cloud_event(event.content)):
        return own
    kind = next((one.type for one in reversed(event.envelopes) if one.type), "")
    return CREATED if not kind and event.content.keys() <= FIELDS else kind


def _data(event: Event) -> dict[str, Any]:
    """The data: of the CloudEvent, or what stands without one in an envelope or alone."""
    content = event.content
    if content.get("type") != CREATED:
        return content
    for attribute in ("specversion", "source", "id"):
        if not isinstance(content.get(attribute), str):
            raise RejectedError(Code.MALFORMED_BODY, attribute, "is missing, or not text")
    data = cloud_event_data(content)
    if data is None:
        raise RejectedError(Code.MALFORMED_BODY, "data", "is missing")
    return data


def _email(data: dict[str, Any]) -> str:
    match data.get("email"):
        case None:
            raise RejectedError(Code.MISSING_EMAIL, "data.email", "is missing")
        case str() as email if not email.strip():
            raise RejectedError(Code.MISSING_EMAIL, "data.email", "is empty")
        case str() as email:
            return email
        case _:
            raise RejectedError(Code.INVALID_EMAIL, "data.email", "is not text")


def _texts(data: dict[str, Any], key: str) -> tuple[str, ...]:
    values = data.get(key)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise RejectedError(Code.MALFORMED_BODY, f"data.{key}", "is not a list of names")
    if len(values) > MOST_ROLES or any(not _is_name(value) for value in values):
        raise RejectedError(Code.MALFORMED_BODY, f"data.{key}", "has more or longer names than fit")
    return tuple(dict.fromkeys(value.strip() for value in values))


def _is_name(value: str) -> bool:
    """Whether it is short enough, and text that can be written down: no half characters."""
    return len(value) <= LONGEST_ROLE and not any("\ud800" <= one <= "\udfff" for one in value)
