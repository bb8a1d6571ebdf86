"""The token looks after itself: once a batch is done, its rotation is asked for if it needs one.

Only the invoking thread comes here, and all of it is done or left before the batch's answer.
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
    from invites.batch import Result
    from invites.token import TokenState
    from send_invites.token_source import SecretTokens


class RotationRequester:
    """Asks Secrets Manager to rotate the token's secret; it does so after the answer.

    Args:
        client: A low-level client.
        secret_id: ARN of the token secret.
        function_arn: The rotation function's, as the secret knows it only if it has a schedule;
            empty if the deployment has none.
    """

    def __init__(self, client: "SecretsManagerClient", secret_id: str, function_arn: str) -> None:
        self._client = client
        self._secret_id = secret_id
        self._function_arn = function_arn

    @property
    def is_configured(self) -> bool:
        """Whether there is a rotation to ask for."""
        return bool(self._function_arn)

    def request_rotation(self) -> str | None:
        """Ask; AWS's error in one word if it was refused."""
        try:
            self._client.rotate_secret(
                SecretId=self._secret_id, RotationLambdaARN=self._function_arn
            )
        except (BotoCoreError, ClientError) as error:
            return aws_error(error)
        return None


# After a look at the ledger this environment keeps away from it, so that a token that nears its
# end does not cost a write with each batch.
ATTEMPT_INTERVAL_SECONDS = 30.0

_ACCEPTED = {Verdict.INVITED, Verdict.ALREADY_INVITED}


class TokenRenewal:
    """Looks after the token.

    Args:
        tokens: What the batch was sent with.
        rotations: Who may ask, over all environments.
        rotation: Asks; without a rotation in this deployment the token is only told of.
        now: The wall clock, epoch seconds.
        seconds: The longest that looking again and asking take, with their waits.
        patience: The longest to wait for a thread that is reading the token, each time.
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

    def after_batch(self, results: "Sequence[Result]", seconds_left: float) -> TokenReport:
        """Look after the token, if there is time. Never raises: the batch is done either way."""
        try:
            return self._after_batch(results, seconds_left)
        except Exception as error:  # noqa: BLE001 - a fault of ours may not fail the batch
            return TokenReport(notes=(internal_error(error).detail,))

    def _after_batch(self, results: "Sequence[Result]", seconds_left: float) -> TokenReport:
        if any(one.outcome.verdict in _ACCEPTED and one.outcome.status for one in results):
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
        """Make sure that it is the current token which needs something, then see to it."""
        state = self._tokens.reread(self._lock_timeout)
        if state is None:
            return ()
        try:
            match next_action(state, now):
                case RenewalAction.REQUEST_ROTATION:
                    return self._request_rotation(state, now)
                case RenewalAction.BACK_OFF:
                    self._is_refused_after_rotation = self._rotation_lock.back_off(
                        now, state.created_at or now
                    )
        except LedgerError as error:
            return (f"no rotation was asked for: {error}",)
        return ()

    def _request_rotation(self, state: "TokenState", now: float) -> tuple[str, ...]:
        grant = self._rotation_lock.acquire(now)
        self._is_refused_after_rotation = (
            grant is RotationLockState.BACKING_OFF and state.is_refused
        )
        if grant is not RotationLockState.ACQUIRED:
            return ()
        if error := self._requester.request_rotation():
            self._rotation_lock.release_soon(now)
            return (f"Secrets Manager does not rotate the token: {error}",)
        return ("asked Secrets Manager to rotate the token",)
