"""The outcome topic: an SNS topic in memory, and the publisher in front of it."""

from collections.abc import Sequence
from typing import Any, cast

from invites.job import Job
from invites.outcome import Outcome
from invites.signup import Origin
from send_invites.outcome_topic import OutcomePublisher
from support.build import InlineExecutor, message
from support.jobs import job_done

ORIGIN = Origin("evt-1", "northwind", "okta", "user.lifecycle.create", "user.lifecycle.create")


class MemoryTopic:
    """An SNS topic that keeps its messages. It refuses some entries, or every call."""

    def __init__(self, refused: Sequence[str] = (), error: Exception | None = None) -> None:
        self.calls: list[list[dict[str, Any]]] = []
        self._refused = refused
        self._error = error

    def publish_batch(self, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as botocore's
        """Keep the entries, or refuse them."""
        assert arguments["TopicArn"] == "topic"
        if self._error:
            raise self._error
        entries = arguments["PublishBatchRequestEntries"]
        self.calls.append(entries)
        refused = [entry["Id"] for entry in entries if entry["Id"] in self._refused]
        return {"Failed": [{"Id": entry_id, "Code": "Throttled"} for entry_id in refused]}


def job(outcome: Outcome, number: int = 1, *, is_known_stop: bool = False) -> Job:
    """A finished job of a person whom Okta has announced."""
    received = message('{"email": "marked@example.test"}', number)
    return job_done(outcome, received, origin=ORIGIN, is_known_stop=is_known_stop)


def publish(topic: MemoryTopic, jobs: Sequence[Job], seconds_left: float = 60) -> dict[str, str]:
    """Publish the outcomes of these jobs, by calls of up to 7 s."""
    publisher = OutcomePublisher(cast("Any", topic), "topic", InlineExecutor(), 7)
    return publisher.publish(jobs, seconds_left)
