"""Renews the token without an operator: after a batch, its rotation is requested if it needs one.

Only the invoking thread runs this, and all of it ends before the batch is answered.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.ledger.rotation import RotationLockState
from invites.errors import LedgerError
from invites.outcome import Verdict, internal_error
from invites.token import RenewalAction, TokenReport, is_expiring, next_action

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from aws_adapters.ledger.rotation import DynamoRotationLock
    from invites.job import Job
    from invites.token import TokenState
    from send_invites.token_source import SecretTokens


# After an attempt this environment leaves the ledger alone for so long. Otherwise a token that
# nears its end would cost a write to the ledger with each batch.
ATTEMPT_INTERVAL_SECONDS = 30.0

_ACCEPTED = {Verdict.INVITED, Verdict.ALREADY_INVITED}


class TokenRenewal:
    """Decides after each batch whether the token needs a rotation, and requests it.

    Args:
        tokens: Where the batch's token came from.
        rotation_lock: Lets one of all execution environments request a rotation.
        requester: Requests it. Without a rotation in this deployment the token is only reported.
        now: The wall clock, epoch seconds.
        max_seconds: The longest that reading the token again and requesting a rotation take.
        lock_timeout: The longest wait for a thread that is reading the token, in seconds.
    """

    def __init__(
        self,
        tokens: "SecretTokens",
        rotation_lock: "DynamoRotationLock",
        requester: "RotationRequester",
        now: Callable[[], float],
        max_seconds: float,
        *,
        lock_timeout: float,
    ) -> None:
        self._tokens = tokens
        self._rotation_lock = rotation_lock
        self._requester = requester
        self._now = now
        self._max_seconds = max_seconds
        self._lock_timeout = lock_timeout
        self._next_attempt_at = 0.0
        self._is_refused_after_rotation = False

    def after_batch(self, jobs: "Sequence[Job]", seconds_left: float) -> TokenReport:
        """Request a rotation if the token needs one and there is time. Never raises.

        The batch is done by now, so a fault here may not fail it.

        Args:
            jobs: What became of the batch's messages.
            seconds_left: Until the function times out.
        """
        try:
            return self._after_batch(jobs, seconds_left)
        except Exception as error:  # noqa: BLE001 - a fault of ours may not fail the batch
            return TokenReport(notes=(internal_error(error).detail,))

    def _after_batch(self, jobs: "Sequence[Job]", seconds_left: float) -> TokenReport:
        outcomes = [job.outcome for job in jobs]
        if any(outcome.verdict in _ACCEPTED and outcome.reply.status for outcome in outcomes):
            self._tokens.clear_refusal()
        has_time = seconds_left > self._max_seconds
        state, now = self._tokens.state(self._lock_timeout if has_time else 0.0), self._now()
        notes: tuple[str, ...] = ()
        if state is None:
            return TokenReport(is_refused_after_rotation=self._is_refused_after_rotation)
        if next_action(state, now) is RenewalAction.NOTHING:
            self._is_refused_after_rotation = False
        elif self._requester.is_configured and now >= self._next_attempt_at and has_time:
            self._next_attempt_at = now + ATTEMPT_INTERVAL_SECONDS
            notes = self._renew(now)
        return TokenReport(is_expiring(state, now), self._is_refused_after_rotation, notes)

    def _renew(self, now: float) -> tuple[str, ...]:
        """Read the token again, since another environment may have renewed it; then act."""
        state = self._tokens.reread(self._lock_timeout)
        if state is None:
            return ()
        try:
            match next_action(state, now):
                case RenewalAction.REQUEST_ROTATION:
                    return self._request_rotation(state, now)
                case RenewalAction.BACK_OFF:
                    created_at = state.created_at or now
                    self._is_refused_after_rotation = self._rotation_lock.back_off(now, created_at)
        except LedgerError as error:
            return (f"no rotation was asked for: {error}",)
        return ()

    def _request_rotation(self, state: "TokenState", now: float) -> tuple[str, ...]:
        lock = self._rotation_lock.acquire(now)
        is_backing_off = lock is RotationLockState.BACKING_OFF
        self._is_refused_after_rotation = is_backing_off and state.is_refused
        if lock is not RotationLockState.ACQUIRED:
            return ()
        if error := self._requester.request_rotation():
            self._rotation_lock.release_soon(now)
            return (f"Secrets Manager does not rotate the token: {error}",)
        return ("asked Secrets Manager to rotate the token",)


class RotationRequester:
    """Asks Secrets Manager to rotate the token's secret, which happens after the call returns.

    Args:
        client: A low-level client.
        secret_id: ARN of the token secret.
        function_arn: ARN of the rotation function; empty if the deployment has none. A secret
            without a schedule does not know its function, so each request names it.
    """

    def __init__(self, client: "SecretsManagerClient", secret_id: str, function_arn: str) -> None:
        self._client = client
        self._secret_id = secret_id
        self._function_arn = function_arn

    @property
    def is_configured(self) -> bool:
        """Whether this deployment can rotate the token."""
        return bool(self._function_arn)

    def request_rotation(self) -> str | None:
        """Request a rotation; None if AWS takes the request, else AWS's error in one word."""
        try:
            self._client.rotate_secret(
                SecretId=self._secret_id, RotationLambdaARN=self._function_arn
            )
        except (BotoCoreError, ClientError) as error:
            return aws_error(error)
        return None
