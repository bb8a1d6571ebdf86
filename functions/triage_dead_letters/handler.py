"""The entry points: a request in, JSON out; or a page, if CloudWatch's dashboard asks."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dead_letters.selection import RequestError
from invites.errors import LedgerError, QueueError
from triage_dead_letters.act import act
from triage_dead_letters.bootstrap import act_function_arn, acting, viewing
from triage_dead_letters.console.overview import Endpoints
from triage_dead_letters.console.widget import (
    CONTEXT,
    DOCUMENTATION,
    draw_act,
    draw_error,
    draw_view,
)

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")


def view_handler(event: dict[str, Any], context: "LambdaContext") -> Any:  # noqa: ANN401 - JSON
    """Show: `list`, `show`, or the console. Can neither delete nor send."""
    if event.get("describe") is True:
        return DOCUMENTATION
    try:
        if CONTEXT not in event:
            return sendable(viewing().answer(event))
        endpoints = Endpoints(context.invoked_function_arn, act_function_arn())
        return draw_view(event, viewing(), endpoints)
    except (RequestError, LedgerError, QueueError) as error:
        if CONTEXT in event:
            return draw_error(event, error)
        return sendable({"error": str(error)})


def act_handler(event: dict[str, Any], context: "LambdaContext") -> Any:  # noqa: ANN401 - JSON
    """Act: `scan`, `replay`, `discard`; of the console, with a page as the result."""

    def answer(request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return act(acting(), request, context.aws_request_id)
        except (RequestError, LedgerError, QueueError) as error:
            return {"error": str(error)}

    if CONTEXT in event:
        return draw_act(event, answer, context.invoked_function_arn)
    return sendable(answer(event))


def sendable(answer: Any) -> Any:  # noqa: ANN401 - JSON
    """An answer without half characters, which the escapes of a letter's JSON can make.

    Lambda writes answers as UTF-8, which has none: the function would end with the letter.
    """
    match answer:
        case str():
            return _HALF_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", answer)
        case list() | tuple():
            return [sendable(one) for one in answer]
        case dict():
            return {sendable(name): sendable(value) for name, value in answer.items()}
        case _:
            return answer
