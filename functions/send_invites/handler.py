"""The entry point: a batch of SQS records in, a partial batch answer out."""

from typing import TYPE_CHECKING, Any

from send_invites.bootstrap import application
from send_invites.sqs import PartialAnswer, partial_answer, to_messages

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> PartialAnswer:
    """Process a batch.

    Whatever raises here gives the whole batch back to the queue: nothing is lost by it, and
    those invited already are recognised when they come again.
    """
    app = application()
    messages = to_messages(event)
    results = app.processor.process(messages)
    not_hidden = app.queue.hide(results)
    app.telemetry.report(results, not_hidden, context.aws_request_id)
    return partial_answer(results)
