"""The two triage functions of a deployed stack, called as an operator calls them."""

import json
import uuid
from typing import Any

from support.stack import Stack
from support.waiting import wait_until

VIEW, ACT = "ViewDeadLettersFunctionName", "ReplayDeadLettersFunctionName"


class Triage:
    """Calls view and act of a stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def view(self, **request: object) -> Any:  # noqa: ANN401 - JSON
        """Call view."""
        return self.call(VIEW, request)

    def act(self, **request: object) -> Any:  # noqa: ANN401 - JSON
        """Call act, once."""
        return self.call(ACT, request)

    def act_until_done(self, **request: object) -> list[Any]:
        """Call act until its answer has no `again`; returns all answers."""
        answers = [self.act(**request)]
        while answers[-1]["again"]:
            answers.append(self.act(**request))
        return answers

    def call(self, output: str, event: object) -> Any:  # noqa: ANN401 - JSON
        """Invoke the function whose name is an output of the stack.

        Raises:
            RuntimeError: The function failed.
        """
        answer = self._stack.client("lambda").invoke(
            FunctionName=self._stack.outputs[output], Payload=json.dumps(event)
        )
        payload = answer["Payload"].read()
        if "FunctionError" in answer:
            raise RuntimeError(payload.decode())
        return json.loads(payload)

    def letters(self) -> list[dict[str, Any]]:
        """The letters in the dead-letter queue, without a receive."""
        return self._stack.messages("DeadLetterQueueUrl")

    def has_letters(self, *message_ids: str) -> bool:
        """Whether all of these are in the dead-letter queue."""
        return set(message_ids) <= {letter["MessageId"] for letter in self.letters()}

    def make_letters(self, bodies: list[str]) -> list[str]:
        """Send messages that can never succeed, and wait for their letters; returns message ids."""
        starts = range(0, len(bodies), 10)
        ids = [
            message_id for n in starts for message_id in self._stack.send_batch(bodies[n : n + 10])
        ]
        wait_until(lambda: self.has_letters(*ids), "the messages to be dead-lettered", 240)
        return ids


def bad_event(source: str, roles: list[str] | None = None, email: str | None = None) -> str:
    """An event that is refused: it has no address, or a role that SpaceMedia does not know."""
    data = {"email": email, "roles": roles} if email else {"roles": roles or ["Artist"]}
    head = {"specversion": "1.0", "type": "uk.spacemedia.signup.created", "source": source}
    return json.dumps({**head, "id": str(uuid.uuid4()), "data": data})
