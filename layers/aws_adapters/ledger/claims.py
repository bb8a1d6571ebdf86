"""Claims on people, in rows with the key `person#HASH`, each written by one conditional request.

A claim is a lease: it is made before the call to the API, completed after a success, released
after a failure, and ends by itself if the function dies in between.
"""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error, condition_item, is_condition_failed
from aws_adapters.ledger.rows import number, person_row_key
from invites.errors import LedgerError
from invites.invite import Invite
from invites.sending.claim import Claim, ClaimState, folded_person_key, person_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


IN_PROGRESS = "in_progress"
INVITED = "invited"
# Marks a row whose key is made of the exact address. A row without it was written when keys folded
# case, and may be of any person whose folded key it has.
IS_EXACT = "is_exact"
_YES: dict[str, Any] = {"BOOL": True}

# A person is free if nobody has claimed them, if their row is past its time (DynamoDB deletes such
# rows days later), or if the function that claimed them cannot be calling any more.
_IS_FREE = (
    "attribute_not_exists(pk) OR expires_at < :now OR (#state = :in_progress AND held_until < :now)"
)


class DynamoClaims:
    """Claims, safe to use from several threads.

    Args:
        client: A low-level client; threads can share it.
        table: The table's name.
        rows: Makes the rows.
    """

    def __init__(self, client: "DynamoDBClient", table: str, rows: "ClaimRows") -> None:
        self._client = client
        self._table = table
        self.rows = rows

    def claim(self, invite: Invite, until: float) -> Claim:
        """Claim a person, in one conditional write.

        Args:
            invite: Whom to claim.
            until: When the claim ends by itself, epoch seconds.

        Raises:
            LedgerError: It is not known whether the claim was made.
        """
        return self.find_folded(invite) or self.put(self.rows.claimed(invite, until))

    def put(self, row: Mapping[str, Any]) -> Claim:
        """Put a claim's row where nobody holds the person; repeating it does no harm.

        Raises:
            LedgerError: As for `claim`.
        """
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
                return claim_in_row(condition_item(error), owner)
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
        return claim_in_row(row, owner)

    def complete(self, invite: Invite) -> None:
        """Write that the person is invited. Without a condition: a success is a fact.

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
        """Release the claim, unless another owner has it by now or it is completed.

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

    def find_folded(self, invite: Invite) -> Claim | None:
        """Find a claim on the person under the folded key of earlier versions; None without one.

        Almost everybody's folded key is their key: then there is no request.

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
        return next((claim_in_row(row, owner="") for row in rows if self.rows.is_held(row)), None)


class ClaimRows:
    """Makes the rows, and reads those that an earlier version wrote.

    Args:
        endpoint: The API's address; people of another API are other people.
        keep_seconds: How long the ledger remembers that somebody was invited.
        now: The wall clock, epoch seconds.
        new_owner: Returns a new unique name at each call.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        keep_seconds: int,
        now: Callable[[], float],
        new_owner: Callable[[], str],
    ) -> None:
        self._endpoint = endpoint
        self._keep_seconds = keep_seconds
        self.now = now
        self._new_owner = new_owner

    def key(self, invite: Invite) -> dict[str, Any]:
        """The key of a person's row."""
        return person_row_key(person_key(self._endpoint, invite.email))

    def claimed(self, invite: Invite, until: float) -> dict[str, Any]:
        """The row of a new claim, by an owner of its own, until then in epoch seconds."""
        return {
            **self.key(invite),
            "state": {"S": IN_PROGRESS},
            "owner": {"S": self._new_owner()},
            "held_until": number(math.ceil(until)),
            "roles": _texts(invite.roles),
            "expires_at": number(self.now() + self._keep_seconds),
            IS_EXACT: _YES,
        }

    def invited(self, invite: Invite) -> dict[str, Any]:
        """The attributes that change in a person's row once they are invited."""
        return {
            "state": {"S": INVITED},
            "roles": _texts(invite.roles),
            "expires_at": number(self.now() + self._keep_seconds),
            IS_EXACT: _YES,
        }

    def folded_key(self, invite: Invite) -> dict[str, Any] | None:
        """The key that the person's row had when keys folded case; None if it is the same."""
        key = folded_person_key(self._endpoint, invite.email)
        return None if key is None else person_row_key(key)

    def is_held(self, row: Mapping[str, Any]) -> bool:
        """Whether a row under a folded key says that its person is invited, or being invited.

        It does not if its time is over, as in the condition of a claim, or if its key is the exact
        key of another person.
        """
        now = int(self.now())
        if IS_EXACT in row or int(row["expires_at"]["N"]) < now:
            return False
        return row["state"]["S"] == INVITED or int(row["held_until"]["N"]) >= now


def claim_in_row(row: Mapping[str, Any], owner: str) -> Claim:
    """The claim in a row.

    It is ours if the owner is: AWS's client may have repeated a call that had worked.
    """
    roles = tuple(role["S"] for role in row["roles"]["L"])
    if row["state"]["S"] == INVITED:
        return Claim(ClaimState.INVITED, owner, 0.0, roles)
    state = ClaimState.OURS if row["owner"]["S"] == owner else ClaimState.ELSEWHERE
    return Claim(state, row["owner"]["S"], float(row["held_until"]["N"]), roles)


def _texts(values: tuple[str, ...]) -> dict[str, Any]:
    return {"L": [{"S": value} for value in values]}
