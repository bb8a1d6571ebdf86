"""The metrics of a batch, in CloudWatch's embedded format: lines in the log, no call to AWS.

`MeteredApi` measures the calls to the API, `BatchMetrics` writes. AWS bills each combination of a
name and its dimensions' values. The only dimension here is the stack's name, so the number of
metrics does not depend on the traffic.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit

from invites.errors import CallError, Code
from invites.outcome import Verdict
from invites.retry import Fate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_lambda_powertools import Metrics

    from invites.api.client import Answer
    from invites.invite import Invite
    from invites.job import Job
    from invites.sending.sender import InviteApi
    from invites.token import TokenReport


@dataclass(frozen=True, slots=True)
class MeteredCall:
    """One call: HTTP status, None if there was no complete answer, and duration in seconds.

    It holds nothing of the person or the answer.
    """

    status: int | None
    seconds: float


class MeteredApi:
    """Passes each call on and measures it, a second call with a new token included.

    Safe to use from several threads: they only add measurements, the invoking thread takes them.

    Args:
        api: Makes the calls.
        monotonic: A clock in seconds that never goes back.
    """

    def __init__(self, api: "InviteApi", monotonic: Callable[[], float]) -> None:
        self._api = api
        self._monotonic = monotonic
        self._calls: deque[MeteredCall] = deque()

    def invite(self, invite: "Invite", token: str) -> "Answer":
        """Call once; raises CallError if there is no complete answer."""
        began = self._monotonic()
        try:
            answer = self._api.invite(invite, token)
        except CallError:
            self._record(None, began)
            raise
        self._record(answer.status, began)
        return answer

    def take(self) -> list[MeteredCall]:
        """The calls that have ended since the last `take`, in the order of their ends.

        A call that hung when its batch was given up is counted with a later batch.
        """
        return [self._calls.popleft() for _ in range(len(self._calls))]

    def _record(self, status: int | None, began: float) -> None:
        self._calls.append(MeteredCall(status, self._monotonic() - began))


# Every count is written for every batch, zeros too: an alarm cannot judge a metric that comes and
# goes.
_VERDICTS = {
    Verdict.INVITED: "Invited",
    Verdict.ALREADY_INVITED: "AlreadyInvited",
    Verdict.IGNORED: "Ignored",
    Verdict.RETRY: "Retried",
    Verdict.PAUSE: "Paused",
    Verdict.STOP: "Stopped",
    Verdict.SPLIT: "Split",
}

# By the status's first digit; the log has the status itself.
_STATUSES = {2: "Api2xx", 3: "Api3xx", 4: "Api4xx", 5: "Api5xx"}
_THROTTLED, _NO_ANSWER = "Api429", "ApiNoAnswer"

# The token fails whichever person is to be invited.
_TOKEN_CODES = {Code.TOKEN_REFUSED, Code.TOKEN_UNUSABLE}


class BatchMetrics:
    """Writes the metrics of each batch. Used by the invoking thread only, as Powertools demands."""

    def __init__(self, metrics: "Metrics") -> None:
        self._metrics = metrics

    def add_token(self, token: "TokenReport") -> None:
        """Add the token's metrics; the next `write` writes them."""
        self._count("TokenRefusedAfterRotation", int(token.is_refused_after_rotation))
        self._count("TokenExpiring", int(token.is_expiring))

    def write(
        self,
        jobs: "Sequence[Job]",
        calls: "Sequence[MeteredCall]",
        now: float,
        *,
        is_mass_stop: bool,
    ) -> None:
        """Write the metrics of a batch that is not empty; `now` in epoch seconds."""
        # First: when a metric has 100 values, Powertools writes all metrics that it has. The counts
        # are added after that, so each is written once.
        self._add_seconds(jobs, calls)
        self._add_counts(jobs, is_mass_stop=is_mass_stop)
        self._add_statuses(calls)
        self._metrics.add_metric("OldestWaitingAge", MetricUnit.Seconds, _oldest_age(jobs, now))
        self._metrics.flush_metrics()

    def _add_seconds(self, jobs: "Sequence[Job]", calls: "Sequence[MeteredCall]") -> None:
        """One value for each call and each invitation; a batch without any has no such metric."""
        for call in calls:
            self._metrics.add_metric("ApiLatency", MetricUnit.Seconds, call.seconds)
        for job in jobs:
            answered_at = job.outcome.reply.answered_at
            if job.outcome.verdict is Verdict.INVITED and answered_at is not None:
                # The clocks of SQS and Lambda may differ: not below zero.
                seconds = max(0.0, answered_at - job.message.sent_at)
                self._metrics.add_metric("InviteLatency", MetricUnit.Seconds, seconds)

    def _add_counts(self, jobs: "Sequence[Job]", *, is_mass_stop: bool) -> None:
        new = [job for job in jobs if not job.is_known_stop]
        verdicts = Counter(job.outcome.verdict for job in new)
        self._count("Received", len(new))
        for verdict, name in _VERDICTS.items():
            self._count(name, verdicts[verdict])
        self._count("MassStop", int(is_mass_stop))
        self._count("TokenUnusable", sum(job.outcome.code in _TOKEN_CODES for job in new))
        self._count("AnsweredForOthers", sum(job.outcome.reply.names_other for job in new))
        self._count("RolesDiffer", sum(job.outcome.roles_differ for job in new))

    def _add_statuses(self, calls: "Sequence[MeteredCall]") -> None:
        statuses = Counter(_status_name(call) for call in calls)
        for name in (*_STATUSES.values(), _THROTTLED, _NO_ANSWER):
            self._count(name, statuses[name])

    def _count(self, name: str, value: int) -> None:
        self._metrics.add_metric(name, MetricUnit.Count, value)


def _status_name(call: "MeteredCall") -> str:
    if call.status is None:
        return _NO_ANSWER
    if call.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _THROTTLED
    # A status that no standard knows counts as a fault of the server.
    return _STATUSES.get(call.status // 100, _STATUSES[5])


def _oldest_age(jobs: "Sequence[Job]", now: float) -> float:
    """The age in seconds of the oldest message that is retried; 0 if none is."""
    waiting = (job.message.sent_at for job in jobs if job.disposition.fate is Fate.RETRY)
    return max(0.0, now - min(waiting, default=now))
