"""The response: one function decides what an answer of the API means. The README has its table.

Below the table stand the headers: how long the API asks to wait, and how many calls it has left.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from invites.api.client import Answer
from invites.errors import CallError, Code, UnreachableError
from invites.outcome import NextTry, Outcome, Reply, Verdict
from invites.redaction import redact
from invites.rules.address import is_same_address

# Laravel's English text for an address that has a user already.
EMAIL_TAKEN = "The email has already been taken."

# Laravel's own status: the session of a web page has expired. The call hit a page, not the API.
PAGE_EXPIRED = 419

# Cloudflare's own status: the server behind it was too slow.
ORIGIN_TIMEOUT = 524

# Statuses that decide alone. For successes and 422 the body decides; any other 5xx is retried, and
# any other 4xx can never succeed.
BY_STATUS: dict[int, tuple[Verdict, Code, str]] = {
    HTTPStatus.REQUEST_TIMEOUT: (Verdict.RETRY, Code.SERVER_ERROR, "the API gave up waiting"),
    HTTPStatus.CONFLICT: (Verdict.RETRY, Code.SERVER_ERROR, "the API reports a conflict"),
    HTTPStatus.TOO_MANY_REQUESTS: (Verdict.RETRY, Code.THROTTLED, "the API is throttling"),
    HTTPStatus.PAYMENT_REQUIRED: (Verdict.RETRY, Code.NOT_PERMITTED, "a quota or payment blocks"),
    HTTPStatus.FORBIDDEN: (Verdict.RETRY, Code.NOT_PERMITTED, "a policy of the API denies it"),
    HTTPStatus.UNAUTHORIZED: (Verdict.PAUSE, Code.TOKEN_REFUSED, "the API refuses the token"),
    HTTPStatus.SERVICE_UNAVAILABLE: (Verdict.PAUSE, Code.UNAVAILABLE, "the API is down"),
    HTTPStatus.NOT_FOUND: (Verdict.PAUSE, Code.WRONG_ENDPOINT, "nothing is at this URL"),
    HTTPStatus.METHOD_NOT_ALLOWED: (Verdict.PAUSE, Code.WRONG_ENDPOINT, "this URL takes no POST"),
    PAGE_EXPIRED: (Verdict.PAUSE, Code.WRONG_ENDPOINT, "this URL is a web page's"),
}

# A proxy that gave up waiting does not know whether the API is still at work on the call.
_IN_DOUBT = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.GATEWAY_TIMEOUT,
    ORIGIN_TIMEOUT,
}

# Codes whose answers are quoted in the reason: their text is about the request. The text of a
# failure is about the API's inside and may quote anything.
_QUOTED = {Code.REFUSED_BY_API, Code.NOT_PERMITTED, Code.BAD_REQUEST}


def classify_response(
    answer: Answer | CallError,
    now: float,
    *,
    email_taken: str = EMAIL_TAKEN,
    secrets: Sequence[str] = (),
    invited: str | None = None,
) -> Outcome:
    """Classify an answer, or the lack of one.

    Args:
        answer: The API's answer, or the error of a call without a complete answer.
        now: When it came, epoch seconds; dates in the answer are read against it.
        email_taken: The API's text for "this address is taken", which may be a translation.
        secrets: Texts to mask where the answer is quoted.
        invited: The address that was sent, to compare with the address in a success; None to
            compare nothing.

    Returns:
        invited or already_invited; stop if the call can never succeed; retry if it may; pause if
        no call can succeed now.
    """
    if isinstance(answer, UnreachableError):
        return Outcome(Verdict.PAUSE, Code.UNREACHABLE, str(answer))
    if isinstance(answer, CallError):
        return Outcome(
            Verdict.RETRY, Code.INTERRUPTED, str(answer), next_try=NextTry(in_doubt=True)
        )
    content = _json_object(answer.body)
    verdict, code, meaning = _classify_answer(answer.status, content, email_taken)
    names_other = _names_other(verdict, content, invited)
    message = redact(" ".join(_texts(content or {})), secrets) if code in _QUOTED else ""
    reply = Reply(
        answer.status,
        message,
        remaining=header_number(answer.headers, "x-ratelimit-remaining"),
        limit=header_number(answer.headers, "x-ratelimit-limit"),
        answered_at=now,
        is_about_roles=_is_about_roles(content or {}),
        names_other=names_other,
    )
    next_try = NextTry(retry_after(answer.headers, now), in_doubt=answer.status in _IN_DOUBT)
    detail = "the API's answer names another person" if names_other else meaning
    return Outcome(verdict, code, detail, reply=reply, next_try=next_try)


def _classify_answer(
    status: int, content: dict[str, Any] | None, email_taken: str
) -> tuple[Verdict, Code | None, str]:
    if known := BY_STATUS.get(status):
        return known
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Verdict.RETRY, Code.SERVER_ERROR, "the API failed"
    match content:
        case {"data": [{"email": str()}]} if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Verdict.INVITED, None, ""
        case {"errors": {"email": [text], **others}} if (
            status == HTTPStatus.UNPROCESSABLE_ENTITY and text == email_taken and not others
        ):
            return Verdict.ALREADY_INVITED, None, ""
        case dict() if status >= HTTPStatus.BAD_REQUEST:
            return _classify_refusal(status)
    return Verdict.PAUSE, Code.WRONG_ENDPOINT, "this is not the documented answer"


def _classify_refusal(status: int) -> tuple[Verdict, Code, str]:
    if status == HTTPStatus.BAD_REQUEST:
        # The API documents it as "Bad request, invalid token state, or a business rule". It may go
        # away by itself.
        return Verdict.RETRY, Code.BAD_REQUEST, "the API calls it a bad request"
    return Verdict.STOP, Code.REFUSED_BY_API, "the API refuses"


def _is_about_roles(content: dict[str, Any]) -> bool:
    """Whether each error is about the roles: Laravel names them `roles`, or `roles.0`."""
    errors = content.get("errors")
    fields = errors.keys() if isinstance(errors, dict) else ()
    return bool(fields) and all(field.partition(".")[0] == "roles" for field in fields)


def _names_other(verdict: Verdict, content: dict[str, Any] | None, invited: str | None) -> bool:
    """Whether the user object of a success has another address than the one that was sent.

    This changes no verdict: in the vendor's own documentation of Invite user, the request invites
    one person and the answer shows another.
    """
    match verdict, content:
        case Verdict.INVITED, {"data": [{"email": str(email)}]} if invited is not None:
            return not is_same_address(email, invited)
    return False


def _texts(content: dict[str, Any]) -> list[str]:
    """The API's errors, each with its field; its message if it has no errors."""
    errors, message = content.get("errors"), content.get("message")
    if isinstance(errors, dict) and errors:
        return [f"{field}: {text}" for field, texts in errors.items() for text in _as_list(texts)]
    return [message] if isinstance(message, str) else []


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


# The shortest wait, for a throttle's window that is over by the API's clock but not yet by ours.
MIN_RETRY_AFTER = 1.0

# Epoch seconds have ten digits; a longer number is neither a time nor a count.
MAX_DIGITS = 10

# No throttle's window and no maintenance is longer. A longer wait is a mistake; a number that is
# further from now is not an epoch time.
MAX_RETRY_AFTER = 7 * 24 * 3600.0


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, by Retry-After (RFC 9110, 10.2.3) and X-RateLimit-Reset.

    X-RateLimit-Reset has no specification: Laravel sends epoch seconds, others seconds from now.

    Args:
        headers: The answer's headers, names in lower case.
        now: Epoch seconds.

    Returns:
        The longer of the two; None if neither is there and can be read.
    """
    waits = [
        _retry_after(headers.get("retry-after", ""), now),
        _reset(headers.get("x-ratelimit-reset", ""), now),
    ]
    known = [wait for wait in waits if wait is not None and abs(wait) <= MAX_RETRY_AFTER]
    return max(MIN_RETRY_AFTER, *known) if known else None


def header_number(headers: Mapping[str, str], name: str) -> int | None:
    """The whole number in a header such as X-RateLimit-Remaining; None if there is none."""
    number = _number(headers.get(name, ""))
    return None if number is None else int(number)


def _retry_after(value: str, now: float) -> float | None:
    seconds = _number(value)
    if seconds is not None:
        return seconds
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        # OverflowError is not documented: https://github.com/python/cpython/issues/153406.
        return None
    # An HTTP date is always GMT, even if Python does not recognise its zone.
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now


def _reset(value: str, now: float) -> float | None:
    number = _number(value)
    if number is not None and abs(number - now) <= MAX_RETRY_AFTER:
        return number - now
    return number


def _number(value: str) -> float | None:
    text = value.strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None
