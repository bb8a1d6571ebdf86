"""invites.sending.sender: nobody twice."""

from dataclasses import replace

import pytest

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN
from invites.errors import BrokenCallError, CallError, Code, UnreachableError
from invites.invite import Invite
from invites.outcome import Outcome, Reply, Verdict
from invites.sending.claim import Claim, ClaimState
from invites.sending.sender import WORK_SECONDS, Sender
from support.build import DEADLINE, NOW
from support.fakes import INVITED, FakeApi, FakeClaims, FakeTokens

INVITE = Invite("ada@example.test", ("Artist", "Editor"))
CREATED = Answer(201, {}, b'{"data": [{"email": "ada@example.test"}]}')
TAKEN = Answer(422, {}, b'{"errors": {"email": ["The email has already been taken."]}}')
OURS = Claim(ClaimState.OURS, "me", DEADLINE, INVITE.roles)


def send(api: FakeApi, claims: FakeClaims) -> Outcome:
    """Send the invite."""
    sender = Sender(
        api, FakeTokens(["7|t"]), claims, lambda: NOW, call_seconds=20.0, email_taken=EMAIL_TAKEN
    )
    return sender.send(INVITE, DEADLINE, DEADLINE)


@pytest.mark.parametrize(
    ("answer", "verdict", "roles"),
    [(CREATED, Verdict.INVITED, INVITE.roles), (TAKEN, Verdict.ALREADY_INVITED, ())],
)
def test_a_success(answer: Answer, verdict: Verdict, roles: tuple[str, ...]) -> None:
    """The claim is made before the call, and completed after it, with the roles that are known."""
    claims = FakeClaims()
    assert send(FakeApi(answer), claims).verdict is verdict
    assert claims.claimed == [(INVITE, DEADLINE)]
    assert (claims.completed, claims.released) == ([replace(INVITE, roles=roles)], [])


def test_a_success_with_an_absurd_header_is_a_success() -> None:
    """Whoever is invited is remembered, however long the API asks to wait."""
    claims = FakeClaims()
    headers = {"retry-after": "Mon, 20 Nov 9999999999 12:00:00 +0000"}
    assert send(FakeApi(replace(CREATED, headers=headers)), claims).verdict is Verdict.INVITED
    assert claims.completed == [INVITE]


def test_somebody_who_is_invited() -> None:
    """There is no call."""
    api, claims = FakeApi(), FakeClaims(replace(OURS, state=ClaimState.INVITED))
    assert send(api, claims) == Outcome(Verdict.ALREADY_INVITED)
    assert (api.calls, claims.completed, claims.released) == ([], [], [])


@pytest.mark.parametrize("roles", [("Artist",), ("Artist", "Editor", "Guest"), ("artist",)])
def test_other_roles(roles: tuple[str, ...]) -> None:
    """A later event with other roles changes nothing, as the API documents no way to; it is told.

    So who signs up by themselves, with the default role, pins it against the event of HR.
    """
    api, claims = FakeApi(), FakeClaims(Claim(ClaimState.INVITED, "other", 0.0, roles))
    outcome = send(api, claims)
    assert (outcome.verdict, outcome.roles_differ) == (Verdict.ALREADY_INVITED, True)
    assert "not changed" in outcome.detail
    assert (api.calls, claims.completed, claims.released) == ([], [], [])


@pytest.mark.parametrize("roles", [("Editor", "Artist"), ()])
def test_roles_that_do_not_differ(roles: tuple[str, ...]) -> None:
    """Another order is no difference, and of roles that nobody knows none is told."""
    claims = FakeClaims(Claim(ClaimState.INVITED, "other", 0.0, roles))
    outcome = send(FakeApi(), claims)
    assert (outcome.roles_differ, outcome.detail) == (False, "")


def test_roles_of_somebody_whom_only_the_api_knows() -> None:
    """It does not say which they have: after a replay with `again`, and after RememberDays.

    The row that is written then has no roles, so that no later event differs from it either.
    """
    claims = FakeClaims()
    assert not send(FakeApi(TAKEN), claims).roles_differ
    (written,) = claims.completed
    later = FakeClaims(Claim(ClaimState.INVITED, "me", 0.0, written.roles))
    assert not send(FakeApi(), later).roles_differ


def test_roles_of_somebody_who_is_invited_anew() -> None:
    """A replay with `again` has the row forgotten: the call is made, with the roles of now."""
    api, claims = FakeApi(CREATED), FakeClaims()
    outcome = send(api, claims)
    assert (outcome.verdict, outcome.roles_differ) == (Verdict.INVITED, False)
    assert [one.roles for one in claims.completed] == [INVITE.roles]


@pytest.mark.parametrize(("left", "wait"), [(45.0, 46.0), (0.0, 1.0), (-5.0, 1.0)])
def test_somebody_elses_claim(left: float, wait: float) -> None:
    """There is no call: the message waits until the last second of the claim is over."""
    api = FakeApi()
    claims = FakeClaims(Claim(ClaimState.ELSEWHERE, "other", NOW + left, INVITE.roles))
    outcome = send(api, claims)
    assert (outcome.verdict, outcome.code) == (Verdict.RETRY, Code.IN_PROGRESS)
    assert (outcome.next_try.retry_after, api.calls, claims.released) == (wait, [], [])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(500, {}, b""), Code.SERVER_ERROR),
        (Answer(503, {}, b""), Code.UNAVAILABLE),
        (Answer(429, {}, b""), Code.THROTTLED),
        (Answer(403, {}, b""), Code.NOT_PERMITTED),
        (Answer(422, {}, b'{"message": "no"}'), Code.REFUSED_BY_API),
        (Answer(200, {}, b"<html>"), Code.WRONG_ENDPOINT),
        (UnreachableError("closed"), Code.UNREACHABLE),
    ],
)
def test_a_failure(answer: Answer | CallError, code: Code) -> None:
    """The claim is given up, so that the next try need not wait for its end."""
    claims = FakeClaims()
    assert send(FakeApi(answer), claims).code is code
    assert (claims.completed, claims.released) == ([], [(INVITE, OURS)])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (BrokenCallError("read timeout"), Code.INTERRUPTED),
        (Answer(504, {}, b""), Code.SERVER_ERROR),
    ],
)
def test_a_call_that_may_go_on(answer: Answer | CallError, code: Code) -> None:
    """The claim is kept, and the message waits for its end: it could overtake the first call."""
    claims = FakeClaims()
    outcome = send(FakeApi(answer), claims)
    assert (outcome.code, outcome.next_try.retry_after) == (code, DEADLINE - NOW)
    assert (claims.completed, claims.released) == ([], [])


def test_a_ledger_that_is_down() -> None:
    """Without a claim there is no call."""
    api = FakeApi()
    outcome = send(api, FakeClaims(None, "claim"))
    assert (outcome.verdict, outcome.code) == (Verdict.RETRY, Code.LEDGER_UNAVAILABLE)
    assert api.calls == []


def test_a_success_that_cannot_be_written() -> None:
    """It is final all the same, and the log says what failed."""
    claims = FakeClaims(None, "complete")
    outcome = send(FakeApi(CREATED), claims)
    said = "(the ledger cannot be written: Down)"
    assert outcome == replace(INVITED, detail=said, reply=Reply(201, answered_at=NOW))
    assert claims.released == []


def test_a_claim_that_cannot_be_given_up() -> None:
    """The outcome is the API's, and the claim ends by itself."""
    outcome = send(FakeApi(Answer(500, {}, b"")), FakeClaims(None, "release"))
    assert (outcome.code, outcome.reply.status) == (Code.SERVER_ERROR, 500)
    assert outcome.detail == "the API failed (the ledger cannot be written: Down)"


@pytest.mark.parametrize(
    ("late", "begin_by", "code"),
    [(DEADLINE - WORK_SECONDS + 1, DEADLINE, "out_of_time"), (NOW + 3, NOW + 2, "paced")],
)
def test_a_thread_that_was_held_up(late: float, begin_by: float, code: str) -> None:
    """It makes no call that could outlive its claim, or whose slot is over, and gives it up."""
    api, claims = FakeApi(), FakeClaims()
    sender = Sender(
        api,
        FakeTokens(["7|t"]),
        claims,
        lambda: late,
        call_seconds=20.0,
        email_taken=EMAIL_TAKEN,
    )
    assert sender.send(INVITE, DEADLINE, begin_by).code == code
    assert (api.calls, len(claims.released)) == ([], 1)


def test_a_token_that_took_long_to_renew() -> None:
    """The second call has the first one's slot only as long as one call may take."""
    moments = iter([NOW, NOW, NOW, NOW + 21.0, NOW + 21.0])
    api, claims = FakeApi(Answer(401, {}, b"")), FakeClaims()
    sender = Sender(
        api,
        FakeTokens(["old", "new"]),
        claims,
        lambda: next(moments),
        call_seconds=20.0,
        email_taken=EMAIL_TAKEN,
    )
    assert sender.send(INVITE, DEADLINE, NOW + 2).code == "paced"
    assert ([token for _, token in api.calls], len(claims.released)) == (["old"], 1)
