"""The stack on the local AWS: real processes, real HTTP, faults on both sides, workers killed."""

import random
import tempfile
import time
from pathlib import Path

from simulation.prove.bodies import any_body
from simulation.prove.proxy import faulty_aws
from simulation.prove.stack_run import SECONDS, Run, are_under_way
from simulation.prove.table import Line
from support.deploy import deploy
from support.local_aws import LocalAws, local_aws
from support.spacemedia.client import StandIn
from support.stack import Stack

# Shorter than the template's, or a killed worker's messages would come back after 16 minutes.
VISIBILITY, TIMEOUT = 30, 100
BODIES = 2000


def prove_stack(count: int, seed: int) -> list[Line]:
    """Have so many messages worked off, whatever fails."""
    with (
        tempfile.TemporaryDirectory() as folder,
        StandIn() as api,
        local_aws(Path(folder)) as aws,
        faulty_aws(aws.endpoint, seed) as proxy,
    ):
        api.configure(unique=False)
        parameters = {"ApiBaseUrl": api.url, "MaximumConcurrency": "5"}
        stack = deploy(aws, "signup-invites-proof", parameters)
        stack.store_token(api.add_token(ttl=None))
        _make_quick(aws, stack)
        stack.renew_environments(
            AWS_ENDPOINT_URL_DYNAMODB=proxy.url,
            AWS_ENDPOINT_URL_SQS=proxy.url,
            AWS_ENDPOINT_URL_SECRETS_MANAGER=proxy.url,
        )
        run = Run(stack, api, proxy, seed)
        people = run.send(count)
        run.kill_workers()
        seconds = run.wait()
        lines = [*run.account(people), Line("  seconds", f"{seconds:.0f}")]
        proxy.is_on = False
        return lines + _hostile(stack, seed)


def _make_quick(aws: LocalAws, stack: Stack) -> None:
    url = stack.outputs["SignupQueueUrl"]
    aws.client("sqs").set_queue_attributes(
        QueueUrl=url, Attributes={"VisibilityTimeout": str(VISIBILITY)}
    )
    name = stack.outputs["SendInvitesFunctionName"]
    aws.client("lambda").update_function_configuration(FunctionName=name, Timeout=TIMEOUT)


def _hostile(stack: Stack, seed: int) -> list[Line]:
    """Bodies that nobody should send, through the whole stack: none stays, each is explained."""
    draw = random.Random(seed)  # noqa: S311 - the same bodies each time
    before = len(stack.messages("DeadLetterQueueUrl"))
    # SQS takes no control characters, and no half ones.
    bodies = [body for body in (any_body(draw) for _ in range(3 * BODIES)) if body.isprintable()]
    for start in range(0, BODIES, 10):
        stack.send_batch([body or " " for body in bodies[start : start + 10]])
    began = time.monotonic()
    while are_under_way(stack) and time.monotonic() - began < SECONDS:
        time.sleep(1)
    letters, reasons = stack.messages("DeadLetterQueueUrl"), stack.reasons()
    verdicts = {message_id: row.get("verdict") for message_id, row in reasons.items()}
    odd = [letter for letter in letters if verdicts.get(letter["MessageId"]) != "stop"]
    return [
        Line("  bodies fuzzed through the stack", f"{BODIES:,}"),
        Line("  of which dead letters", f"{len(letters) - before:,}"),
        Line("  dead letters that nothing explains", str(len(odd)), "0", not odd),
    ]
