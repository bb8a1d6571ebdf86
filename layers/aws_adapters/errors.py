"""Errors of AWS in one word, fit for a log; those of DynamoDB's conditional writes."""

from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError


def aws_error(error: BotoCoreError | ClientError) -> str:
    """AWS's own code (`AccessDeniedException`), or the kind of failure to reach AWS."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "ClientError"))
    return type(error).__name__


def is_condition_failed(error: ClientError) -> bool:
    """Whether DynamoDB refused a write for its condition: an answer, not a failure."""
    return aws_error(error) == "ConditionalCheckFailedException"


def condition_item(error: ClientError) -> dict[str, Any]:
    """The row that failed the condition, of a write that asked for it; empty if there was none."""
    return cast("dict[str, Any]", cast("Any", error.response).get("Item", {}))
