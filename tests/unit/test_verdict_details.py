"""invites.api.response: what is told of an answer besides its verdict."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN, classify_response
from invites.errors import BrokenCallError, CallError, UnreachableError
from invites.outcome import Outcome, Verdict

TAKEN = {"message": EMAIL_TAKEN, "errors": {"email": [EMAIL_TAKEN]}}
ROLE = "The selected roles.0 is invalid."
ROLE_REFUSED = {"message": ROLE, "errors": {"roles.0": [ROLE]}}
TRANSLATED = "Die E-Mail-Adresse ist bereits vergeben."
SAID = {"success": False, "message": "No."}
NOW = 1_772_443_000.0
PAGE = "<html><body>Please log in</body></html>"


def told(outcome: Outcome) -> str:
    """What the ledger says: our words, and the API's."""
    return ": ".join(filter(None, (outcome.detail, outcome.reply.message)))


def answer(status: int, body: object, **headers: str) -> Answer:
    """An answer with JSON, or with a page if the body is text."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, text.encode())


def test_a_translated_text() -> None:
    """The text for a taken address can be the API's own; Laravel's then means nothing."""
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
def test_the_detail(given: Answer | CallError, detail: str) -> None:
    """The operator reads what the API said in JSON, without addresses; never a page."""
    assert told(classify_response(given, NOW)) == detail


def test_an_answer_nested_as_deeply_as_can_be_read() -> None:
    """No depth of an error's text crashes the judgement."""
    for depth in range(900, 1000):
        body = '{"errors": {"email": ' + "[" * depth + "]" * depth + "}}"
        assert classify_response(answer(422, body), NOW).verdict in (Verdict.STOP, Verdict.PAUSE)


def test_secrets() -> None:
    """What may not be told is masked also where the API quotes it in another form."""
    quoted = answer(422, {"message": "user Ada.Lovelace (token 7abc) is unknown"})
    outcome = classify_response(quoted, NOW, secrets=("ada.lovelace", "7abc"))
    assert told(outcome) == "the API refuses: user *** (token *** is unknown"


@pytest.mark.parametrize("status", [200, 201, 422, 429, 500, 503])
def test_what_the_headers_say(status: int) -> None:
    """The wait that is asked for, and the state of the throttle, are told of every answer."""
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


def test_what_may_go_on() -> None:
    """Of a call that was sent and has no answer it is not known whether it is over."""
    assert classify_response(BrokenCallError("reset"), NOW).next_try.in_doubt
    assert not classify_response(UnreachableError("closed"), NOW).next_try.in_doubt


@pytest.mark.parametrize(
    ("status", "may_run_on"),
    [(408, True), (502, True), (504, True), (409, False), (429, False), (500, False), (503, False)],
)
def test_who_gave_up_waiting(status: int, may_run_on: bool) -> None:
    """Nor of one of which a server in between says that it did not wait; the API's word ends it."""
    assert classify_response(answer(status, SAID), NOW).next_try.in_doubt is may_run_on


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
def test_an_answer_about_the_person_who_was_invited(email: str) -> None:
    """In whatever spelling of their address: there is nothing to tell."""
    given = answer(201, {"data": [{"email": email}]})
    assert not classify_response(given, NOW, invited="new.artist@example.test").reply.names_other


@pytest.mark.parametrize("content", [OF_THE_DOCUMENTATION, {"data": [{"email": ""}]}])
def test_an_answer_about_somebody_else(content: object) -> None:
    """It is the documented success all the same, and says of itself that it names another."""
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
def test_only_a_success_names_anybody(given: Answer) -> None:
    """Whatever else an answer holds, it is not about a person who is invited."""
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
    """An answer that cannot be judged would leave the claim of somebody who is invited open."""
    outcome = classify_response(Answer(status, headers, body), NOW)
    assert (outcome.reply.status, outcome.reply.answered_at) == (status, NOW)
    assert outcome.verdict is not Verdict.INVITED or 200 <= status < 300
