"""The token looks after itself: once a batch is done, its rotation is asked for if it needs one.

Only the invoking thread comes here, and all of it is done or left before the batch's answer.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from aws_adapters.ledger.rotation import RotationGrant
from invites.errors import LedgerError
from invites.outcome import Verdict, internal_error
from invites.token import RenewalAction, TokenReport, is_expiring, next_action

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

    from aws_adapters.ledger.rotation import DynamoRotations
    from invites.job import Job
    from invites.token import TokenState
    from send_invites.token_source import SecretTokens


class SecretRotation:
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
    def is_on(self) -> bool:
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
QUIET_SECONDS = 30.0

_TAKEN = {Verdict.INVITED, Verdict.ALREADY_INVITED}


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
        rotations: "DynamoRotations",
        rotation: "SecretRotation",
        now: Callable[[], float],
        seconds: float,
        *,
        patience: float,
    ) -> None:
        self._tokens = tokens
        self._rotations = rotations
        self._rotation = rotation
        self._now = now
        self._seconds = seconds
        self._patience = patience
        self._quiet_until = 0.0
        self._was_in_vain = False

    def after_batch(self, results: "Sequence[Job]", seconds_left: float) -> TokenReport:
        """Look after the token, if there is time. Never raises: the batch is done either way."""
        try:
            return self._after_batch(results, seconds_left)
        except Exception as error:  # noqa: BLE001 - a fault of ours may not fail the batch
            return TokenReport(notes=(internal_error(error).detail,))

    def _after_batch(self, results: "Sequence[Job]", seconds_left: float) -> TokenReport:
        if any(one.outcome.verdict in _TAKEN and one.outcome.reply.status for one in results):
            self._tokens.clear_refusal()
        has_time = seconds_left > self._seconds
        state, now = self._tokens.state(self._patience if has_time else 0.0), self._now()
        notes: tuple[str, ...] = ()
        if state is None:
            return TokenReport(is_refused_after_rotation=self._was_in_vain)
        if next_action(state, now) is RenewalAction.NOTHING:
            self._was_in_vain = False
        elif self._rotation.is_on and now >= self._quiet_until and has_time:
            self._quiet_until = now + QUIET_SECONDS
            notes = self._renew(now)
        return TokenReport(is_expiring(state, now), self._was_in_vain, notes)

    def _renew(self, now: float) -> tuple[str, ...]:
        """Make sure that it is the current token which needs something, then see to it."""
        state = self._tokens.reread(self._patience)
        if state is None:
            return ()
        try:
            match next_action(state, now):
                case RenewalAction.ASK:
                    return self._ask(state, now)
                case RenewalAction.GIVE_UP:
                    self._was_in_vain = self._rotations.back_off(now, state.created_at or now)
        except LedgerError as error:
            return (f"no rotation was asked for: {error}",)
        return ()

    def _ask(self, state: "TokenState", now: float) -> tuple[str, ...]:
        grant = self._rotations.take(now)
        self._was_in_vain = grant is RotationGrant.RESTING and state.is_refused
        if grant is not RotationGrant.GRANTED:
            return ()
        if error := self._rotation.request_rotation():
            self._rotations.give_back(now)
            return (f"Secrets Manager does not rotate the token: {error}",)
        return ("asked Secrets Manager to rotate the token",)
