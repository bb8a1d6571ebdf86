"""Claims on people, in the ledger: rows with the key `person#HASH`."""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_support.conditions import condition_item, is_condition_failed
from aws_support.errors import aws_error
from invites.claim import Claim, ClaimState, person_key
from invites.errors import LedgerError
from invites.invite import Invite
from ledger.rows import number, person_row_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Free: nobody has claimed the person, or the row is past its time (DynamoDB deletes such rows
# days later), or whoever claimed them cannot be calling any more.
_IS_FREE = (
    "attribute_not_exists(pk) OR expires_at < :now OR (#state = :in_progress AND held_until < :now)"
)
_IN_PROGRESS = "in_progress"
_INVITED = "invited"


class DynamoClaims:
    """Claims, safe to use from several threads.

    Args:
        client: A low-level client; those can be shared between threads.
        table: The table's name.
        endpoint: The API's address; people of another API are other people.
        keep_seconds: How long it is remembered that somebody was invited.
        now: The wall clock, epoch seconds.
        new_owner: Gives a name that nobody else has, anew at each call.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        endpoint: str,
        *,
        keep_seconds: int,
        now: Callable[[], float],
        new_owner: Callable[[], str],
    ) -> None:
        self._client = client
        self._table = table
        self._endpoint = endpoint
        self._keep_seconds = keep_seconds
        self._now = now
        self._new_owner = new_owner

    def claim(self, invite: Invite, until: float) -> Claim:
        """Claim a person, in one conditional write.

        Raises:
            LedgerError: It is not known whether the claim was made.
        """
        now, owner = self._now(), self._new_owner()
        item = {
            **self._key(invite),
            "state": {"S": _IN_PROGRESS},
            "owner": {"S": owner},
            "held_until": number(math.ceil(until)),
            "roles": _texts(invite.roles),
            "expires_at": number(now + self._keep_seconds),
        }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=_IS_FREE,
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":now": number(now),
                    ":in_progress": {"S": _IN_PROGRESS},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                return _found(condition_item(error), owner)
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
        return Claim(ClaimState.OURS, owner, until, invite.roles)

    def complete(self, invite: Invite) -> None:
        """The person is invited. Without a condition: a success is a fact, whoever claims.

        Raises:
            LedgerError: It was not written.
        """
        try:
            self._client.update_item(
                TableName=self._table,
                Key=self._key(invite),
                UpdateExpression="SET #state = :invited, #roles = :roles, expires_at = :expires",
                ExpressionAttributeNames={"#state": "state", "#roles": "roles"},
                ExpressionAttributeValues={
                    ":invited": {"S": _INVITED},
                    ":roles": _texts(invite.roles),
                    ":expires": number(self._now() + self._keep_seconds),
                },
            )
        except (BotoCoreError, ClientError) as error:
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error

    def release(self, invite: Invite, claim: Claim) -> None:
        """Give the claim up, unless it is somebody else's by now, or completed.

        Raises:
            LedgerError: It was not written; the claim ends by itself, at its time.
        """
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=self._key(invite),
                ConditionExpression="#owner = :owner AND #state = :in_progress",
                ExpressionAttributeNames={"#owner": "owner", "#state": "state"},
                ExpressionAttributeValues={
                    ":owner": {"S": claim.owner},
                    ":in_progress": {"S": _IN_PROGRESS},
                },
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                return
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error

    def _key(self, invite: Invite) -> dict[str, Any]:
        return person_row_key(person_key(self._endpoint, invite.email))


def _found(row: Mapping[str, Any], owner: str) -> Claim:
    """The claim that is in the way: our own, if AWS's client repeated a call that had worked."""
    roles = tuple(role["S"] for role in row["roles"]["L"])
    if row["state"]["S"] == _INVITED:
        return Claim(ClaimState.INVITED, owner, 0.0, roles)
    state = ClaimState.OURS if row["owner"]["S"] == owner else ClaimState.ELSEWHERE
    return Claim(state, row["owner"]["S"], float(row["held_until"]["N"]), roles)


def _texts(values: tuple[str, ...]) -> dict[str, Any]:
    return {"L": [{"S": value} for value in values]}
