"""invites.sending.sender: token, claim, call, and the claim's end."""

from collections.abc import Callable
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
from invites.outcome import Outcome, Reply, Verdict
from invites.sending.claim import Claim, ClaimState
from invites.sending.sender import WORK_SECONDS, Sender
from support.build import DEADLINE, NOW
from support.fakes import INVITED, FakeApi, FakeClaims, FakeTokens

INVITE = Invite("ada@example.test", ("Artist", "Editor"))
CREATED = Answer(201, {}, b'{"data": [{"email": "ada@example.test"}]}')
DONE = replace(INVITED, reply=replace(INVITED.reply, answered_at=NOW))
UNAUTHENTICATED = Answer(401, {}, b'{"message": "Unauthenticated."}')


def send(
    api: FakeApi,
    claims: FakeClaims | None = None,
    tokens: FakeTokens | None = None,
    *,
    taken: str = EMAIL_TAKEN,
    now: Callable[[], float] = lambda: NOW,
    slot_end: float = DEADLINE,
) -> Outcome:
    """Send the invite, with parts that a test may look at afterwards."""
    sender = Sender(
        api,
        tokens or FakeTokens(["old"]),
        claims or FakeClaims(),
        now,
        call_seconds=20.0,
        email_taken=taken,
    )
    return sender.send(INVITE, DEADLINE, slot_end)


def test_an_invite_is_one_call_with_the_current_token() -> None:
    api, tokens = FakeApi(CREATED), FakeTokens(["old"])
    assert send(api, tokens=tokens) == DONE
    assert (api.calls, tokens.refused) == ([(INVITE, "old")], [])


def test_a_refused_token_is_read_again_and_the_call_made_once_more() -> None:
    api, claims = FakeApi(UNAUTHENTICATED, CREATED), FakeClaims()
    tokens = FakeTokens(["old", "new"])
    assert send(api, claims, tokens) == DONE
    assert [token for _, token in api.calls] == ["old", "new"]
    assert tokens.refused == ["old"]
    assert (len(claims.claimed), claims.released) == (1, [])


def test_after_a_second_refusal_of_the_token_there_is_no_third_call() -> None:
    api = FakeApi(UNAUTHENTICATED, UNAUTHENTICATED)
    outcome = send(api, tokens=FakeTokens(["old", "new"]))
    assert (outcome.verdict, outcome.code) == (Verdict.PAUSE, Code.TOKEN_REFUSED)
    assert len(api.calls) == 2


def test_a_refused_token_that_is_still_the_same_is_not_tried_again() -> None:
    api = FakeApi(UNAUTHENTICATED)
    outcome = send(api, tokens=FakeTokens(["old", "old"]))
    assert (outcome.verdict, outcome.code) == (Verdict.PAUSE, Code.TOKEN_REFUSED)
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("error", "verdict", "code"),
    [
        (TokenError("secret s is empty"), Verdict.PAUSE, Code.TOKEN_UNUSABLE),
        (TokenUnavailableError("secret s: Down"), Verdict.RETRY, Code.TOKEN_UNAVAILABLE),
    ],
)
def test_without_a_token_there_is_no_call_and_no_claim(
    error: TokenError, verdict: Verdict, code: Code
) -> None:
    api, claims = FakeApi(), FakeClaims()
    assert send(api, claims, FakeTokens([error])) == Outcome(verdict, code, str(error))
    assert (api.calls, claims.claimed) == ([], [])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TokenError("secret s is empty"), Code.TOKEN_UNUSABLE),
        (TokenUnavailableError("secret s: Down"), Code.TOKEN_UNAVAILABLE),
    ],
)
def test_without_another_token_the_claim_is_released(error: TokenError, code: Code) -> None:
    api, claims = FakeApi(UNAUTHENTICATED), FakeClaims()
    assert send(api, claims, FakeTokens(["old", error])).code is code
    assert (len(api.calls), len(claims.released)) == (1, 1)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnreachableError("closed"), Code.UNREACHABLE),
        (BrokenCallError("reset"), Code.INTERRUPTED),
    ],
)
def test_a_call_without_an_answer_is_not_repeated(error: CallError, code: Code) -> None:
    api = FakeApi(error)
    assert send(api).code is code
    assert len(api.calls) == 1


def test_the_text_of_the_deployment_decides_that_an_address_is_taken() -> None:
    taken = Answer(422, {}, b'{"errors": {"email": ["vergeben"]}}')
    assert send(FakeApi(taken), taken="vergeben").verdict is Verdict.ALREADY_INVITED
    assert send(FakeApi(taken)).verdict is Verdict.STOP


def test_dates_in_the_answer_are_read_against_the_clock() -> None:
    answer = Answer(429, {"x-ratelimit-reset": str(int(NOW) + 40)}, b"{}")
    assert send(FakeApi(answer)).next_try.retry_after == 40.0


def test_an_unexpected_error_is_a_retry_without_its_text() -> None:
    """The claim is kept and ends by itself."""
    claims = FakeClaims()
    outcome = send(FakeApi(ValueError("ada@example.test")), claims=claims)
    assert (outcome.verdict, outcome.code) == (Verdict.RETRY, Code.INTERNAL_ERROR)
    assert outcome.detail.startswith("ValueError at fakes.py:")
    assert claims.completed == []


def test_address_and_token_are_masked_in_what_the_api_said() -> None:
    said = b'{"message": "old may not invite (Ada, 1) or ada@example.test"}'
    outcome = send(FakeApi(Answer(403, {}, said)))
    assert outcome.detail == "a policy of the API denies it"
    assert outcome.reply.message == "*** may not invite *** 1) or ***"


def test_an_answer_about_another_address_counts_as_invited_and_names_nobody() -> None:
    claims = FakeClaims()
    other = Answer(201, {}, b'{"data": [{"email": "maya.chen@example.test"}]}')
    outcome = send(FakeApi(other), claims=claims)
    assert outcome == replace(
        DONE,
        reply=replace(DONE.reply, names_other=True),
        detail="the API's answer names another person",
    )
    assert (claims.completed, claims.released) == ([INVITE], [])


TAKEN = Answer(422, {}, b'{"errors": {"email": ["The email has already been taken."]}}')
OURS = Claim(ClaimState.OURS, "me", DEADLINE, INVITE.roles)


@pytest.mark.parametrize(
    ("answer", "verdict", "roles"),
    [(CREATED, Verdict.INVITED, INVITE.roles), (TAKEN, Verdict.ALREADY_INVITED, ())],
)
def test_a_claim_is_made_before_the_call_and_completed_with_the_known_roles(
    answer: Answer, verdict: Verdict, roles: tuple[str, ...]
) -> None:
    claims = FakeClaims()
    assert send(FakeApi(answer), claims).verdict is verdict
    assert claims.claimed == [(INVITE, DEADLINE)]
    assert (claims.completed, claims.released) == ([replace(INVITE, roles=roles)], [])


def test_an_absurd_header_does_not_keep_a_claim_from_being_completed() -> None:
    claims = FakeClaims()
    headers = {"retry-after": "Mon, 20 Nov 9999999999 12:00:00 +0000"}
    assert send(FakeApi(replace(CREATED, headers=headers)), claims).verdict is Verdict.INVITED
    assert claims.completed == [INVITE]


def test_a_person_who_is_invited_already_is_not_called() -> None:
    api, claims = FakeApi(), FakeClaims(replace(OURS, state=ClaimState.INVITED))
    assert send(api, claims) == Outcome(Verdict.ALREADY_INVITED)
    assert (api.calls, claims.completed, claims.released) == ([], [], [])


@pytest.mark.parametrize("roles", [("Artist",), ("Artist", "Editor", "Guest"), ("artist",)])
def test_a_later_event_with_other_roles_changes_nothing_and_says_so(roles: tuple[str, ...]) -> None:
    """The API documents no change of roles.

    So a person who signs up first, with the default role, keeps it against a later event of HR.
    """
    api, claims = FakeApi(), FakeClaims(Claim(ClaimState.INVITED, "other", 0.0, roles))
    outcome = send(api, claims)
    assert (outcome.verdict, outcome.roles_differ) == (Verdict.ALREADY_INVITED, True)
    assert "not changed" in outcome.detail
    assert (api.calls, claims.completed, claims.released) == ([], [], [])


@pytest.mark.parametrize("roles", [("Editor", "Artist"), ()])
def test_roles_in_another_order_or_unknown_do_not_differ(roles: tuple[str, ...]) -> None:
    claims = FakeClaims(Claim(ClaimState.INVITED, "other", 0.0, roles))
    outcome = send(FakeApi(), claims)
    assert (outcome.roles_differ, outcome.detail) == (False, "")


def test_roles_that_only_the_api_knows_never_differ() -> None:
    """After a replay with `again`, and after RememberDays, the API alone knows the person.

    The row that is written then has no roles, so no later event differs from it either.
    """
    claims = FakeClaims()
    assert not send(FakeApi(TAKEN), claims).roles_differ
    (written,) = claims.completed
    later = FakeClaims(Claim(ClaimState.INVITED, "me", 0.0, written.roles))
    assert not send(FakeApi(), later).roles_differ


def test_a_forgotten_person_is_invited_with_the_roles_of_now() -> None:
    api, claims = FakeApi(CREATED), FakeClaims()
    outcome = send(api, claims)
    assert (outcome.verdict, outcome.roles_differ) == (Verdict.INVITED, False)
    assert [invited.roles for invited in claims.completed] == [INVITE.roles]


@pytest.mark.parametrize(("left", "wait"), [(45.0, 46.0), (0.0, 1.0), (-5.0, 1.0)])
def test_a_claim_of_another_is_waited_for_one_second_beyond_its_end(
    left: float, wait: float
) -> None:
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
def test_a_failure_releases_the_claim(answer: Answer | CallError, code: Code) -> None:
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
def test_a_call_in_doubt_keeps_the_claim_and_waits_for_its_end(
    answer: Answer | CallError, code: Code
) -> None:
    """Another call could overtake the first."""
    claims = FakeClaims()
    outcome = send(FakeApi(answer), claims)
    assert (outcome.code, outcome.next_try.retry_after) == (code, DEADLINE - NOW)
    assert (claims.completed, claims.released) == ([], [])


def test_without_the_ledger_there_is_no_call() -> None:
    api = FakeApi()
    outcome = send(api, FakeClaims(None, "claim"))
    assert (outcome.verdict, outcome.code) == (Verdict.RETRY, Code.LEDGER_UNAVAILABLE)
    assert api.calls == []


def test_a_success_that_cannot_be_written_is_a_success() -> None:
    claims = FakeClaims(None, "complete")
    outcome = send(FakeApi(CREATED), claims)
    said = "(the ledger cannot be written: Down)"
    assert outcome == replace(INVITED, detail=said, reply=Reply(201, answered_at=NOW))
    assert claims.released == []


def test_a_claim_that_cannot_be_released_does_not_change_the_outcome() -> None:
    outcome = send(FakeApi(Answer(500, {}, b"")), FakeClaims(None, "release"))
    assert (outcome.code, outcome.reply.status) == (Code.SERVER_ERROR, 500)
    assert outcome.detail == "the API failed (the ledger cannot be written: Down)"


@pytest.mark.parametrize(
    ("late", "slot_end", "code"),
    [(DEADLINE - WORK_SECONDS + 1, DEADLINE, "out_of_time"), (NOW + 3, NOW + 2, "paced")],
)
def test_a_thread_that_was_held_up_makes_no_call_and_releases_the_claim(
    late: float, slot_end: float, code: str
) -> None:
    """The call could outlive its claim, or its slot is over."""
    api, claims = FakeApi(), FakeClaims()
    outcome = send(api, claims, now=lambda: late, slot_end=slot_end)
    assert outcome.code == code
    assert (api.calls, len(claims.released)) == ([], 1)


def test_a_second_call_long_after_the_first_has_no_slot() -> None:
    moments = iter([NOW, NOW, NOW, NOW + 21.0, NOW + 21.0])
    api, claims = FakeApi(Answer(401, {}, b"")), FakeClaims()
    tokens = FakeTokens(["old", "new"])
    outcome = send(api, claims, tokens, now=lambda: next(moments), slot_end=NOW + 2)
    assert outcome.code == "paced"
    assert ([token for _, token in api.calls], len(claims.released)) == (["old"], 1)
