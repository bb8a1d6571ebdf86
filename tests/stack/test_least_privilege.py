"""Each permission of a role is needed: without it something that the stack does fails."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stack import exercises, triage_exercises
from stack.scene import IN_VAIN_SECONDS, Scene
from support.privileges import Grant, grants, without
from support.rotation import PENDING, Rotator, StepError
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import Triage

SENDER, ROTATION = "SendInvitesRole", "RotateTokenRole"
VIEW, ACT = "ViewDeadLettersRole", "ReplayDeadLettersRole"

# By role and statement, the exercise of each action.
FOR: dict[tuple[str, str], dict[str, Callable[[Scene], None]]] = {
    (SENDER, "ReceiveSignups"): {
        "sqs:ChangeMessageVisibility": exercises.stop,
        "sqs:DeleteMessage": exercises.settle,
    },
    (SENDER, "SplitSignups"): {"sqs:SendMessage": exercises.split},
    (SENDER, "ReadToken"): {"secretsmanager:GetSecretValue": exercises.invite},
    (SENDER, "AskForRotation"): {"secretsmanager:RotateSecret": exercises.ask},
    (SENDER, "AnnounceOutcomes"): {"sns:Publish": exercises.announce},
    (SENDER, "KeepLedger"): {
        "dynamodb:BatchGetItem": exercises.stop,
        "dynamodb:PartiQLInsert": exercises.claim_together,
        "dynamodb:PartiQLUpdate": exercises.claim_together,
        "dynamodb:PutItem": exercises.take_over,
        "dynamodb:UpdateItem": exercises.stop,
        "dynamodb:DeleteItem": exercises.give_up,
    },
    (VIEW, "LookAtLetters"): {
        "sqs:ReceiveMessage": triage_exercises.show,
        "sqs:ChangeMessageVisibility": triage_exercises.show,
        "sqs:GetQueueAttributes": triage_exercises.listed,
    },
    (VIEW, "ReadReasons"): {"dynamodb:BatchGetItem": triage_exercises.show},
    (VIEW, "ListReasons"): {"dynamodb:Query": triage_exercises.listed},
    (ACT, "TakeLetters"): {
        "sqs:ReceiveMessage": triage_exercises.replay,
        "sqs:ChangeMessageVisibility": triage_exercises.look,
        "sqs:DeleteMessage": triage_exercises.replay,
        "sqs:GetQueueAttributes": triage_exercises.look,
    },
    (ACT, "SendSignups"): {"sqs:SendMessage": triage_exercises.replay},
    (ACT, "KeepLedger"): {
        "dynamodb:BatchGetItem": triage_exercises.replay,
        "dynamodb:UpdateItem": triage_exercises.replay,
        "dynamodb:DeleteItem": triage_exercises.again,
    },
    (ACT, "ListReasons"): {"dynamodb:Query": triage_exercises.replay},
    (ROTATION, "RotateToken"): {
        "secretsmanager:DescribeSecret": exercises.rotate,
        "secretsmanager:GetSecretValue": exercises.rotate,
        "secretsmanager:PutSecretValue": exercises.rotate,
        "secretsmanager:UpdateSecretVersionStage": exercises.rotate,
    },
    (ROTATION, "ReadCredentials"): {"secretsmanager:GetSecretValue": exercises.rotate},
}
# Lambda's poller uses these with the function's role; the local AWS's poller does not ask IAM.
POLLER = {"sqs:ReceiveMessage", "sqs:GetQueueAttributes"}

GRANTS = [
    grant for grant in grants() if not (grant.sid == "ReceiveSignups" and grant.action in POLLER)
]
ALL = sorted({use for uses in FOR.values() for use in uses.values()}, key=lambda use: use.__name__)
FAILURES = (AssertionError, TimeoutError, StepError, KeyError)


@pytest.fixture
def scene(
    stack: Stack, api: StandIn, triage: Triage, heard: Callable[[], dict[str, Any]]
) -> Iterator[Scene]:
    """Afterwards all is as it was: no message on its way, a good token, nothing pending."""
    yield Scene(stack, api, triage, heard)
    api.script(replace=True)
    stack.client("sqs").purge_queue(QueueUrl=stack.outputs["SignupQueueUrl"])
    stack.forget_letters()
    Rotator(stack).drop(PENDING)
    stack.store_token(api.add_token(ttl=None))


def test_every_permission_has_a_use() -> None:
    """One that nobody can name a use for is one too many."""
    assert {(grant.role, grant.sid, grant.action) for grant in GRANTS} == {
        (role, sid, action) for (role, sid), uses in FOR.items() for action in uses
    }


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.__name__)
def test_the_exercise_works_with_all_permissions(
    exercise: Callable[[Scene], None], scene: Scene
) -> None:
    """With all permissions."""
    exercise(scene)


@pytest.mark.parametrize("grant", GRANTS, ids=str)
def test_the_exercise_fails_without_the_permission(grant: Grant, scene: Scene) -> None:
    """With all but one."""
    hasty = dataclasses.replace(scene, patience=IN_VAIN_SECONDS)
    with without(scene.stack, grant), pytest.raises(FAILURES):
        FOR[grant.role, grant.sid][grant.action](hasty)
