"""Errors of DynamoDB's conditional writes."""

from typing import Any, cast

from botocore.exceptions import ClientError

from aws_support.errors import aws_error


def is_condition_failed(error: ClientError) -> bool:
    """Whether DynamoDB refused a write for its condition: an answer, not a failure."""
    return aws_error(error) == "ConditionalCheckFailedException"


def condition_item(error: ClientError) -> dict[str, Any]:
    """The row that failed the condition, of a write that asked for it; empty if there was none."""
    return cast("dict[str, Any]", cast("Any", error.response).get("Item", {}))
