"""Stand-ins for what a test does not want to call; a test looks at their state."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from invites.api import Answer
from invites.errors import CallError, LedgerError, TokenError
from invites.invite import Invite
from invites.message import Message
from invites.outcome import Outcome, Verdict

INVITED = Outcome(Verdict.INVITED, status=201)


class FakeSender:
    """Remembers whom it was asked to invite, and answers as told."""

    def __init__(self, answer: Callable[[Invite], Outcome] = lambda _: INVITED) -> None:
        self._answer = answer
        self.sent: list[str] = []

    def send(self, invite: Invite) -> Outcome:
        """Note the address, then answer."""
        self.sent.append(invite.email)
        return self._answer(invite)


class MemoryLedger:
    """A ledger in memory. While `is_down`, every use of it fails."""

    def __init__(self, rows: Mapping[str, Outcome] | None = None, *, is_down: bool = False) -> None:
        self.rows = dict(rows or {})
        self.is_down = is_down
        self.written: list[str] = []

    def stops(self, messages: Sequence[Message]) -> Mapping[str, Outcome]:
        """The stops among the rows."""
        self._check("read")
        found = {one.id: self.rows[one.id] for one in messages if one.id in self.rows}
        return {key: row for key, row in found.items() if row.verdict is Verdict.STOP}

    def record(self, message: Message, outcome: Outcome) -> None:
        """Keep the outcome."""
        self._check("written")
        self.rows[message.id] = outcome
        self.written.append(message.id)

    def _check(self, done: str) -> None:
        if self.is_down:
            raise LedgerError(f"the ledger cannot be {done}: Down")


class FakeApi:
    """Gives prepared answers, in order, and remembers the calls."""

    def __init__(self, *answers: Answer | CallError) -> None:
        self._answers = list(answers)
        self.calls: list[tuple[Invite, str]] = []

    def invite(self, invite: Invite, token: str) -> Answer:
        """Note the call, then give the next answer."""
        self.calls.append((invite, token))
        answer = self._answers.pop(0)
        if isinstance(answer, CallError):
            raise answer
        return answer


class FakeTokens:
    """Gives prepared tokens: the first until it is refused, then the next."""

    def __init__(self, tokens: Iterable[str | TokenError]) -> None:
        self._tokens = list(tokens)
        self.refused: list[str] = []

    def current(self) -> str:
        """The token that is not refused yet."""
        token = self._tokens[0]
        if isinstance(token, TokenError):
            raise token
        return token

    def renew(self, refused: str) -> str:
        """Note the refusal, and go on to the next token."""
        self.refused.append(refused)
        del self._tokens[0]
        return self.current()
