"""JSON read strictly: what two readers could understand differently is refused.

RFC 8259 leaves open what a key means that comes twice in one object, and what NaN means. With two
addresses under one key, a guess could invite the wrong person.
"""

import json
import math
from typing import Any, NoReturn

from invites.errors import Code, RejectedError


class _AmbiguousError(ValueError):
    """The text is JSON whose meaning RFC 8259 leaves open."""


def parse(text: str | bytes, field: str) -> Any:  # noqa: ANN401 - JSON of any kind
    """Parse JSON.

    Args:
        text: The JSON text; bytes are read as UTF-8, -16 or -32, as the standard library does.
        field: The name of the text for the error: `body`, `Message`, `data_base64`.

    Raises:
        RejectedError: `malformed_body`, naming the field.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except RecursionError as error:
        raise RejectedError(Code.MALFORMED_BODY, field, "is nested too deeply") from error
    except _AmbiguousError as error:
        raise RejectedError(Code.MALFORMED_BODY, field, str(error)) from error
    except ValueError as error:  # also invalid UTF-8, and numbers longer than Python reads
        raise RejectedError(Code.MALFORMED_BODY, field, "is not JSON") from error


def parse_object(text: str | bytes, field: str) -> dict[str, Any]:
    """Parse JSON that must be an object; otherwise as `parse`."""
    return as_object(parse(text, field), field)


def as_object(value: object, field: str) -> dict[str, Any]:
    """The value, if it is a JSON object.

    Raises:
        RejectedError: `malformed_body`, naming the field.
    """
    if not isinstance(value, dict):
        raise RejectedError(Code.MALFORMED_BODY, field, "is not a JSON object")
    return value


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) < len(pairs):
        raise _AmbiguousError("holds the same key twice in one object")
    return keys


def _no_constant(name: str) -> NoReturn:
    raise _AmbiguousError(f"holds {name}, which JSON does not know")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _AmbiguousError("holds a number that is too large")
    return number
