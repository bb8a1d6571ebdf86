"""SQS's clients: the sender's, and the triage's."""

from collections.abc import Callable
from typing import Any

from invites.message import REPLAY_OF, read_mark
from simulation.world.aws.queue import MAX_VISIBILITY, Queue, QueuedMessage
from simulation.world.aws.service import Service, refusal
from simulation.world.lambda_service.environment import Environment


class SenderSqsClient:
    """The client of the sender: it settles the messages that it has received."""

    def __init__(self, queue: Queue, environment: Environment) -> None:
        self._queue = queue
        self._service = Service("sqs", queue.plan, environment)

    def change_message_visibility(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """For the last receive; an earlier one's handle may do nothing."""
        message_id, _, receive = request["ReceiptHandle"].rpartition("/")

        def effect() -> None:
            message = self._queue.waiting.get(message_id)
            if message is None:
                raise refusal("InvalidParameterValue", "ChangeMessageVisibility")
            visible_at = self._queue.now() + request["VisibilityTimeout"]
            if visible_at - message.received_at > MAX_VISIBILITY:
                self._queue.observer.fail("a visibility of over 12 hours from the receive")
            if str(message.receive_count) == receive or self._queue.plan.random.random() < 0.5:
                self._queue.show_at(message, visible_at)
                self._queue.on_send()

        try:
            self._service.call("ChangeMessageVisibility", effect)
        except Exception:
            if message := self._queue.waiting.get(message_id):
                message.wasted_receives += 1
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


class TriageSqsClient:
    """The client of the triage: it looks at dead letters, and sends them back.

    Args:
        tries: How often it makes a call that fails.
    """

    def __init__(self, queue: Queue, environment: Environment, tries: int) -> None:
        self._queue = queue
        self._environment = environment
        self._service = Service("sqs", queue.plan, environment, tries)

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """How many letters there are."""

        def effect() -> dict[str, Any]:
            return {"Attributes": {"ApproximateNumberOfMessages": str(len(self._queue.dead))}}

        return self._service.call("GetQueueAttributes", effect)

    def receive_message(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Some that are visible, in any order; an empty queue answers when the poll is over."""
        queue, max_count = self._queue, request["MaxNumberOfMessages"]

        def effect() -> dict[str, Any]:
            now = queue.now()
            visible = [letter for letter in queue.dead.values() if letter.visible_at <= now]
            queue.plan.random.shuffle(visible)
            for letter in visible[:max_count]:
                # At-least-once: a server that did not hear of the receive gives it once more.
                if not queue.plan.happens("sqs: delivered twice"):
                    letter.visible_at = now + request["VisibilityTimeout"]
            return {"Messages": [_shown(letter) for letter in visible[:max_count]]}

        answer = self._service.call("ReceiveMessage", effect)
        if not answer["Messages"]:
            self._environment.sleep(request["WaitTimeSeconds"])
        return answer

    def change_message_visibility_batch(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Each entry for itself."""

        def show(letter: QueuedMessage) -> None:
            letter.visible_at = self._queue.now()

        return self._for_each("ChangeMessageVisibilityBatch", request, show)

    def delete_message_batch(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Each entry for itself."""
        return self._for_each(
            "DeleteMessageBatch", request, lambda letter: self._queue.take_out(letter.id)
        )

    def send_message_batch(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - as boto3's
        """Each entry for itself: some may be refused."""

        def effect() -> dict[str, Any]:
            taken: list[Any] = []
            failed: list[Any] = []
            for entry in request["Entries"]:
                attributes = entry["MessageAttributes"]
                mark = read_mark(attributes.get(REPLAY_OF, {}).get("StringValue"))
                if mark is None:
                    self._queue.observer.fail("a letter is sent without its mark")
                    break
                if self._queue.plan.happens("sqs: part of a batch refused"):
                    failed.append({"Id": entry["Id"], "Code": "InternalError"})
                    continue
                sent = self._queue.send_again(entry["MessageBody"], mark.message_id, attributes)
                taken.append({"Id": entry["Id"], "MessageId": sent})
            return {"Successful": taken, "Failed": failed}

        return self._service.call("SendMessageBatch", effect)

    def _for_each(
        self, operation: str, request: dict[str, Any], change: Callable[[QueuedMessage], None]
    ) -> dict[str, Any]:
        def effect() -> dict[str, Any]:
            failed: list[Any] = []
            for entry in request["Entries"]:
                if self._queue.plan.happens("sqs: part of a batch refused"):
                    failed.append({"Id": entry["Id"], "Code": "InternalError"})
                elif letter := self._queue.dead.get(entry["ReceiptHandle"]):
                    change(letter)
            return {"Successful": [], "Failed": failed}

        return self._service.call(operation, effect)


def _shown(letter: QueuedMessage) -> dict[str, Any]:
    return {
        "MessageId": letter.id,
        # Amazon SQS, DeleteMessage: an older handle of a standard queue's message may do as well.
        "ReceiptHandle": letter.id,
        "Body": letter.body,
        "MessageAttributes": dict(letter.attributes),
        "Attributes": {"SentTimestamp": str(int(letter.sent_at * 1000))},
    }
