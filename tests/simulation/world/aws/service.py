"""AWS as boto3's low-level clients show it: errors, lost answers, and the client's own retry."""

from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from send_invites.timeouts import AWS_TRIES
from simulation.plan import HOUR, Plan
from simulation.world.lambda_service.environment import Environment

T = TypeVar("T")

# botocore, standard retry mode: what of these it is worth to try again.
_RETRYABLE = {"ThrottlingException", "InternalServerError", "ServiceUnavailable"}
_MAX_OUTAGE = 6 * HOUR
# How long a look-up hangs, at least and at most: resolvers try several servers, several times.
HUNG = (10.0, 120.0)


def refusal(code: str, operation: str, **more: object) -> ClientError:
    """An error of AWS."""
    status = 500 if code == "InternalServerError" else 400
    answer: Any = {
        "Error": {"Code": code, "Message": "simulated"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **more,
    }
    return ClientError(answer, operation)


class Service:
    """How calls to one service go.

    Args:
        name: As in the kinds of faults.
        tries: How often its client tries.
    """

    def __init__(
        self, name: str, plan: Plan, environment: Environment, tries: int = AWS_TRIES
    ) -> None:
        self._name = name
        self._plan = plan
        self._environment = environment
        self._tries = tries

    def call(
        self, operation: str, effect: Callable[[], T], on_hang: Callable[[], None] = lambda: None
    ) -> T:
        """Make a call, and make it again as botocore does if it fails for no lasting reason."""
        for attempt in range(1, self._tries + 1):
            try:
                return self._environment.cross(lambda: self._spoiled(operation, effect, on_hang))
            except (ClientError, EndpointConnectionError, ReadTimeoutError) as error:
                if attempt == self._tries or not _is_retryable(error):
                    raise
                self._environment.sleep(self._plan.random.random())
        raise AssertionError("not tried")

    def _spoiled(self, operation: str, effect: Callable[[], T], on_hang: Callable[[], None]) -> T:
        plan, name = self._plan, self._name
        if plan.happens("aws: look-up in DNS hangs"):
            # The one thing that boto3 gives no time-out.
            on_hang()
            self._environment.sleep(plan.random.uniform(*HUNG))
        if plan.lasts(f"{name}: outage", _MAX_OUTAGE):
            raise EndpointConnectionError(endpoint_url=name)
        if plan.happens(f"{name}: throttled"):
            raise refusal("ThrottlingException", operation)
        if plan.happens(f"{name}: fails"):
            raise refusal("InternalServerError", operation)
        result = effect()
        if plan.happens(f"{name}: answer lost"):
            raise ReadTimeoutError(endpoint_url=name)
        return result


def _is_retryable(error: Exception) -> bool:
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code") in _RETRYABLE
    return True
