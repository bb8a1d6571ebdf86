"""Errors of AWS in one word, safe to log, and the refusals of DynamoDB's conditional writes."""

from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError


def aws_error(error: BotoCoreError | ClientError) -> str:
    """AWS's error code (`AccessDeniedException`), or the kind of failure to reach AWS."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "ClientError"))
    return type(error).__name__


def is_condition_failed(error: ClientError) -> bool:
    """Whether DynamoDB refused a write for its condition, which is an answer and no failure."""
    return aws_error(error) == "ConditionalCheckFailedException"


def condition_item(error: ClientError) -> dict[str, Any]:
    """The row that failed a write's condition, if the write asked for it; empty without one."""
    return cast("dict[str, Any]", cast("Any", error.response).get("Item", {}))
