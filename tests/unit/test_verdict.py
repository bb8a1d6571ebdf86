"""invites.api.response: each kind of answer, and what it means."""

import json

import pytest

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN, classify_response
from invites.errors import BrokenCallError, CallError, Code, UnreachableError
from invites.outcome import Verdict

USER = {"data": [{"email": "ada@example.test", "roles": [{"name": "Artist"}]}]}
TAKEN = {"message": EMAIL_TAKEN, "errors": {"email": [EMAIL_TAKEN]}}
ROLE = "The selected roles.0 is invalid."
ROLE_REFUSED = {"message": ROLE, "errors": {"roles.0": [ROLE]}}
TRANSLATED = "Die E-Mail-Adresse ist bereits vergeben."
BOTH = {
    "message": f"{EMAIL_TAKEN} (and 1 more error)",
    "errors": {"email": [EMAIL_TAKEN], "roles.0": [ROLE]},
}
FORMAT = {"errors": {"email": ["The email must be valid.", EMAIL_TAKEN]}}
SAID = {"success": False, "message": "No."}
NOW = 1_772_443_000.0
PAGE = "<html><body>Please log in</body></html>"

INVITED = (Verdict.INVITED, None)
ALREADY = (Verdict.ALREADY_INVITED, None)
REFUSED = (Verdict.STOP, Code.REFUSED_BY_API)
FAILED = (Verdict.RETRY, Code.SERVER_ERROR)
NOT_PERMITTED = (Verdict.RETRY, Code.NOT_PERMITTED)
BAD = (Verdict.RETRY, Code.BAD_REQUEST)
WRONG = (Verdict.PAUSE, Code.WRONG_ENDPOINT)


def answer(status: int, body: object = None) -> Answer:
    """An answer with JSON, or with a page if the body is text, or with nothing."""
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    return Answer(status, {}, text.encode())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(200, USER), INVITED),
        (answer(201, USER), INVITED),
        (answer(202, USER), INVITED),
        (answer(200, PAGE), WRONG),
        (answer(200), WRONG),
        (answer(200, {"data": {"email": "ada@example.test"}}), WRONG),
        (answer(200, {"data": []}), WRONG),
        (answer(200, {"data": USER["data"] * 2}), WRONG),
        (answer(200, {"data": [{"name": "Ada"}]}), WRONG),
        (answer(200, USER["data"]), WRONG),
        (answer(200, TAKEN), WRONG),
        (answer(200, SAID), WRONG),
        (answer(201, json.dumps(USER)[:-9]), WRONG),
        (answer(201, "[" * 30_000), WRONG),
        (answer(204), WRONG),
        (answer(301, PAGE), WRONG),
        (answer(302, USER), WRONG),
        (answer(303, SAID), WRONG),
        (answer(304), WRONG),
        (answer(307), WRONG),
        (answer(308), WRONG),
        (answer(400, SAID), BAD),
        (answer(400, PAGE), WRONG),
        (answer(401, {"message": "Unauthenticated."}), (Verdict.PAUSE, Code.TOKEN_REFUSED)),
        (answer(401), (Verdict.PAUSE, Code.TOKEN_REFUSED)),
        (answer(402, SAID), NOT_PERMITTED),
        (answer(403, SAID), NOT_PERMITTED),
        (answer(403, PAGE), NOT_PERMITTED),
        (answer(404, SAID), WRONG),
        (answer(404, PAGE), WRONG),
        (answer(405, SAID), WRONG),
        (answer(408), FAILED),
        (answer(409, SAID), FAILED),
        (answer(418, SAID), REFUSED),
        (answer(418, PAGE), WRONG),
        (answer(419, {"message": "CSRF token mismatch."}), WRONG),
        (answer(422, TAKEN), ALREADY),
        (answer(422, {"success": False, **TAKEN}), ALREADY),
        (answer(422, BOTH), REFUSED),
        (answer(422, ROLE_REFUSED), REFUSED),
        (answer(422, {"errors": {"email": [TRANSLATED]}}), REFUSED),
        (answer(422, FORMAT), REFUSED),
        (answer(422, {"message": EMAIL_TAKEN}), REFUSED),
        (answer(422, {"errors": {"email": EMAIL_TAKEN}}), REFUSED),
        (answer(422, PAGE), WRONG),
        (answer(400, TAKEN), BAD),
        (answer(429, {"message": "Too Many Attempts."}), (Verdict.RETRY, Code.THROTTLED)),
        (answer(500, {"message": "Server Error"}), FAILED),
        (answer(500, USER), FAILED),
        (answer(502, PAGE), FAILED),
        (answer(503, {"message": "Service Unavailable"}), (Verdict.PAUSE, Code.UNAVAILABLE)),
        (answer(503, PAGE), (Verdict.PAUSE, Code.UNAVAILABLE)),
        (answer(504), FAILED),
        (answer(599, PAGE), FAILED),
        (BrokenCallError("reset"), (Verdict.RETRY, Code.INTERRUPTED)),
        (CallError("of a kind to come"), (Verdict.RETRY, Code.INTERRUPTED)),
        (UnreachableError("closed"), (Verdict.PAUSE, Code.UNREACHABLE)),
    ],
)
def test_the_table(given: Answer | CallError, expected: tuple[Verdict, Code | None]) -> None:
    """Each answer has its verdict, its reason and its status."""
    outcome = classify_response(given, NOW)
    assert (outcome.verdict, outcome.code) == expected
    assert outcome.reply.status == (given.status if isinstance(given, Answer) else None)
