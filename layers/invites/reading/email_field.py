"""The address in an event: which of the fields that may hold one counts."""

import re
from collections.abc import Sequence
from typing import Any

from invites.errors import Code, RejectedError
from invites.reading.event_shape import Fields
from invites.reading.expressions import Expression

# What systems write instead of an address that they do not show: CloudTrail's words, Auth0's
# asterisks, Cloudflare's words, and a hash (xxHash has 16 hexadecimal digits, SHA-256 has 64).
_MASKED = re.compile(
    r"\*\*|HIDDEN_DUE_TO_SECURITY_REASONS|\[email.protected\]|^[0-9a-f]{16,}$", re.IGNORECASE
)
# Microsoft Entra ID: the login of a guest looks like an address, and nobody receives mail there.
_GUEST = "#EXT#"


def find_address(fields: Fields, document: dict[str, Any]) -> tuple[str, str]:
    """Find the address of the person whom an event announces.

    Returns:
        The address, not yet checked, and the field that holds it.

    Raises:
        RejectedError: `missing_email` if all fields are empty; `needs_lookup` if there is a mask
            or a login, so that the system knows an address; `invalid_email` for a value that is
            not text.
    """
    hidden: list[RejectedError] = []
    for text, field in _texts(fields.email, document):
        if not _is_hidden(text):
            return text, field
        hidden.append(RejectedError(Code.NEEDS_LOOKUP, field, "is masked, and no address"))
    for text, field in _texts(fields.login, document):
        if "@" in text and not _is_hidden(text):
            return text, field
        hidden.append(RejectedError(Code.NEEDS_LOOKUP, field, "is a login, and no address"))
    if hidden:
        raise hidden[0]
    first = (*fields.email, *fields.login)[0]
    raise RejectedError(Code.MISSING_EMAIL, first.text, "is missing, or empty")


def _texts(expressions: Sequence[Expression], document: dict[str, Any]) -> list[tuple[str, str]]:
    found = [(expression.find(document), expression.text) for expression in expressions]
    texts = []
    for value, field in found:
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise RejectedError(Code.INVALID_EMAIL, field, "is not text")
        if value.strip():
            texts.append((value, field))
    return texts


def _is_hidden(text: str) -> bool:
    return _GUEST in text or _MASKED.search(text.strip()) is not None
