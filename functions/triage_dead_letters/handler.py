"""The entry points of view and act: JSON in, and JSON out or a page for CloudWatch's dashboard."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dead_letters.selection import RequestError
from invites.errors import LedgerError, QueueError
from triage_dead_letters.actions import act
from triage_dead_letters.bootstrap import act_function_arn, make_triage_deps, make_view
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

_SURROGATES = re.compile("[\ud800-\udfff]")


def view_handler(event: dict[str, Any], context: "LambdaContext") -> Any:  # noqa: ANN401 - JSON
    """Answer `list` and `show`, or draw the console. Can neither delete nor send."""
    if event.get("describe") is True:
        return DOCUMENTATION
    try:
        if CONTEXT not in event:
            return sendable(make_view().answer(event))
        endpoints = Endpoints(context.invoked_function_arn, act_function_arn())
        return draw_view(event, make_view(), endpoints)
    except (RequestError, LedgerError, QueueError) as error:
        if CONTEXT in event:
            return draw_error(event, error)
        return sendable({"error": str(error)})


def act_handler(event: dict[str, Any], context: "LambdaContext") -> Any:  # noqa: ANN401 - JSON
    """Do `scan`, `replay` or `discard`; for the console, draw the result as a page."""

    def answer(request: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return act(make_triage_deps(), request, context.aws_request_id)
        except (RequestError, LedgerError, QueueError) as error:
            return {"error": str(error)}

    if CONTEXT in event:
        return draw_act(event, answer, context.invoked_function_arn)
    return sendable(answer(event))


def sendable(answer: Any) -> Any:  # noqa: ANN401 - JSON
    """An answer without lone surrogates, which escapes in a letter's JSON can make.

    Lambda writes answers as UTF-8, which has no surrogates: the function would fail.
    """
    match answer:
        case str():
            return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", answer)
        case list() | tuple():
            return [sendable(item) for item in answer]
        case dict():
            return {sendable(name): sendable(value) for name, value in answer.items()}
        case _:
            return answer
