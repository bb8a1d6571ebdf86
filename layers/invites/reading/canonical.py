"""The canonical event: our own, for producers that are none of the known systems.

It is a CloudEvent of type `uk.spacemedia.signup.created`; events/signup.schema.json describes its
data. On EventBridge that type may be the detail-type, and the data the detail. To the topic or the
queue a producer may send the data alone, if it has no other fields than the schema's.
"""

from typing import Any

from invites.errors import Code, RejectedError
from invites.reading.announcement import Announcement
from invites.reading.envelope import Event, cloud_event_data
from invites.rules.role_name import clean
from invites.signup import CANONICAL, Facts, NotInvited, Origin, Signup

FAMILY = "uk.spacemedia.signup."
CREATED = FAMILY + "created"

# The fields of the data. An object without other keys, in no envelope that has a type, is taken for
# the data alone.
FIELDS = frozenset({"email", "roles", "name", "department", "title", "employee_type", "groups"})

# No organisation has more roles. A claim could not hold a longer list, and the ledger would seem to
# fail.
MAX_ROLES = 50


def announce_canonical(event: Event) -> Announcement | None:
    """What a canonical event announces; None if the event is not canonical.

    Reading it raises RejectedError: `missing_email`, `invalid_email` for an address that is not
    text, or `malformed_body` for a field of the wrong type.
    """
    kind = _kind(event)
    if not kind.startswith(FAMILY):
        return None
    pattern = kind if kind == CREATED else FAMILY + "*"
    origin = Origin(event.origin.event_id, event.origin.source, CANONICAL, kind, pattern)
    tenant = origin.source or ""
    if kind != CREATED:
        ignored = NotInvited(Code.NOT_A_SIGNUP, f"of the events {FAMILY}* only created invites")
        return Announcement(origin, tenant, lambda: ignored)
    return Announcement(origin, tenant, lambda: _signup(_data(event), tenant))


def _kind(event: Event) -> str:
    """The event's own type, or that of the nearest envelope that has one."""
    own = event.content.get("type")
    if isinstance(own, str) and (own.startswith(FAMILY) or event.is_cloud_event):
        return own
    kind = event.nearest["type"] or ""
    return CREATED if not kind and event.content.keys() <= FIELDS else kind


def _signup(data: dict[str, Any], tenant: str) -> Signup:
    email = _email(data)
    facts = Facts(
        CANONICAL,
        tenant,
        _text(data, "department"),
        _text(data, "title"),
        _text(data, "employee_type"),
        _texts(data, "groups"),
        _roles(data),
    )
    # Nothing uses the name, but by the schema it is text: a wrong type is reported all the same.
    _text(data, "name")
    return Signup(email, facts)


def _data(event: Event) -> dict[str, Any]:
    """The CloudEvent's data; without a CloudEvent the content itself is the data."""
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


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise RejectedError(Code.MALFORMED_BODY, f"data.{key}", "is not text")
    return value or ""


def _texts(data: dict[str, Any], key: str) -> tuple[str, ...]:
    values = data.get(key)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise RejectedError(Code.MALFORMED_BODY, f"data.{key}", "is not a list of texts")
    return tuple(values)


def _roles(data: dict[str, Any]) -> tuple[str, ...]:
    texts = _texts(data, "roles")
    names = [name for name in map(clean, texts) if name is not None]
    if len(names) < len(texts):
        problem = "holds a name that is empty, too long, or has invisible characters"
        raise RejectedError(Code.MALFORMED_BODY, "data.roles", problem)
    if len(names) > MAX_ROLES:
        raise RejectedError(Code.MALFORMED_BODY, "data.roles", "has more names than fit")
    return tuple(dict.fromkeys(names))
