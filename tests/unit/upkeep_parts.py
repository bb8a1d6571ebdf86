"""Execution environments around one row of the ledger and one Secrets Manager."""

from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from aws_adapters.ledger.rotation import DynamoRotationLock
from invites.token import FRESH_SECONDS, TokenReport, TokenState
from send_invites.token_renewal import RotationRequester, TokenRenewal
from support.build import NOW, VirtualClock

if TYPE_CHECKING:
    from send_invites.token_source import SecretTokens

SECONDS, PATIENCE = 28.0, 1.0
OLD = NOW - FRESH_SECONDS
ASKED = ("asked Secrets Manager to rotate the token",)


class Row:
    """The ledger's row, as conditional updates change it."""

    def __init__(self) -> None:
        self.row: dict[str, float] = {}
        self.error: Exception | None = None
        self.writes = 0

    def update_item(self, **request: Any) -> None:  # noqa: ANN401 - as boto3's
        """Apply the update if its condition holds."""
        self.writes += 1
        if self.error:
            raise self.error
        values = {k: float(v["N"]) for k, v in request["ExpressionAttributeValues"].items()}
        if not self._holds(request["ConditionExpression"], values):
            answer: Any = {"Error": {"Code": "ConditionalCheckFailedException"}}
            if self.row:
                answer["Item"] = {key: {"N": str(value)} for key, value in self.row.items()}
            raise ClientError(answer, "UpdateItem")
        for change in request["UpdateExpression"].removeprefix("SET ").split(", "):
            name, _, value = change.partition(" = ")
            self.row[name] = values[value]

    def _holds(self, condition: str, values: dict[str, float]) -> bool:
        if condition.startswith("attribute_not_exists"):
            return not self.row or self.row["next_ask"] <= values[":now"]
        if condition.startswith("asked_at ="):
            return self.row.get("asked_at") == values[":now"]
        asked, rests = self.row.get("asked_at"), self.row.get("rests_until", 0.0)
        is_ours = asked is not None and values[":earliest"] <= asked <= values[":created"]
        return is_ours and rests <= values[":now"]


class Tokens:
    """What is known of the token, as a test says."""

    def __init__(self, state: TokenState) -> None:
        self.known = self.really = state
        self.cleared = 0

    def state(self, lock_timeout: float) -> TokenState:
        """As it was."""
        del lock_timeout
        return self.known

    def reread(self, lock_timeout: float) -> TokenState | None:
        """As it is."""
        del lock_timeout
        return self.really

    def clear_refusal(self) -> None:
        """Count."""
        self.cleared += 1


class Secrets:
    """Secrets Manager, which rotates or does not."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.error: Exception | None = None

    def rotate_secret(self, **request: object) -> None:
        """Note, or fail."""
        self.asked.append(request)
        if self.error:
            raise self.error


class Setting:
    """Environments around one row and one Secrets Manager."""

    def __init__(self) -> None:
        self.row, self.secrets, self.clock = Row(), Secrets(), VirtualClock()
        self.tokens = Tokens(TokenState(OLD, is_refused=True))

    def environment(self, *, is_on: bool = True) -> TokenRenewal:
        """Another execution environment."""
        arn = "function" if is_on else ""
        rotation = RotationRequester(cast("Any", self.secrets), "secret", arn)
        return TokenRenewal(
            cast("SecretTokens", self.tokens),
            self.rotations,
            rotation,
            self.clock.now,
            SECONDS,
            lock_timeout=PATIENCE,
        )

    @property
    def rotations(self) -> DynamoRotationLock:
        """The ledger."""
        return DynamoRotationLock(cast("Any", self.row), "ledger")


def look(upkeep: TokenRenewal) -> TokenReport:
    """Look after a batch that was not sent."""
    return upkeep.after_batch([], SECONDS + 1)
