"""Forgets that a person was invited, so that a replay invites the person once more.

Apart from `claims`, so that only the function that imports it needs the permission to delete.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error, condition_item, is_condition_failed
from aws_adapters.ledger.rows import person_row_key
from invites.errors import LedgerError
from invites.sending.claim import folded_person_key, person_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_INVITED = "#state = :invited"
# The row under a folded key may by now be that of another person, whose exact key it is.
_FOLDED = f"{_INVITED} AND attribute_not_exists(is_exact)"


class DynamoForgetClaim:
    """Deletes completed claims.

    Args:
        client: A low-level client.
        table: The ledger's name.
        endpoint: The API's address: the same address at another API is another person.
    """

    def __init__(self, client: "DynamoDBClient", table: str, endpoint: str) -> None:
        self._client = client
        self._table = table
        self._endpoint = endpoint

    def __call__(self, email: str) -> None:
        """Delete the completed claims on this person, under the exact and the folded key.

        Raises:
            LedgerError: A claim was not deleted, or the person is being invited just now.
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
                raise LedgerError(
                    "this person is being invited just now; try again later"
                ) from error
