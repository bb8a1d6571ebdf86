"""invites.sending."""

import pytest

from invites.api import Answer
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
from invites.sending import Sender
from invites.verdict import EMAIL_TAKEN
from support.fakes import INVITED, FakeApi, FakeTokens

INVITE = Invite("ada@example.test", ("Artist",))
CREATED = Answer(201, {}, b'{"data": [{"email": "ada@example.test"}]}')
UNAUTHENTICATED = Answer(401, {}, b'{"message": "Unauthenticated."}')


def test_one_call() -> None:
    """An invite is one call with the current token."""
    api, tokens = FakeApi(CREATED), FakeTokens(["old"])
    assert Sender(api, tokens, EMAIL_TAKEN).send(INVITE) == INVITED
    assert (api.calls, tokens.refused) == ([(INVITE, "old")], [])


def test_a_rotated_token() -> None:
    """A refused token is renewed, and the call made once more with the new one."""
    api, tokens = FakeApi(UNAUTHENTICATED, CREATED), FakeTokens(["old", "new"])
    assert Sender(api, tokens, EMAIL_TAKEN).send(INVITE) == INVITED
    assert [token for _, token in api.calls] == ["old", "new"]
    assert tokens.refused == ["old"]


def test_a_token_that_stays_refused() -> None:
    """After the second refusal there is no third call."""
    api = FakeApi(UNAUTHENTICATED, UNAUTHENTICATED)
    outcome = Sender(api, FakeTokens(["old", "new"]), EMAIL_TAKEN).send(INVITE)
    assert (outcome.verdict, outcome.code) == (Verdict.PAUSE, Code.TOKEN_REFUSED)
    assert len(api.calls) == 2


@pytest.mark.parametrize(
    ("error", "verdict", "code"),
    [
        (TokenError("secret s is empty"), Verdict.PAUSE, Code.TOKEN_UNUSABLE),
        (TokenUnavailableError("secret s: Down"), Verdict.RETRY, Code.TOKEN_UNAVAILABLE),
    ],
)
def test_no_token(error: TokenError, verdict: Verdict, code: Code) -> None:
    """Without a token there is never a call."""
    api = FakeApi()
    outcome = Sender(api, FakeTokens([error]), EMAIL_TAKEN).send(INVITE)
    assert outcome == Outcome(verdict, code, str(error))
    assert api.calls == []


def test_no_token_after_a_refusal() -> None:
    """If there is no other token, the reason is told, and the call not made again."""
    api, tokens = FakeApi(UNAUTHENTICATED), FakeTokens(["old", TokenError("secret s is empty")])
    outcome = Sender(api, tokens, EMAIL_TAKEN).send(INVITE)
    assert outcome.code is Code.TOKEN_UNUSABLE
    assert len(api.calls) == 1


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
    assert Sender(api, FakeTokens(["old"]), EMAIL_TAKEN).send(INVITE).code is code
    assert len(api.calls) == 1


def test_the_text_of_a_taken_address() -> None:
    """The sender's own text for a taken address is what decides."""
    taken = Answer(422, {}, b'{"errors": {"email": ["vergeben"]}}')
    outcome = Sender(FakeApi(taken), FakeTokens(["old"]), "vergeben").send(INVITE)
    assert outcome.verdict is Verdict.ALREADY_INVITED
