"""DynamoDB as an environment sees it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import is_condition_failed
from send_invites.timeouts import AWS_TRIES
from simulation.world.aws import expressions
from simulation.world.aws.expressions import Item
from simulation.world.aws.partiql import is_an_insert, statement_row
from simulation.world.aws.service import Service, refusal
from simulation.world.aws.table import Table
from simulation.world.lambda_service.environment import Environment

T = TypeVar("T")

# Amazon DynamoDB, BatchGetItem; BatchExecuteStatement.
MAX_KEYS = 100
MAX_STATEMENTS = 25


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

        self._write(key, "PutItem", effect)
        return {}

    def update_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's."""
        key = request["Key"]["pk"]["S"]

        old: Item = self._write(key, "UpdateItem", lambda: self._table.change(key, request))
        return {"Attributes": old} if request.get("ReturnValues") == "ALL_OLD" and old else {}

    def delete_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's."""
        key = request["Key"]["pk"]["S"]

        self._write(key, "DeleteItem", lambda: self._table.remove(key, request))
        return {}

    def batch_get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's."""
        ((name, wanted),) = request["RequestItems"].items()
        keys = [key["pk"]["S"] for key in wanted["Keys"]]
        if len(keys) > MAX_KEYS or len(set(keys)) < len(keys):
            raise refusal("ValidationException", "BatchGetItem")

        def effect() -> dict[str, Any]:
            left = wanted["Keys"] if self._table.plan.happens("dynamodb: keys left unread") else []
            read = [] if left else keys
            found = [self._table.rows[key] for key in read if key in self._table.rows]
            unread = {name: {"Keys": left}} if left else {}
            return {"Responses": {name: found}, "UnprocessedKeys": unread}

        return self._service.call("BatchGetItem", effect)

    def get_paginator(self, operation: str) -> "Paginator":
        """As boto3's, for `query`."""
        if operation != "query":
            raise AssertionError(f"{operation} is not simulated")
        return Paginator(self._table, self._service)

    def batch_execute_statement(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """As DynamoDB's: each statement succeeds or fails by itself."""
        statements = request["Statements"]
        if not 1 <= len(statements) <= MAX_STATEMENTS:
            raise refusal("ValidationException", "BatchExecuteStatement")
        rows = [
            statement_row(statement["Statement"], statement["Parameters"])
            for statement in statements
        ]
        keys = [row["pk"]["S"] for row in rows]

        def effect() -> dict[str, Any]:
            if len(set(keys)) < len(keys):
                raise refusal("ValidationException", "BatchExecuteStatement")
            return {"Responses": list(map(self._execute, statements, rows))}

        def hangs() -> None:
            for key in keys:
                self._table.observer.hangs(key)

        return self._service.call("BatchExecuteStatement", effect, hangs)

    def _execute(self, statement: Mapping[str, Any], row: Item) -> dict[str, Any]:
        key = row["pk"]["S"]
        old, is_insert = self._table.rows.get(key), is_an_insert(statement["Statement"])
        if is_insert and old is not None:
            return {"Error": {"Code": "DuplicateItem", "Message": "simulated"}}
        if not is_insert and old is None:
            return {"Error": {"Code": "ConditionalCheckFailed", "Message": "simulated"}}
        self._table.store(key, (old or {}) | row)
        return {"TableName": "ledger"}

    def _write(self, key: str, operation: str, effect: Callable[[], T]) -> T:
        try:
            return self._service.call(operation, effect, lambda: self._table.observer.hangs(key))
        except (BotoCoreError, ClientError) as error:
            if not isinstance(error, ClientError) or not is_condition_failed(error):
                self._table.observer.not_written(key)
            raise


class Paginator:
    """The pages of a query: one page holds all rows."""

    def __init__(self, table: Table, service: Service) -> None:
        self._table = table
        self._service = service

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - as boto3's
        """The rows for which the key condition holds."""
        names = tuple(request["ExpressionAttributeNames"].items())
        is_wanted = expressions.condition(request["KeyConditionExpression"], names)
        values = request["ExpressionAttributeValues"]

        def effect() -> dict[str, Any]:
            rows = self._table.rows.values()
            return {"Items": [dict(row) for row in rows if is_wanted(row, values)]}

        yield self._service.call("Query", effect)
