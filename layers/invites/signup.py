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


@dataclass(frozen=True, slots=True)
class Signup:
    """A person who signed up.

    Attributes:
        email: As the event has it, not yet checked.
        roles: SpaceMedia roles that the event asks for; empty if it asks for none.
        event_id: The producer's id of the event; None if it gives none.
    """

    email: str
    roles: tuple[str, ...]
    event_id: str | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do, on purpose: why, and the producer's id of the event."""

    code: Code
    detail: str
    event_id: str | None


def read_signup(event: Event) -> Signup | Ignored:
    """Read an unwrapped event.

    Raises:
        RejectedError: `unrecognised_event`, `missing_email`, or `malformed_body` for a field of
            the wrong type.
    """
    kind, data, event_id = _identify(event)
    if kind.startswith(FAMILY) and kind != CREATED:
        return Ignored(Code.NOT_A_SIGNUP, f"events of type {FAMILY}* invite if created", event_id)
    if kind != CREATED or data is None:
        raise RejectedError(Code.UNRECOGNISED_EVENT, "type", f"is not {CREATED}")
    return Signup(_email(data), _texts(data, "roles"), event_id)


def _identify(event: Event) -> tuple[str, dict[str, Any] | None, str | None]:
    """The event's type, data and id, from itself or the nearest envelope that has them."""
    content = event.content
    if is_cloud_event(content):
        canonical = content["type"] == CREATED
        return content["type"], cloud_event_data(content) if canonical else None, content["id"]
    event_id = next((one.id for one in reversed(event.envelopes) if one.id), None)
    kind = next((one.type for one in reversed(event.envelopes) if one.type), None)
    if kind is None and content.keys() <= FIELDS:
        kind = CREATED
    return kind or "", content, event_id


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
    return tuple(dict.fromkeys(value.strip() for value in values))
