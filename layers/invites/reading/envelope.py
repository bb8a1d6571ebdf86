"""Envelopes: what SNS, SQS, EventBridge and CloudEvents wrap around an event, taken off one by one.

CloudEvents are read in version 1.0, in structured JSON.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from invites.errors import Code, RejectedError
from invites.reading.splitting import SplitEvents, as_events, split_list
from invites.reading.strict_json import as_object, parse, parse_object
from invites.signup import Origin


def is_cloud_event(content: dict[str, Any]) -> bool:
    """Whether the object has the four attributes that CloudEvents 1.0 requires."""
    return all(isinstance(content.get(key), str) for key in ("specversion", "type", "source", "id"))


def cloud_event_data(content: dict[str, Any]) -> dict[str, Any] | None:
    """The data of a CloudEvent: an object, or JSON as text or in base64; None if there is none.

    Raises:
        RejectedError: `malformed_body`, naming `data` or `data_base64`.
    """
    if (encoded := content.get("data_base64")) is not None:
        if content.get("data") is not None:
            # CloudEvents 1.0, JSON format, 3.1.1: only one may be there. Either could be meant.
            raise RejectedError(Code.MALFORMED_BODY, "data_base64", "stands beside data")
        return parse_object(_decode_base64(encoded), "data_base64")
    match content.get("data"):
        case None:
            return None
        case dict() as data:
            return data
        case str() as text:
            return parse_object(text, "data")
        case _:
            raise RejectedError(Code.MALFORMED_BODY, "data", "is not a JSON object")


def _decode_base64(value: object) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else b"!", validate=True)
    except (binascii.Error, ValueError) as error:
        raise RejectedError(Code.MALFORMED_BODY, "data_base64", "is not base64") from error


# The longest chain that producers are known to build has 3 (CloudEvent in EventBridge in SNS).
# Beyond 8 a message is made to be slow.
MAX_ENVELOPES = 8

# RFC 7515: three parts in base64url; the first is a JSON object, which begins with {" as eyJ.
_JWT = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope; `kind` is sns, sqs, eventbridge or cloudevents."""

    kind: str
    id: str | None
    type: str | None = None
    source: str | None = None


@dataclass(frozen=True)
class Event:
    """The innermost event, and the envelopes that it came in, outermost first."""

    content: dict[str, Any]
    envelopes: tuple[Envelope, ...] = ()

    @cached_property
    def is_cloud_event(self) -> bool:
        """Whether it is a CloudEvent itself."""
        return is_cloud_event(self.content)

    @cached_property
    def nearest(self) -> dict[str, str | None]:
        """The `id`, `type` and `source` of the envelopes, each by the innermost that has it."""
        envelopes = self.envelopes[::-1]
        return {
            "id": next((envelope.id for envelope in envelopes if envelope.id), None),
            "type": next((envelope.type for envelope in envelopes if envelope.type), None),
            "source": next((envelope.source for envelope in envelopes if envelope.source), None),
        }

    @cached_property
    def document(self) -> dict[str, Any]:
        """What expressions are evaluated on: the content, and `nearest` under `envelope`."""
        return {**self.content, "envelope": self.nearest}

    @cached_property
    def origin(self) -> Origin:
        """The origin while the system is unknown: a CloudEvent's own, or the nearest envelope's."""
        if self.is_cloud_event:
            return Origin(self.content["id"], self.content["source"])
        return Origin(self.nearest["id"], self.nearest["source"])


def unwrap(body: str) -> Event | SplitEvents:
    """Parse a message body and take off its envelopes.

    A list is many events, as in the JSON batch format of CloudEvents 1.0.

    Raises:
        RejectedError: `malformed_body`, with the field that is no JSON object; `needs_lookup` for
            a signed token.
    """
    inner, field = _parse(body, "body"), "body"
    envelopes: tuple[Envelope, ...] = ()
    while len(envelopes) <= MAX_ENVELOPES:
        if isinstance(inner, list):
            return split_list(as_events(inner, field), field)
        event = Event(as_object(inner, field), envelopes)
        peeled = _peel(event.content)
        if peeled is None:
            return event
        envelope, inner = peeled
        envelopes, field = (*envelopes, envelope), _FIELDS[envelope.kind]
    raise RejectedError(Code.MALFORMED_BODY, "body", f"has over {MAX_ENVELOPES} envelopes")


def _peel(content: dict[str, Any]) -> tuple[Envelope, Any] | None:
    for peel in _PEELERS:
        if peeled := peel(content):
            return peeled
    return None


def _peel_sns(content: dict[str, Any]) -> tuple[Envelope, Any] | None:
    message = content.get("Message")
    if content.get("Type") != "Notification" or "TopicArn" not in content:
        return None
    if not isinstance(message, str):
        raise RejectedError(Code.MALFORMED_BODY, "Message", "is not text")
    topic = _text(content["TopicArn"])
    return Envelope("sns", _text(content.get("MessageId")), source=topic), _parse(
        message, "Message"
    )


def _peel_sqs(content: dict[str, Any]) -> tuple[Envelope, Any] | None:
    body = content.get("body")
    if content.get("eventSource") != "aws:sqs" or "messageId" not in content:
        return None
    # A template of EventBridge Pipes can have parsed it.
    inner = _parse(body, "body") if isinstance(body, str) else body
    queue = _text(content.get("eventSourceARN"))
    return Envelope("sqs", _text(content["messageId"]), source=queue), inner


def _peel_eventbridge(content: dict[str, Any]) -> tuple[Envelope, dict[str, Any]] | None:
    detail = content.get("detail")
    if "detail-type" not in content or "source" not in content or not isinstance(detail, dict):
        return None
    kind = _text(content["detail-type"])
    source = _text(content["source"])
    return Envelope("eventbridge", _text(content.get("id")), kind, source), detail


def _peel_cloud_event(content: dict[str, Any]) -> tuple[Envelope, dict[str, Any]] | None:
    """A CloudEvent is an envelope only around another one; else it is the event itself."""
    if not is_cloud_event(content):
        return None
    try:
        data = cloud_event_data(content)
    except RejectedError:
        # Not an envelope. If the event is ours, reading it says what is wrong with the data.
        return None
    if data is None or not (is_cloud_event(data) or any(peel(data) for peel in _PEELERS[:3])):
        return None
    return Envelope("cloudevents", content["id"], content["type"], content["source"]), data


_PEELERS: tuple[Callable[[dict[str, Any]], tuple[Envelope, Any] | None], ...] = (
    _peel_sns,
    _peel_sqs,
    _peel_eventbridge,
    _peel_cloud_event,
)
# The field in which each kind of envelope holds its content.
_FIELDS = {"sns": "Message", "sqs": "body", "eventbridge": "detail", "cloudevents": "data"}


def _parse(text: str, field: str) -> Any:  # noqa: ANN401 - JSON of any kind
    """Parse JSON; a signed token is named as such, rather than as broken JSON.

    A security event token (RFC 8417) is a JWT, and only its receiver can check who signed it.
    """
    if _JWT.fullmatch(text.strip().strip('"')):
        raise RejectedError(
            Code.NEEDS_LOOKUP, field, "is a signed token (JWT), whose signature is not checked here"
        )
    return parse(text, field)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
