"""invites.sending.sender: the token, the call, the verdict."""

from dataclasses import replace

import pytest

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN
from invites.errors import (
    BrokenCallError,
    CallError,
    Code,
    TokenError,
    TokenUnavailableError,
    UnreachableError,
)
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from invites.sending.sender import Sender
from support.build import DEADLINE, NOW
from support.fakes import INVITED, FakeApi, FakeClaims, FakeTokens

INVITE = Invite("ada@example.test", ("Artist",))
CREATED = Answer(201, {}, b'{"data": [{"email": "ada@example.test"}]}')
DONE = replace(INVITED, reply=replace(INVITED.reply, answered_at=NOW))
UNAUTHENTICATED = Answer(401, {}, b'{"message": "Unauthenticated."}')


def send(
    api: FakeApi,
    tokens: FakeTokens | None = None,
    claims: FakeClaims | None = None,
    taken: str = EMAIL_TAKEN,
) -> Outcome:
    """Send the invite, with parts that a test may look at afterwards."""
    sender = Sender(
        api,
        tokens or FakeTokens(["old"]),
        claims or FakeClaims(),
        lambda: NOW,
        call_seconds=20.0,
        email_taken=taken,
    )
    return sender.send(INVITE, DEADLINE, DEADLINE)


def test_one_call() -> None:
    """An invite is one call with the current token."""
    api, tokens = FakeApi(CREATED), FakeTokens(["old"])
    assert send(api, tokens) == DONE
    assert (api.calls, tokens.refused) == ([(INVITE, "old")], [])


def test_a_rotated_token() -> None:
    """A refused token is renewed, and the call made once more with the new one."""
    api, claims = FakeApi(UNAUTHENTICATED, CREATED), FakeClaims()
    tokens = FakeTokens(["old", "new"])
    assert send(api, tokens, claims) == DONE
    assert [token for _, token in api.calls] == ["old", "new"]
    assert tokens.refused == ["old"]
    assert (len(claims.claimed), claims.released) == (1, [])


def test_a_token_that_stays_refused() -> None:
    """After the second refusal there is no third call."""
    api = FakeApi(UNAUTHENTICATED, UNAUTHENTICATED)
    outcome = send(api, FakeTokens(["old", "new"]))
    assert (outcome.verdict, outcome.code) == (Verdict.PAUSE, Code.TOKEN_REFUSED)
    assert len(api.calls) == 2


def test_a_token_that_is_still_the_same() -> None:
    """A token that was refused is not tried again: the answer is known."""
    api = FakeApi(UNAUTHENTICATED)
    outcome = send(api, FakeTokens(["old", "old"]))
    assert (outcome.verdict, outcome.code) == (Verdict.PAUSE, Code.TOKEN_REFUSED)
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("error", "verdict", "code"),
    [
        (TokenError("secret s is empty"), Verdict.PAUSE, Code.TOKEN_UNUSABLE),
        (TokenUnavailableError("secret s: Down"), Verdict.RETRY, Code.TOKEN_UNAVAILABLE),
    ],
)
def test_no_token(error: TokenError, verdict: Verdict, code: Code) -> None:
    """Without a token there is never a call, and nobody is claimed for one."""
    api, claims = FakeApi(), FakeClaims()
    assert send(api, FakeTokens([error]), claims) == Outcome(verdict, code, str(error))
    assert (api.calls, claims.claimed) == ([], [])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TokenError("secret s is empty"), Code.TOKEN_UNUSABLE),
        (TokenUnavailableError("secret s: Down"), Code.TOKEN_UNAVAILABLE),
    ],
)
def test_no_token_after_a_refusal(error: TokenError, code: Code) -> None:
    """If there is no other token, the call is not made again, and the person is free again."""
    api, claims = FakeApi(UNAUTHENTICATED), FakeClaims()
    assert send(api, FakeTokens(["old", error]), claims).code is code
    assert (len(api.calls), len(claims.released)) == (1, 1)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnreachableError("closed"), Code.UNREACHABLE),
        (BrokenCallError("reset"), Code.INTERRUPTED),
    ],
)
def test_no_complete_answer(error: CallError, code: Code) -> None:
    """A call without an answer becomes an outcome, and is not repeated here."""
    api = FakeApi(error)
    assert send(api).code is code
    assert len(api.calls) == 1


def test_the_text_of_a_taken_address() -> None:
    """The sender's own text for a taken address is what decides."""
    taken = Answer(422, {}, b'{"errors": {"email": ["vergeben"]}}')
    assert send(FakeApi(taken), taken="vergeben").verdict is Verdict.ALREADY_INVITED
    assert send(FakeApi(taken)).verdict is Verdict.STOP


def test_dates_in_the_answer() -> None:
    """They are read against the sender's own clock."""
    answer = Answer(429, {"x-ratelimit-reset": str(int(NOW) + 40)}, b"{}")
    assert send(FakeApi(answer)).next_try.retry_after == 40.0


def test_a_fault_of_our_own() -> None:
    """An error that nobody foresaw is a retry, without its text; the claim ends by itself."""
    claims = FakeClaims()
    outcome = send(FakeApi(ValueError("ada@example.test")), claims=claims)
    assert (outcome.verdict, outcome.code) == (Verdict.RETRY, Code.INTERNAL_ERROR)
    assert outcome.detail.startswith("ValueError at fakes.py:")
    assert claims.completed == []


def test_what_is_told_of_a_refusal() -> None:
    """Neither the address nor the token is repeated, though the API may quote them."""
    said = b'{"message": "old may not invite (Ada, 1) or ada@example.test"}'
    outcome = send(FakeApi(Answer(403, {}, said)), FakeTokens(["old"]))
    assert outcome.detail == "a policy of the API denies it"
    assert outcome.reply.message == "*** may not invite *** 1) or ***"


def test_an_answer_about_somebody_else() -> None:
    """The person counts as invited, with their claim completed; it is told without an address."""
    claims = FakeClaims()
    other = Answer(201, {}, b'{"data": [{"email": "maya.chen@example.test"}]}')
    outcome = send(FakeApi(other), claims=claims)
    assert outcome == replace(
        DONE,
        reply=replace(DONE.reply, names_other=True),
        detail="the API's answer names another person",
    )
    assert (claims.completed, claims.released) == ([INVITE], [])
