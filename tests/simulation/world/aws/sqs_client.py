"""SQS as an environment sees it."""

from typing import Any

from simulation.world.aws.queue import MAX_VISIBILITY, Queue
from simulation.world.aws.service import Service, refusal
from simulation.world.lambda_service.environment import Environment


class SenderSqsClient:
    """The client."""

    def __init__(self, queue: Queue, environment: Environment) -> None:
        self._queue = queue
        self._service = Service("sqs", queue.plan, environment)

    def change_message_visibility(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """For the last receive; an earlier one's handle may do nothing."""
        message_id, _, receive = request["ReceiptHandle"].rpartition("/")

        def effect() -> None:
            stored = self._queue.waiting.get(message_id)
            if stored is None:
                raise refusal("InvalidParameterValue", "ChangeMessageVisibility")
            visible_at = self._queue.now() + request["VisibilityTimeout"]
            if visible_at - stored.received_at > MAX_VISIBILITY:
                self._queue.observer.fail("a visibility of over 12 hours from the receive")
            if str(stored.receive_count) == receive or self._queue.plan.random.random() < 0.5:
                self._queue.show_at(stored, visible_at)
                self._queue.on_send()

        try:
            self._service.call("ChangeMessageVisibility", effect)
        except Exception:
            if stored := self._queue.waiting.get(message_id):
                stored.wasted_receives += 1
            raise
        return {}

    def delete_message(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """By the handle of any receive."""
        message_id = request["ReceiptHandle"].rpartition("/")[0]
        self._service.call("DeleteMessage", lambda: self._queue.delete(message_id))
        return {}

    def send_message_batch(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Each entry for itself: some may be refused."""

        def effect() -> dict[str, Any]:
            taken: list[Any] = []
            failed: list[Any] = []
            for entry in request["Entries"]:
                if self._queue.plan.happens("sqs: part of a batch refused"):
                    failed.append({"Id": entry["Id"], "Code": "InternalError"})
                else:
                    sent = self._queue.send(
                        entry["MessageBody"], attributes=entry["MessageAttributes"]
                    )
                    taken.append({"Id": entry["Id"], "MessageId": sent})
            return {"Successful": taken, "Failed": failed}

        return self._service.call("SendMessageBatch", effect)
