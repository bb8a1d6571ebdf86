"""DynamoDB's table: rows by key, and conditions on them."""

from collections.abc import Mapping
from typing import Any

from simulation.invariants.observer import Observer
from simulation.plan import Plan
from simulation.world.aws import expressions
from simulation.world.aws.expressions import Item
from simulation.world.aws.service import refusal


class Table:
    """The table's rows by key."""

    def __init__(self, plan: Plan, observer: Observer) -> None:
        self.plan = plan
        self.observer = observer
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
        self.observer.stored(key, row)

    def change(self, key: str, request: Mapping[str, Any]) -> Item:
        """Update a row; the row as it was.

        Raises:
            ClientError: The request's condition does not hold.
        """
        row = self.demand(key, request, "UpdateItem")
        names = tuple((request.get("ExpressionAttributeNames") or {}).items())
        values = request["ExpressionAttributeValues"]
        changes = expressions.update(request["UpdateExpression"], names)
        new = request["Key"] | row | {name: made(row, values) for name, made in changes.items()}
        self.store(key, {name: value for name, value in new.items() if value is not None})
        return row

    def remove(self, key: str, request: Mapping[str, Any]) -> None:
        """Delete a row; raises ClientError if the request's condition does not hold."""
        row = self.demand(key, request, "DeleteItem")
        self.rows.pop(key, None)
        self.observer.removed(key, row)
