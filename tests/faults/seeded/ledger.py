"""DynamoDB: one table, and the client that an environment is given."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_support.conditions import is_condition_failed
from faults.seeded import expressions
from faults.seeded.aws import Service, refusal
from faults.seeded.environments import Environment
from faults.seeded.expressions import Item
from faults.seeded.judge import Judge
from faults.seeded.partiql import is_an_insert, statement_row
from faults.seeded.plan import Plan
from send_invites.budget import AWS_TRIES

# Amazon DynamoDB, BatchGetItem; BatchExecuteStatement.
MOST_KEYS = 100
MOST_STATEMENTS = 25


class Table:
    """The table's rows by key."""

    def __init__(self, plan: Plan, judge: Judge) -> None:
        self.plan = plan
        self.judge = judge
        self.rows: dict[str, Item] = {}

    def demand(self, key: str, request: Mapping[str, Any], operation: str) -> Item:
        """The row, if the request's condition holds of it.

        Raises:
            ClientError: It does not; with the row, if that was asked for.
        """
        row = self.rows.get(key, {})
        if text := request.get("ConditionExpression"):
            names = tuple((request.get("ExpressionAttributeNames") or {}).items())
            holds = expressions.condition(text, names)
            if not holds(row, request.get("ExpressionAttributeValues") or {}):
                wanted = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
                more = {"Item": dict(row)} if wanted and row else {}
                raise refusal("ConditionalCheckFailedException", operation, **more)
        return row

    def store(self, key: str, row: Item) -> None:
        """Keep a row."""
        self.rows[key] = row
        self.judge.stored(key, row)


class DynamoDb:
    """The client."""

    def __init__(self, table: Table, environment: Environment, tries: int = AWS_TRIES) -> None:
        self._table = table
        self._service = Service("dynamodb", table.plan, environment, tries)
        self._environment = environment

    def put_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's."""
        key = request["Item"]["pk"]["S"]

        def effect() -> None:
            self._table.demand(key, request, "PutItem")
            self._table.store(key, request["Item"])

        return self._write(key, "PutItem", effect)

    def update_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's."""
        key = request["Key"]["pk"]["S"]

        def effect() -> None:
            row = self._table.demand(key, request, "UpdateItem")
            names = tuple((request.get("ExpressionAttributeNames") or {}).items())
            values = request["ExpressionAttributeValues"]
            changes = expressions.update(request["UpdateExpression"], names)
            new = {name: value(row, values) for name, value in changes.items()}
            self._table.store(key, request["Key"] | row | new)

        return self._write(key, "UpdateItem", effect)

    def delete_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's."""
        key = request["Key"]["pk"]["S"]

        def effect() -> None:
            self._table.demand(key, request, "DeleteItem")
            self._table.rows.pop(key, None)

        return self._write(key, "DeleteItem", effect)

    def batch_get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's."""
        ((name, wanted),) = request["RequestItems"].items()
        keys = [one["pk"]["S"] for one in wanted["Keys"]]
        if len(keys) > MOST_KEYS or len(set(keys)) < len(keys):
            raise refusal("ValidationException", "BatchGetItem")

        def effect() -> dict[str, Any]:
            left = wanted["Keys"] if self._table.plan.happens("dynamodb: keys left unread") else []
            found = (
                [] if left else [self._table.rows[one] for one in keys if one in self._table.rows]
            )
            unread = {name: {"Keys": left}} if left else {}
            return {"Responses": {name: found}, "UnprocessedKeys": unread}

        return self._service.call("BatchGetItem", effect)

    def batch_execute_statement(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's: each statement succeeds or fails by itself."""
        statements = request["Statements"]
        if not 1 <= len(statements) <= MOST_STATEMENTS:
            raise refusal("ValidationException", "BatchExecuteStatement")
        rows = [statement_row(one["Statement"], one["Parameters"]) for one in statements]
        keys = [row["pk"]["S"] for row in rows]

        def effect() -> dict[str, Any]:
            if len(set(keys)) < len(keys):
                raise refusal("ValidationException", "BatchExecuteStatement")
            return {"Responses": [self._execute(one) for one in zip(statements, rows, strict=True)]}

        def not_written() -> None:
            for key in keys:
                self._table.judge.not_written(key)

        return self._service.call("BatchExecuteStatement", effect, not_written)

    def _execute(self, one: tuple[Mapping[str, Any], Item]) -> dict[str, Any]:
        statement, row = one
        key = row["pk"]["S"]
        old, is_insert = self._table.rows.get(key), is_an_insert(statement["Statement"])
        if is_insert and old is not None:
            return {"Error": {"Code": "DuplicateItem", "Message": "simulated"}}
        if not is_insert and old is None:
            return {"Error": {"Code": "ConditionalCheckFailed", "Message": "simulated"}}
        self._table.store(key, (old or {}) | row)
        return {"TableName": "ledger"}

    def _write(self, key: str, operation: str, effect: Callable[[], None]) -> dict[str, Any]:
        try:
            self._service.call(operation, effect, lambda: self._table.judge.not_written(key))
        except (BotoCoreError, ClientError) as error:
            if not isinstance(error, ClientError) or not is_condition_failed(error):
                self._table.judge.not_written(key)
            raise
        return {}
