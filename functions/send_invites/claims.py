"""Claims on people, in the ledger, one by one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_support.conditions import condition_item, is_condition_failed
from aws_support.errors import aws_error
from invites.claim import Claim
from invites.errors import LedgerError
from invites.invite import Invite
from ledger.rows import number
from send_invites.claim_rows import IN_PROGRESS, ClaimRows, found

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Free: nobody has claimed the person, or the row is past its time (DynamoDB deletes such rows
# days later), or whoever claimed them cannot be calling any more.
_IS_FREE = (
    "attribute_not_exists(pk) OR expires_at < :now OR (#state = :in_progress AND held_until < :now)"
)


class DynamoClaims:
    """Claims, safe to use from several threads.

    Args:
        client: A low-level client; those can be shared between threads.
        table: The table's name.
        rows: Makes their rows.
    """

    def __init__(self, client: "DynamoDBClient", table: str, rows: ClaimRows) -> None:
        self._client = client
        self._table = table
        self.rows = rows

    def claim(self, invite: Invite, until: float) -> Claim:
        """Claim a person, in one conditional write.

        Raises:
            LedgerError: It is not known whether the claim was made.
        """
        return self.find_folded(invite) or self.put(self.rows.claimed(invite, until))

    def find_folded(self, invite: Invite) -> Claim | None:
        """The claim on a person in a row of when keys folded case; None if there is none.

        Nothing is asked for where the key is the same, as it is for almost everybody.

        Raises:
            LedgerError: It is not known.
        """
        key = self.rows.folded_key(invite)
        if key is None:
            return None
        try:
            answer = self._client.batch_get_item(
                RequestItems={self._table: {"Keys": [key], "ConsistentRead": True}}
            )
        except (BotoCoreError, ClientError) as error:
            raise LedgerError(f"the ledger cannot be read: {aws_error(error)}") from error
        if answer.get("UnprocessedKeys"):
            raise LedgerError("the ledger cannot be read: throttled")
        rows = answer["Responses"].get(self._table, [])
        return next((found(row, owner="") for row in rows if self.rows.is_held(row)), None)

    def put(self, row: Mapping[str, Any]) -> Claim:
        """Put a claim's row where nobody holds the person; may be done twice. As `claim`."""
        owner = row["owner"]["S"]
        try:
            self._client.put_item(
                TableName=self._table,
                Item=row,
                ConditionExpression=_IS_FREE,
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":now": number(self.rows.now()),
                    ":in_progress": {"S": IN_PROGRESS},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                return found(condition_item(error), owner)
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
        return found(row, owner)

    def complete(self, invite: Invite) -> None:
        """The person is invited. Without a condition: a success is a fact, whoever claims.

        Raises:
            LedgerError: It was not written.
        """
        row = self.rows.invited(invite)
        try:
            self._client.update_item(
                TableName=self._table,
                Key=self.rows.key(invite),
                UpdateExpression="SET #state = :state, #roles = :roles, expires_at = :expires_at, "
                "is_exact = :is_exact",
                ExpressionAttributeNames={"#state": "state", "#roles": "roles"},
                ExpressionAttributeValues={f":{name}": value for name, value in row.items()},
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
                Key=self.rows.key(invite),
                ConditionExpression="#owner = :owner AND #state = :in_progress",
                ExpressionAttributeNames={"#owner": "owner", "#state": "state"},
                ExpressionAttributeValues={
                    ":owner": {"S": claim.owner},
                    ":in_progress": {"S": IN_PROGRESS},
                },
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                return
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
