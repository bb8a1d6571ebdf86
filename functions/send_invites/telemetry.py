"""What the function tells of its work: a log line for each person, metrics for each batch.

Only the invoking thread comes here. Powertools keeps metrics and appended log keys in one place
for all threads, so that from threads values would be lost and ids mixed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from invites.outcome import Verdict
from invites.redaction import loggable_id
from send_invites.metrics import BatchMetrics

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger, Metrics

    from invites.job import Job
    from invites.outcome import Outcome
    from invites.token import TokenReport
    from send_invites.metrics import MeteredCall


class Telemetry:
    """Logs and counts. Writes ids and reasons; no body, no address, no token."""

    def __init__(self, logger: "Logger", metrics: "Metrics") -> None:
        self._logger = logger
        self._metrics = BatchMetrics(metrics)
        self._write = {
            Verdict.RETRY: logger.warning,
            Verdict.PAUSE: logger.warning,
            Verdict.STOP: logger.error,
        }

    def report(
        self,
        jobs: "Sequence[Job]",
        unsettled: Mapping[str, str],
        request_id: str,
        *,
        calls: "Sequence[MeteredCall]",
        now: float,
        is_mass_stop: bool,
    ) -> None:
        """Report a batch.

        Args:
            jobs: What became of each message.
            unsettled: By message id, why SQS did not hide or delete it as was decided.
            request_id: The id of the invocation.
            calls: The calls to the API that it took.
            now: Epoch seconds.
            is_mass_stop: Whether so many were refused that sending pauses.
        """
        for job in jobs:
            self._log(job, request_id)
        for message_id, error in unsettled.items():
            ids = {"message_id": message_id, "function_request_id": request_id}
            self._logger.warning("message not settled", extra={"error": error, **ids})
        if jobs:
            self._metrics.write(jobs, calls, now, is_mass_stop=is_mass_stop)

    def report_token(self, token: "TokenReport", request_id: str) -> None:
        """Report on the token; its metrics are written with those of the batch, which follow."""
        for note in token.notes:
            ids = {"function_request_id": request_id}
            self._logger.warning("token", extra={"detail": note, **ids})
        self._metrics.add_token(token)

    def report_unpublished(self, errors: Mapping[str, str], request_id: str) -> None:
        """Report, by message id, why its outcome could not be announced."""
        for message_id, error in errors.items():
            ids = {"message_id": message_id, "function_request_id": request_id}
            self._logger.warning("outcome not announced", extra={"error": error, **ids})

    def _log(self, job: "Job", request_id: str) -> None:
        outcome = job.outcome
        # A stop is told once; then the message comes again until SQS moves it.
        known = job.is_known_stop
        write = self._logger.debug if known else self._write_of(outcome)
        write(
            outcome.verdict.value,
            extra={
                "message_id": job.message.id,
                "event_id": loggable_id(job.parsed.origin.event_id),
                "source": job.parsed.origin.system,
                "tenant": loggable_id(job.parsed.origin.source),
                # The pattern: the type itself is whatever a producer writes.
                "event_type": job.parsed.origin.kind,
                "function_request_id": request_id,
                "code": outcome.code,
                "cause": outcome.cause,
                "detail": outcome.detail or None,
                # Only where it is so: a query asks whether the field is there.
                "names_other": outcome.reply.names_other or None,
                "roles_differ": outcome.roles_differ or None,
                "status": outcome.reply.status,
                "attempt": job.message.receive_count,
                "fate": job.disposition.fate,
                "wait_seconds": job.disposition.wait,
            },
        )

    def _write_of(self, outcome: "Outcome") -> "Callable[..., None]":
        """What writes the line of an outcome, at its level."""
        if outcome.reply.names_other or outcome.roles_differ:
            return self._logger.warning
        return self._write.get(outcome.verdict, self._logger.info)
