"""Idempotency: one person is invited once. The token, the claim, the call, the claim's end.

A claim is made before the call and completed by a success. So a message that comes twice, and two
systems that announce one person, lead to one invitation.
"""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Protocol

from invites.api.client import Answer
from invites.api.response import classify_response
from invites.errors import CallError, Code, LedgerError, TokenError, TokenUnavailableError
from invites.invite import Invite
from invites.outcome import OUT_OF_TIME, SLOT_MISSED, NextTry, Outcome, Verdict, internal_error
from invites.rules.address import local_part
from invites.sending.claim import Claim, Claims, ClaimState
from invites.token import Tokens

# The ledger keeps a claim's end in whole seconds, and the claim is held until that second is over.
# A retry within that second would find the claim still held and could use up all receives.
CLAIM_SECOND = 1.0
# A server may go on working on a call for so long after the caller has given up; gateways and web
# servers with usual settings end it then. The claim lasts until then.
WORK_SECONDS = 60.0


class InviteApi(Protocol):
    """Where invites are sent."""

    def invite(self, invite: Invite, token: str) -> Answer:
        """Call once; raises CallError if there is no complete answer."""


class Sender:
    """Sends invites. Safe to use from several threads if its parts are.

    Args:
        api: Where invites are sent.
        tokens: Where the bearer token comes from.
        claims: Where claims are kept, so that nobody is invited twice.
        now: The wall clock, epoch seconds.
        call_seconds: The longest that a call takes.
        email_taken: The API's text for "this address is taken".
    """

    def __init__(
        self,
        api: InviteApi,
        tokens: Tokens,
        claims: Claims,
        now: Callable[[], float],
        *,
        call_seconds: float,
        email_taken: str,
    ) -> None:
        self._api = api
        self._tokens = tokens
        self._claims = claims
        self._now = now
        self._call_seconds = call_seconds
        self._email_taken = email_taken

    def send(self, invite: Invite, deadline: float, slot_end: float) -> Outcome:
        """Invite one person. Every error becomes an outcome.

        Args:
            invite: Whom, and with which roles.
            deadline: Epoch seconds at which Lambda ends the function, and the claim ends.
            slot_end: Epoch seconds after which the call has no slot any more.
        """
        try:
            token = self._tokens.current()
            claim = self._claims.claim(invite, deadline)
            if claim.state is ClaimState.INVITED:
                return _invited_before(invite, claim)
            if claim.state is ClaimState.ELSEWHERE:
                wait = max(0.0, claim.until - self._now()) + CLAIM_SECOND
                text = "somebody else is inviting this person just now"
                return Outcome(Verdict.RETRY, Code.IN_PROGRESS, text, next_try=NextTry(wait))
            return self._settle(invite, claim, self._call(invite, token, deadline, slot_end))
        except TokenError as error:
            return _no_token(error)
        except LedgerError as error:
            return Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours fails its own message only
            return internal_error(error)

    def _call(self, invite: Invite, token: str, deadline: float, slot_end: float) -> Outcome:
        """A refused token may have been rotated: it is read again, and the call made once more.

        If the token is still the same, no second call is made: its answer is known. The second call
        uses the first one's slot, so it may not begin long after the first.
        """
        began = self._now()
        outcome = self._try(invite, token, deadline, slot_end)
        if outcome.reply.status != HTTPStatus.UNAUTHORIZED:
            return outcome
        try:
            renewed = self._tokens.refresh(refused=token)
        except TokenError as error:
            return _no_token(error)
        soon = began + self._call_seconds
        return outcome if renewed == token else self._try(invite, renewed, deadline, soon)

    def _try(self, invite: Invite, token: str, deadline: float, slot_end: float) -> Outcome:
        # The ledger or the secret may have held up this thread for long. A call may not outlive its
        # claim, nor take another call's slot.
        if (now := self._now()) + WORK_SECONDS > deadline:
            return OUT_OF_TIME
        if now > slot_end:
            return SLOT_MISSED
        answer: Answer | CallError
        try:
            answer = self._api.invite(invite, token)
        except CallError as error:
            answer = error
        return classify_response(
            answer,
            self._now(),
            email_taken=self._email_taken,
            secrets=(local_part(invite.email), token),
            invited=invite.email,
        )

    def _settle(self, invite: Invite, claim: Claim, outcome: Outcome) -> Outcome:
        """Complete or release the claim, or keep it, as the outcome asks.

        A success is final even if the ledger cannot be written. After a failure the claim is
        released, so that the next try need not wait for its end. While the API may still be at work
        on the call the claim is kept: another call could overtake it.
        """
        try:
            if outcome.verdict is Verdict.INVITED:
                self._claims.complete(invite)
            elif outcome.verdict is Verdict.ALREADY_INVITED:
                # The API does not say with which roles.
                self._claims.complete(replace(invite, roles=()))
            elif outcome.next_try.in_doubt:
                retry_after = max(outcome.next_try.retry_after or 0.0, claim.until - self._now())
                return replace(outcome, next_try=NextTry(retry_after, in_doubt=True))
            else:
                self._claims.release(invite, claim)
        except LedgerError as error:
            return replace(outcome, detail=f"{outcome.detail} ({error})".strip())
        return outcome


def _invited_before(invite: Invite, claim: Claim) -> Outcome:
    """The person is invited already. The API documents no change of roles, so none is made."""
    if not claim.roles or sorted(claim.roles) == sorted(invite.roles):
        return Outcome(Verdict.ALREADY_INVITED)
    text = "the roles differ from those of the invitation; they are not changed"
    return Outcome(Verdict.ALREADY_INVITED, detail=text, roles_differ=True)


def _no_token(error: TokenError) -> Outcome:
    if isinstance(error, TokenUnavailableError):
        return Outcome(Verdict.RETRY, Code.TOKEN_UNAVAILABLE, str(error))
    return Outcome(Verdict.PAUSE, Code.TOKEN_UNUSABLE, str(error))
