"""The entry points: a request of JSON in, its answer out."""

from typing import TYPE_CHECKING, Any

from dead_letters.selection import RequestError
from invites.errors import LedgerError, QueueError
from triage_dead_letters.act import act
from triage_dead_letters.bootstrap import acting, viewing

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def view_handler(event: dict[str, Any], context: "LambdaContext") -> Any:  # noqa: ANN401 - JSON
    """Show: `list`, `show`. Can neither delete nor send."""
    del context
    try:
        return viewing().answer(event)
    except (RequestError, LedgerError, QueueError) as error:
        return {"error": str(error)}


def act_handler(event: dict[str, Any], context: "LambdaContext") -> Any:  # noqa: ANN401 - JSON
    """Act: `scan`, `replay`, `discard`."""
    try:
        return act(acting(), event, context.aws_request_id)
    except (RequestError, LedgerError, QueueError) as error:
        return {"error": str(error)}
