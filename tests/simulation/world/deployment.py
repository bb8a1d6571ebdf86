"""The deployment that the histories run on: the template's numbers, some of them drawn."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from send_invites.settings import Settings
from simulation.plan import Plan
from template.reading import Template


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the template and its parameters come to."""

    settings: Settings
    concurrency: int
    batch_size: int
    timeout: float
    triage_timeout: float
    rotation_timeout: float
    visibility: float
    retention: float


@cache
def template_of_the_stack() -> Template:
    """The template, read once."""
    return Template()


def draw_deployment(plan: Plan) -> Deployment:
    """The template's defaults, but for what decides how much is side by side, and how fast."""
    draw = plan.random
    drawn = {
        "MaximumConcurrency": str(draw.choice([2, 2, 3, 5])),
        "BatchSize": str(draw.choice([1, 3, 10, 10, 25])),
        "MaxInvitesPerMinute": str(draw.choice([0, 0, 10, 60, 240])),
        "OutcomeTopicArn": "arn:aws:sns:eu-west-2:123456789012:outcomes",
    }
    return deploy(drawn, {"HasRotation"})


def deploy(parameters: Mapping[str, str], conditions: Set[str] = frozenset()) -> Deployment:
    """The template with these parameters, all others at their defaults.

    Args:
        parameters: By name.
        conditions: Those of the template's that hold.
    """
    template = template_of_the_stack()

    def parameter(name: str) -> str:
        return parameters.get(name, str(template.parameters[name]["Default"]))

    def value(given: object) -> str:
        match given:
            case {"Ref": str() as name} if name in template.parameters:
                return parameter(name)
            case dict():
                return "arn:of:another:resource"
        return str(given)

    function = template.properties("SendInvitesFunction", conditions)
    variables = {k: value(v) for k, v in function["Environment"]["Variables"].items()}
    queue: dict[str, Any] = template.properties("SignupQueue")
    return Deployment(
        Settings.from_environment(variables),
        int(parameter("MaximumConcurrency")),
        int(parameter("BatchSize")),
        function["Timeout"],
        template.properties("ReplayDeadLettersFunction")["Timeout"],
        template.properties("RotateTokenFunction")["Timeout"],
        queue["VisibilityTimeout"],
        queue["MessageRetentionPeriod"],
    )
