"""Telemetry: a log line for each message, metrics for each batch.

Only the invoking thread may use it. Powertools keeps metrics and appended log keys in one place for
all threads: used from several threads, values would be lost and ids mixed up.
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
    """Logs and counts ids and reasons; never a body, an address or a token."""

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
            jobs: The batch's finished jobs.
            unsettled: By message id, the error for which SQS did not hide or delete it.
            request_id: The id of the invocation.
            calls: The calls to the API.
            now: Epoch seconds.
            is_mass_stop: Whether so many people were refused that a pause has begun.
        """
        for job in jobs:
            self._log(job, request_id)
        for message_id, error in unsettled.items():
            ids = {"message_id": message_id, "function_request_id": request_id}
            self._logger.warning("message not settled", extra={"error": error, **ids})
        if jobs:
            self._metrics.write(jobs, calls, now, is_mass_stop=is_mass_stop)

    def report_token(self, token: "TokenReport", request_id: str) -> None:
        """Log what was done for the token; its metrics are written by the next `report`."""
        for note in token.notes:
            ids = {"function_request_id": request_id}
            self._logger.warning("token", extra={"detail": note, **ids})
        self._metrics.add_token(token)

    def report_unpublished(self, errors: Mapping[str, str], request_id: str) -> None:
        """Log, by message id, the error for which an outcome was not published."""
        for message_id, error in errors.items():
            ids = {"message_id": message_id, "function_request_id": request_id}
            self._logger.warning("outcome not announced", extra={"error": error, **ids})

    def _log(self, job: "Job", request_id: str) -> None:
        outcome = job.outcome
        # A stop is logged once; then its message comes again until SQS moves it.
        write = self._logger.debug if job.is_known_stop else self._writer_for(outcome)
        write(
            outcome.verdict.value,
            extra={
                "message_id": job.message.id,
                "event_id": loggable_id(job.parsed.origin.event_id),
                "source": job.parsed.origin.system,
                "tenant": loggable_id(job.parsed.origin.source),
                # The pattern that it fits; the type itself is text of the producer's.
                "event_type": job.parsed.origin.kind,
                "function_request_id": request_id,
                "code": outcome.code,
                "cause": outcome.cause,
                "detail": outcome.detail or None,
                # Only where they are true: a query asks whether the field is there.
                "names_other": outcome.reply.names_other or None,
                "roles_differ": outcome.roles_differ or None,
                "status": outcome.reply.status,
                "attempt": job.message.receive_count,
                "fate": job.disposition.fate,
                "wait_seconds": job.disposition.wait,
            },
        )

    def _writer_for(self, outcome: "Outcome") -> "Callable[..., None]":
        """The logger's method that writes the outcome at its level."""
        if outcome.reply.names_other or outcome.roles_differ:
            return self._logger.warning
        return self._write.get(outcome.verdict, self._logger.info)
