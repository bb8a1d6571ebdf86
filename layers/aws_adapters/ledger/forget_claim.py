"""Forgetting that somebody was invited, so that they can be invited anew."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error, condition_item, is_condition_failed
from aws_adapters.ledger.rows import person_row_key
from invites.errors import LedgerError
from invites.sending.claim import folded_person_key, person_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_INVITED = "#state = :invited"
# One under a folded key may by now be the row of somebody whose exact key it is.
_FOLDED = f"{_INVITED} AND attribute_not_exists(is_exact)"


class DynamoForgetClaim:
    """Deletes completed claims.

    Args:
        client: A low-level client.
        table: The ledger's name.
        endpoint: The API's address; people of another API are other people.
    """

    def __init__(self, client: "DynamoDBClient", table: str, endpoint: str) -> None:
        self._client = client
        self._table = table
        self._endpoint = endpoint

    def forget(self, email: str) -> None:
        """Forget that this person was invited, if they were; also by a row of folded case.

        Raises:
            LedgerError: That was not done, or somebody is inviting them just now.
        """
        if folded := folded_person_key(self._endpoint, email):
            self._delete(folded, is_folded=True)
        self._delete(person_key(self._endpoint, email))

    def _delete(self, person: str, *, is_folded: bool = False) -> None:
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=person_row_key(person),
                ConditionExpression=_FOLDED if is_folded else _INVITED,
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={":invited": {"S": "invited"}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except (BotoCoreError, ClientError) as error:
            if not isinstance(error, ClientError) or not is_condition_failed(error):
                raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
            row = condition_item(error)
            if row and not (is_folded and "is_exact" in row):
                raise LedgerError("somebody is inviting this person just now") from error
