"""Errors of AWS in one word, fit for a log."""

from botocore.exceptions import BotoCoreError, ClientError


def aws_error(error: BotoCoreError | ClientError) -> str:
    """AWS's own code (`AccessDeniedException`), or the kind of failure to reach AWS."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "ClientError"))
    return type(error).__name__
