"""One person: the invite, the token, the call, the verdict."""

from http import HTTPStatus
from typing import Protocol

from invites.api import Answer
from invites.errors import CallError, Code, TokenError, TokenUnavailableError
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from invites.verdict import judge


class InviteApi(Protocol):
    """Where invites are sent."""

    def invite(self, invite: Invite, token: str) -> Answer:
        """Call once; raises CallError if there is no complete answer."""


class Tokens(Protocol):
    """Where the bearer token comes from."""

    def current(self) -> str:
        """The token, as cached; raises TokenError if there is none."""

    def renew(self, refused: str) -> str:
        """The token, read anew if the cached one is still the refused one."""


class Sender:
    """Sends invites. Safe to use from several threads if its parts are."""

    def __init__(self, api: InviteApi, tokens: Tokens, email_taken: str) -> None:
        self._api = api
        self._tokens = tokens
        self._email_taken = email_taken

    def send(self, invite: Invite) -> Outcome:
        """Invite one person. Every error that is foreseen becomes an outcome."""
        try:
            return judge(self._call(invite), self._email_taken)
        except CallError as error:
            return judge(error)
        except TokenUnavailableError as error:
            return Outcome(Verdict.RETRY, Code.TOKEN_UNAVAILABLE, str(error))
        except TokenError as error:
            return Outcome(Verdict.PAUSE, Code.TOKEN_UNUSABLE, str(error))

    def _call(self, invite: Invite) -> Answer:
        """A refused token may be a rotated one: it is read anew, and the call made once more."""
        token = self._tokens.current()
        answer = self._api.invite(invite, token)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            answer = self._api.invite(invite, self._tokens.renew(refused=token))
        return answer
