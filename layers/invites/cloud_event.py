"""CloudEvents 1.0 in structured JSON: what is one, and what are its data."""

import base64
import binascii
from typing import Any

from invites.errors import Code, RejectedError
from invites.strict_json import parse_object


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
            # CloudEvents 1.0, JSON format, 3.1.1: one or the other. Of two, which is meant?
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
