"""What the function tells of its work: a log line for each person, metrics for each batch.

Only the invoking thread comes here. Powertools keeps metrics and appended log keys in one place
for all threads, so that from threads values would be lost and ids mixed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from invites.outcome import Verdict
from invites.redaction import loggable_id

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger, Metrics

    from invites.batch import Result
    from invites.upkeep import TokenReport

# Every metric is written for every batch, zeros too:
# an alarm on a metric that comes and goes is never sure of anything.
_METRICS = {
    Verdict.INVITED: "Invited",
    Verdict.ALREADY_INVITED: "AlreadyInvited",
    Verdict.IGNORED: "Ignored",
    Verdict.RETRY: "Retried",
    Verdict.PAUSE: "Paused",
    Verdict.STOP: "Stopped",
    Verdict.SPLIT: "Split",
}


class Telemetry:
    """Logs and counts. Writes ids and reasons; no body, no address, no token."""

    def __init__(self, logger: "Logger", metrics: "Metrics") -> None:
        self._logger = logger
        self._metrics = metrics
        self._write = {
            Verdict.RETRY: logger.warning,
            Verdict.PAUSE: logger.warning,
            Verdict.STOP: logger.error,
        }

    def report(
        self,
        results: "Sequence[Result]",
        not_hidden: Mapping[str, str],
        request_id: str,
        *,
        is_mass_stop: bool,
    ) -> None:
        """Report a batch.

        Args:
            results: What became of each message.
            not_hidden: By message id, why SQS did not change how long it is hidden.
            request_id: The id of the invocation.
            is_mass_stop: Whether so many were refused that sending pauses.
        """
        for result in results:
            self._log(result, request_id)
        for message_id, error in not_hidden.items():
            ids = {"message_id": message_id, "function_request_id": request_id}
            self._logger.warning("visibility not changed", extra={"error": error, **ids})
        self._count(results, is_mass_stop=is_mass_stop)

    def report_token(self, token: "TokenReport", request_id: str) -> None:
        """Report on the token; its metrics are written with those of the batch, which follow."""
        for note in token.notes:
            ids = {"function_request_id": request_id}
            self._logger.warning("token", extra={"detail": note, **ids})
        vain, expiring = token.is_refused_after_rotation, token.is_expiring
        self._metrics.add_metric("TokenRefusedAfterRotation", MetricUnit.Count, int(vain))
        self._metrics.add_metric("TokenExpiring", MetricUnit.Count, int(expiring))

    def report_unheard(self, errors: Mapping[str, str], request_id: str) -> None:
        """Report, by message id, why its outcome could not be announced."""
        for message_id, error in errors.items():
            ids = {"message_id": message_id, "function_request_id": request_id}
            self._logger.warning("outcome not announced", extra={"error": error, **ids})

    def _log(self, result: "Result", request_id: str) -> None:
        outcome = result.outcome
        # A stop is told once; then the message comes again until SQS moves it.
        known = result.reading.is_known_stop
        write = self._logger.debug if known else self._write.get(outcome.verdict, self._logger.info)
        write(
            outcome.verdict.value,
            extra={
                "message_id": result.message.id,
                "event_id": loggable_id(result.reading.origin.event_id),
                "source": result.reading.origin.system,
                "tenant": loggable_id(result.reading.origin.source),
                # The pattern: the type itself is whatever a producer writes.
                "event_type": result.reading.origin.kind,
                "function_request_id": request_id,
                "code": outcome.code,
                "cause": outcome.cause,
                "detail": outcome.detail or None,
                "status": outcome.status,
                "attempt": result.message.receive_count,
                "fate": result.disposition.fate,
                "wait_seconds": result.disposition.wait,
            },
        )

    def _count(self, results: "Sequence[Result]", *, is_mass_stop: bool) -> None:
        new = [result for result in results if not result.reading.is_known_stop]
        if not results:
            return
        verdicts = Counter(result.outcome.verdict for result in new)
        self._metrics.add_metric("Received", MetricUnit.Count, len(new))
        for verdict, name in _METRICS.items():
            self._metrics.add_metric(name, MetricUnit.Count, verdicts[verdict])
        self._metrics.add_metric("MassStop", MetricUnit.Count, int(is_mass_stop))
        self._metrics.flush_metrics()
        self._count_ignored(new)

    def _count_ignored(self, results: "Sequence[Result]") -> None:
        """Count what was ignored, by source and by the pattern of its type in the source's file.

        Not by the type itself: a metric for each name that anybody might send has no bound.
        """
        ignored = Counter(
            (one.reading.origin.system, one.reading.origin.kind, one.outcome.code)
            for one in results
            if one.outcome.verdict is Verdict.IGNORED
        )
        for (source, kind, code), count in ignored.items():
            dimensions = {
                "service": self._metrics.service,
                "source": source,
                "type": kind,
                "reason": code,
            }
            with single_metric(
                "IgnoredEvents", MetricUnit.Count, count, namespace=self._metrics.namespace
            ) as metric:
                for name, value in dimensions.items():
                    metric.add_dimension(name, str(value))
