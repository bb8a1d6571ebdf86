"""Fakes of the parts that a test does not want to call; a test looks at their state."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence

from invites.api.client import Answer
from invites.errors import LedgerError, QueueError, TokenError
from invites.invite import Invite
from invites.job import Job, Trace
from invites.message import Message, ReplayMark
from invites.outcome import Outcome, Reply, Verdict
from invites.reading.splitting import SplitEvents
from invites.retry import Fate
from invites.sending.claim import Claim, ClaimState
from invites.signup import Origin

INVITED = Outcome(Verdict.INVITED, reply=Reply(201))


class FakeSender:
    """Remembers whom it was asked to invite, and returns the outcome that `answer` gives."""

    def __init__(self, answer: Callable[[Invite], Outcome] = lambda _: INVITED) -> None:
        self._answer = answer
        self.sent: list[str] = []
        self.deadlines: list[float] = []

    def send(self, invite: Invite, deadline: float, slot_end: float) -> Outcome:
        """Note the address, then answer."""
        del slot_end
        self.sent.append(invite.email)
        self.deadlines.append(deadline)
        return self._answer(invite)


class MemoryLedger:
    """A ledger in memory. Its reads, its writes or both fail if a test says so."""

    def __init__(
        self,
        rows: Mapping[str, Outcome] | None = None,
        *,
        is_readable: bool = True,
        is_writable: bool = True,
    ) -> None:
        self.rows = dict(rows or {})
        self.bad_requests: dict[str, int] = {}
        self.accepted: dict[str, int] = {}
        self.origins: dict[str, Origin] = {}
        self.is_readable = is_readable
        self.is_writable = is_writable

    def recall(self, messages: Sequence[Message]) -> Mapping[str, Trace]:
        """What the rows say of each message."""
        if not self.is_readable:
            raise LedgerError("the ledger cannot be read: Down")
        return {
            message.id: self._trace(message.id) for message in messages if message.id in self.rows
        }

    def accepts(self, mark: ReplayMark) -> bool:
        """Whether this is the letter's attempt that came first."""
        if not self.is_writable:
            raise LedgerError("Down")
        return self.accepted.setdefault(mark.message_id, mark.attempt) == mark.attempt

    def _trace(self, message_id: str) -> Trace:
        row = self.rows[message_id]
        is_stop = row.verdict is Verdict.STOP
        return Trace(row if is_stop else None, self.bad_requests.get(message_id, 0))

    def record(
        self, message: Message, origin: Origin, outcome: Outcome, bad_requests: int = 0
    ) -> None:
        """Keep the outcome, unless that of a stop is kept."""
        if not self.is_writable:
            raise LedgerError("the ledger cannot be written: Down")
        if (kept := self.rows.get(message.id)) and kept.verdict is Verdict.STOP:
            return
        self.rows[message.id] = outcome
        self.bad_requests[message.id] = bad_requests
        self.origins[message.id] = origin


class MemoryClaims:
    """Claims in memory, with the conditions of the ledger's writes.

    Args:
        now: Epoch seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._owners = itertools.count(1)
        self._claims: dict[str, Claim] = {}

    def claim(self, invite: Invite, until: float) -> Claim:
        """Claim a person, unless they are invited, or somebody's claim has not ended."""
        held = self._claims.get(invite.email)
        if held and (held.state is ClaimState.INVITED or held.until >= self._now()):
            return held
        owner = str(next(self._owners))
        self._claims[invite.email] = Claim(ClaimState.ELSEWHERE, owner, until, invite.roles)
        return Claim(ClaimState.OURS, owner, until, invite.roles)

    def complete(self, invite: Invite) -> None:
        """The person is invited."""
        self._claims[invite.email] = Claim(ClaimState.INVITED, "", 0.0, invite.roles)

    def release(self, invite: Invite, claim: Claim) -> None:
        """Give the claim up, if it is still held."""
        held = self._claims.get(invite.email)
        if held and held.owner == claim.owner:
            del self._claims[invite.email]


class FakeQueue:
    """Keeps the parts that it is given, or fails; remembers what was deleted before the answer."""

    def __init__(self, error: QueueError | None = None) -> None:
        self._error = error
        self.sent: dict[str, SplitEvents] = {}
        self.is_late: Callable[[], bool] = bool
        self.hidden: list[str] = []
        self.deleted: list[str] = []

    def split(self, message: Message, events: SplitEvents, is_late: Callable[[], bool]) -> None:
        """Keep the events, or fail."""
        self.is_late = is_late
        if self._error:
            raise self._error
        self.sent[message.id] = events

    def hide(self, jobs: Sequence[Job]) -> Mapping[str, str]:
        """Note what stays."""
        stays = [job for job in jobs if job.disposition.fate is not Fate.DELETE]
        self.hidden += [job.message.id for job in stays]
        return {}

    def delete(self, jobs: Sequence[Job]) -> Mapping[str, str]:
        """Note what is done."""
        done = [job for job in jobs if job.disposition.fate is Fate.DELETE]
        self.deleted += [job.message.id for job in done]
        return {}


class FakeApi:
    """Gives prepared answers, in order, and remembers the calls."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = list(answers)
        self.calls: list[tuple[Invite, str]] = []

    def invite(self, invite: Invite, token: str) -> Answer:
        """Note the call, then give the next answer."""
        self.calls.append((invite, token))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
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

    def refresh(self, refused: str) -> str:
        """Note the refusal, and go on to the next token."""
        self.refused.append(refused)
        del self._tokens[0]
        return self.current()


class FakeClaims:
    """Finds the claim that a test prepares, and remembers its calls; each can be made to fail."""

    def __init__(self, found: Claim | None = None, *failing: str) -> None:
        self._found = found
        self._failing = failing
        self.claimed: list[tuple[Invite, float]] = []
        self.completed: list[Invite] = []
        self.released: list[tuple[Invite, Claim]] = []

    def claim(self, invite: Invite, until: float) -> Claim:
        """The claim that is in the way, or a new one."""
        self._use("claim")
        self.claimed.append((invite, until))
        return self._found or Claim(ClaimState.OURS, "me", until, invite.roles)

    def complete(self, invite: Invite) -> None:
        """Note who is invited."""
        self._use("complete")
        self.completed.append(invite)

    def release(self, invite: Invite, claim: Claim) -> None:
        """Note which claim is given up."""
        self._use("release")
        self.released.append((invite, claim))

    def _use(self, what: str) -> None:
        if what in self._failing:
            raise LedgerError("the ledger cannot be written: Down")
