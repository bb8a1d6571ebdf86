"""The entry point: a batch of SQS records in, a partial batch answer out."""

from typing import TYPE_CHECKING, Any

from send_invites.bootstrap import Application, application
from send_invites.sqs import PartialAnswer, partial_answer, to_messages

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def lambda_handler(event: dict[str, Any], context: "LambdaContext") -> PartialAnswer:
    """Process a batch, with the parts of this execution environment."""
    return handle(application(), event, context)


def handle(app: Application, event: dict[str, Any], context: "LambdaContext") -> PartialAnswer:
    """Process a batch.

    An exception here returns the whole batch to the queue. Nothing is lost by it, and the people
    who are invited already are recognised when their messages come again.
    """
    deadline = app.clock.now() + context.get_remaining_time_in_millis() / 1000
    messages = to_messages(event)
    batch = app.processor.process(messages, deadline)
    mass_stop = app.breaker.take_mass_stop()
    if app.renewal:
        token = app.renewal.after_batch(batch.jobs, deadline - app.clock.now())
        app.telemetry.report_token(token, context.aws_request_id)
    if app.publisher:
        unpublished = app.publisher.publish(batch.jobs, deadline - app.clock.now())
        app.telemetry.report_unpublished(unpublished, context.aws_request_id)
    app.telemetry.report(
        batch.jobs,
        batch.unsettled,
        context.aws_request_id,
        calls=app.calls.take(),
        now=app.clock.now(),
        is_mass_stop=mass_stop,
    )
    return partial_answer(batch.jobs)
