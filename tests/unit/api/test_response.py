"""invites.api.response: the table of what each answer means, and what else an answer says."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN, classify_response
from invites.errors import BrokenCallError, CallError, Code, UnreachableError
from invites.outcome import Outcome, Verdict

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


def answer(status: int, body: object = None, **headers: str) -> Answer:
    """An answer with JSON, with a page if the body is text, or with nothing."""
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    return Answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, text.encode())


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
def test_each_answer_has_its_verdict_its_code_and_its_status(
    given: Answer | CallError, expected: tuple[Verdict, Code | None]
) -> None:
    outcome = classify_response(given, NOW)
    assert (outcome.verdict, outcome.code) == expected
    assert outcome.reply.status == (given.status if isinstance(given, Answer) else None)


def reason(outcome: Outcome) -> str:
    """The reason as the ledger has it: our words, and the API's."""
    return ": ".join(filter(None, (outcome.detail, outcome.reply.message)))


def test_the_text_for_a_taken_address_can_be_a_translation() -> None:
    """Laravel's own text then means nothing."""
    translated = answer(422, {"errors": {"email": [TRANSLATED]}})
    assert (
        classify_response(translated, NOW, email_taken=TRANSLATED).verdict
        is Verdict.ALREADY_INVITED
    )
    assert (
        classify_response(answer(422, TAKEN), NOW, email_taken=TRANSLATED).verdict is Verdict.STOP
    )


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        (answer(422, ROLE_REFUSED), f"the API refuses: roles.0: {ROLE}"),
        (answer(400, SAID), "the API calls it a bad request: No."),
        (answer(406, SAID), "the API refuses: No."),
        (answer(406, {"message": 7, "errors": ["x"]}), "the API refuses"),
        (answer(503, PAGE), "the API is down"),
        (answer(200, PAGE), "this is not the documented answer"),
        (
            answer(403, {"message": "bob@example.test is busy"}),
            "a policy of the API denies it: *** is busy",
        ),
        (answer(409, {"message": "SQLSTATE[23000]"}), "the API reports a conflict"),
        (answer(500, {"message": "SQLSTATE[HY000] at /var/www"}), "the API failed"),
        (UnreachableError("no connection: X"), "no connection: X"),
    ],
)
def test_the_reason_quotes_what_the_api_says_of_the_request_but_no_page_and_no_address(
    given: Answer | CallError, detail: str
) -> None:
    assert reason(classify_response(given, NOW)) == detail


def test_no_depth_of_nesting_is_an_error() -> None:
    for depth in range(900, 1000):
        body = '{"errors": {"email": ' + "[" * depth + "]" * depth + "}}"
        assert classify_response(answer(422, body), NOW).verdict in (Verdict.STOP, Verdict.PAUSE)


def test_secrets_are_masked_in_whatever_form_the_api_quotes_them() -> None:
    quoted = answer(422, {"message": "user Ada.Lovelace (token 7abc) is unknown"})
    outcome = classify_response(quoted, NOW, secrets=("ada.lovelace", "7abc"))
    assert reason(outcome) == "the API refuses: user *** (token *** is unknown"


@pytest.mark.parametrize("status", [200, 201, 422, 429, 500, 503])
def test_wait_and_counts_of_the_headers_are_read_from_every_answer(status: int) -> None:
    limits = {"x_ratelimit_limit": "60", "x_ratelimit_remaining": "0"}
    outcome = classify_response(answer(status, SAID, retry_after="7", **limits), NOW)
    assert (outcome.next_try.retry_after, outcome.reply.limit, outcome.reply.remaining) == (
        7.0,
        60,
        0,
    )
    silent = classify_response(answer(status, SAID), NOW)
    assert (silent.next_try.retry_after, silent.reply.limit, silent.reply.remaining) == (
        None,
        None,
        None,
    )


def test_a_call_that_was_sent_and_has_no_answer_is_in_doubt() -> None:
    assert classify_response(BrokenCallError("reset"), NOW).next_try.in_doubt
    assert not classify_response(UnreachableError("closed"), NOW).next_try.in_doubt


@pytest.mark.parametrize(
    ("status", "in_doubt"),
    [(408, True), (502, True), (504, True), (409, False), (429, False), (500, False), (503, False)],
)
def test_a_call_is_in_doubt_if_a_proxy_gave_up_waiting(status: int, in_doubt: bool) -> None:
    assert classify_response(answer(status, SAID), NOW).next_try.in_doubt is in_doubt


# The vendor's documentation of Invite user sends new.artist@example.test and shows this answer.
OF_THE_DOCUMENTATION = {
    "data": [
        {
            "email": "maya.chen@example.test",
            "name": "Maya Chen",
            "invitation_status": "accepted",
            "roles": [{"name": "Admin"}],
        }
    ]
}


@pytest.mark.parametrize("email", ["new.artist@example.test", "NEW.ARTIST@Example.TEST "])
def test_an_answer_about_the_invited_person_names_nobody_else(email: str) -> None:
    """In whatever spelling of the address."""
    given = answer(201, {"data": [{"email": email}]})
    assert not classify_response(given, NOW, invited="new.artist@example.test").reply.names_other


@pytest.mark.parametrize("content", [OF_THE_DOCUMENTATION, {"data": [{"email": ""}]}])
def test_an_answer_about_another_person_is_a_success_that_names_another(content: object) -> None:
    outcome = classify_response(answer(201, content), NOW, invited="new.artist@example.test")
    assert (outcome.verdict, outcome.code, outcome.reply.names_other) == (
        Verdict.INVITED,
        None,
        True,
    )
    assert "maya" not in repr(outcome)


@pytest.mark.parametrize(
    "given",
    [answer(422, TAKEN), answer(400, OF_THE_DOCUMENTATION), answer(200, PAGE), answer(500, SAID)],
)
def test_only_a_success_can_name_another_person(given: Answer) -> None:
    assert not classify_response(given, NOW, invited="new.artist@example.test").reply.names_other


NAMES = st.one_of(st.sampled_from(["data", "errors", "message", "email"]), st.text(max_size=5))
TEXTS = st.one_of(st.just(EMAIL_TAKEN), st.text(max_size=20))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
)
DATES = st.from_regex(r"1 Mar [0-9]{1,25} 12:00 [+-][0-9]{1,25}", fullmatch=True)
HEADERS = st.sampled_from(
    ["retry-after", "x-ratelimit-reset", "x-ratelimit-remaining", "x-ratelimit-limit"]
)


@settings(max_examples=500, deadline=None)
@given(
    st.integers(100, 999),
    st.dictionaries(HEADERS, st.one_of(st.text(max_size=30), DATES)),
    st.one_of(st.binary(max_size=50), JSON.map(lambda value: json.dumps(value).encode())),
)
def test_every_answer_has_a_verdict(status: int, headers: dict[str, str], body: bytes) -> None:
    """An answer without one would leave open the claim of a person who is invited."""
    outcome = classify_response(Answer(status, headers, body), NOW)
    assert (outcome.reply.status, outcome.reply.answered_at) == (status, NOW)
    assert outcome.verdict is not Verdict.INVITED or 200 <= status < 300
