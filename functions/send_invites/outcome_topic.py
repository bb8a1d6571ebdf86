"""The outcome topic: each final outcome is published, so that a producer can close its ticket.

A message of the topic holds ids and codes, and no address.
"""

import json
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error
from invites.outcome import Verdict
from invites.redaction import loggable_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_sns import SNSClient

    from invites.job import Job


# The most that PublishBatch of Amazon SNS takes.
ENTRIES_PER_CALL = 10

_FINAL = {Verdict.INVITED, Verdict.ALREADY_INVITED, Verdict.IGNORED, Verdict.STOP}
TOO_LATE = "OutOfTime"


class OutcomePublisher:
    """Publishes to the topic.

    Args:
        client: A low-level client; those can be shared between threads.
        arn: The topic's ARN.
        executor: Runs the calls side by side.
        seconds: The longest that a call takes.
    """

    def __init__(self, client: "SNSClient", arn: str, executor: Executor, seconds: float) -> None:
        self._client = client
        self._arn = arn
        self._executor = executor
        self._seconds = seconds

    def publish(self, jobs: "Sequence[Job]", seconds_left: float) -> dict[str, str]:
        """Publish the final outcomes. Never raises: the invitations are sent either way.

        Returns:
            By message id, the error for which SNS did not take an outcome. It is not tried again: a
            message that came again for this would be a second try to invite.
        """
        final = [job for job in jobs if is_final(job)]
        if seconds_left < self._seconds:
            return {job.message.id: TOO_LATE for job in final}
        failed: dict[str, str] = {}
        for errors in self._executor.map(self._publish, _chunks(final)):
            failed |= errors
        return failed

    def _publish(self, jobs: "Sequence[Job]") -> dict[str, str]:
        entries: list[Any] = [_entry(str(index), job) for index, job in enumerate(jobs)]
        try:
            answer = self._client.publish_batch(
                TopicArn=self._arn, PublishBatchRequestEntries=entries
            )
        except (BotoCoreError, ClientError) as error:
            return {job.message.id: aws_error(error) for job in jobs}
        failed = answer.get("Failed", [])
        return {jobs[int(entry["Id"])].message.id: entry["Code"] for entry in failed}


def is_final(job: "Job") -> bool:
    """Whether its outcome is the person's last; a stop of an earlier receive was published then."""
    return job.outcome.verdict in _FINAL and not job.is_known_stop


def _entry(entry_id: str, job: "Job") -> dict[str, Any]:
    outcome, origin = job.outcome, job.parsed.origin
    content = {
        "eventId": loggable_id(origin.event_id),
        "messageId": job.message.id,
        "source": origin.system,
        "tenant": loggable_id(origin.source),
        "outcome": outcome.verdict,
        "code": outcome.code,
        "rolesDiffer": outcome.roles_differ,
    }
    # For subscription filters.
    attributes = {"outcome": outcome.verdict, "source": origin.system or "unknown"}
    return {
        "Id": entry_id,
        "Message": json.dumps(content),
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": str(value)}
            for name, value in attributes.items()
        },
    }


def _chunks(jobs: "Sequence[Job]") -> "Iterator[Sequence[Job]]":
    for start in range(0, len(jobs), ENTRIES_PER_CALL):
        yield jobs[start : start + ENTRIES_PER_CALL]
