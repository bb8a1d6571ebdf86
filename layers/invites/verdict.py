"""One function decides what an answer of the API means. Its table is in the README."""

import json
from http import HTTPStatus
from typing import Any

from invites.api import Answer
from invites.errors import CallError, Code, UnreachableError
from invites.outcome import Outcome, Verdict
from invites.redaction import redact

# Laravel's text for an address that has a user already, where the API speaks English.
EMAIL_TAKEN = "The email has already been taken."

# Laravel's own: the session of a web page has expired. So the call hit a page, not the API.
PAGE_EXPIRED = 419

# What a status says of itself. Not here: successes and 422 (the body decides), other 5xx (try
# again), other 4xx (can never succeed).
_BY_STATUS: dict[int, tuple[Verdict, Code, str]] = {
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


def judge(answer: Answer | CallError, email_taken: str = EMAIL_TAKEN) -> Outcome:
    """Judge an answer, or the lack of one.

    Args:
        answer: What came of the call.
        email_taken: The API's text for "this address is taken", as it may be translated.

    Returns:
        invited or already_invited; stop if the call can never succeed; retry if it may; pause
        if no call can succeed now.
    """
    if isinstance(answer, UnreachableError):
        return Outcome(Verdict.PAUSE, Code.UNREACHABLE, str(answer))
    if isinstance(answer, CallError):
        return Outcome(Verdict.RETRY, Code.INTERRUPTED, str(answer))
    return _judge_answer(answer, _json_object(answer.body), email_taken)


def _judge_answer(answer: Answer, content: dict[str, Any] | None, email_taken: str) -> Outcome:
    if known := _BY_STATUS.get(answer.status):
        return _outcome(*known, answer, content)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", answer, content)
    match content:
        case {"data": [{"email": str()}]} if _is_success(answer.status):
            return Outcome(Verdict.INVITED, status=answer.status)
        case {"errors": {"email": [text], **others}} if (
            answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and text == email_taken and not others
        ):
            return Outcome(Verdict.ALREADY_INVITED, status=answer.status)
        case dict() if answer.status >= HTTPStatus.BAD_REQUEST:
            return _outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", answer, content)
    wrong = "this is not the documented answer"
    return _outcome(Verdict.PAUSE, Code.WRONG_ENDPOINT, wrong, answer, content)


def _is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _outcome(
    verdict: Verdict, code: Code, meaning: str, answer: Answer, content: dict[str, Any] | None
) -> Outcome:
    said = redact(" ".join(_texts(content or {})))
    return Outcome(verdict, code, f"{meaning}: {said}" if said else meaning, answer.status)


def _texts(content: dict[str, Any]) -> list[str]:
    """The API's errors, each with its field, or else its message: both envelopes have both."""
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
