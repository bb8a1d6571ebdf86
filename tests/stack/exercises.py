"""What each permission of the stack is for: each function here fails without some of them."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from aws_adapters.ledger.batched_claims import BatchedClaims
from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from send_invites.sqs import SignupQueue
from send_invites.token_renewal import RotationRequester
from stack.scene import Scene
from support.build import InlineExecutor, message
from support.jobs import job_done
from support.privileges import role_client
from support.rotation import Rotator
from support.spacemedia.client import Step


def invite(scene: Scene) -> None:
    """A new environment invites somebody."""
    email = scene.someone()
    scene.stack.renew_environments()
    scene.stack.send(json.dumps({"email": email}))
    scene.is_invited(email)


def stop(scene: Scene) -> None:
    """A message that can never succeed is dead-lettered."""
    message_id = scene.stack.send("prose")
    scene.wait_until(lambda: scene.triage.has_letters(message_id), "the letter")


def settle(scene: Scene) -> None:
    """A message that is done is deleted before the batch is answered."""
    client = role_client(scene.stack, "SendInvitesRole", "sqs")
    queue = SignupQueue(client, scene.stack.outputs["SignupQueueUrl"], InlineExecutor())
    done = Outcome(Verdict.ALREADY_INVITED)
    result = job_done(done, message("{}"))
    # SQS looks at the handle, of a receive that there was not, once it may.
    assert queue.delete([result]) == {"message-1": "ReceiptHandleIsInvalid"}


def split(scene: Scene) -> None:
    """A list is split."""
    people = [scene.someone(), scene.someone()]
    scene.stack.send(json.dumps([{"email": email} for email in people]))
    for email in people:
        scene.is_invited(email)


def announce(scene: Scene) -> None:
    """The topic of outcomes is told."""
    message_id = scene.stack.send(json.dumps({"email": scene.someone()}))
    scene.wait_until(lambda: message_id in scene.heard(), "the outcome")


def take_over(scene: Scene) -> None:
    """A claim is over, of a function that was cut off: somebody else makes it."""
    email, past = scene.someone(), str(int(time.time()) - 60)
    row = {
        **scene.row_key(email),
        "state": {"S": "in_progress"},
        "owner": {"S": "cut off"},
        "held_until": {"N": past},
        "expires_at": {"N": str(int(time.time()) + 3600)},
    }
    scene.stack.client("dynamodb").put_item(
        TableName=scene.stack.outputs["LedgerTableName"], Item=row
    )
    scene.stack.send(json.dumps({"email": email}))
    scene.is_invited(email)


def give_up(scene: Scene) -> None:
    """After an answer that is no success the claim is given up."""
    email = scene.someone()
    scene.api.script(Step(email=email, status=500))
    message_id = scene.stack.send(json.dumps({"email": email}))
    scene.wait_until(lambda: scene.stack.reason(message_id), "the reason")
    assert scene.row(email) is None


def claim_together(scene: Scene) -> None:
    """Claims of one moment go in one request, and so do their ends."""
    client = role_client(scene.stack, "SendInvitesRole", "dynamodb")
    calls: Counter[str] = Counter()
    client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.update([model.name])
    )
    table = scene.stack.outputs["LedgerTableName"]
    rows = ClaimRows("exercise", keep_seconds=3600, now=time.time, new_owner=lambda: "me")
    alone = DynamoClaims(client, table, rows)
    claims = BatchedClaims(alone, client, table, lambda: time.sleep(0.2))
    people = [Invite(scene.someone(), ()) for _ in range(2)]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda invite: claims.claim(invite, time.time() + 60), people))
        list(threads.map(claims.complete, people))
    assert calls == {"BatchExecuteStatement": 2}


def ask(scene: Scene) -> None:
    """Secrets Manager is asked for a rotation."""
    client = role_client(scene.stack, "SendInvitesRole", "secretsmanager")
    name = scene.stack.outputs["RotateTokenFunctionName"]
    arn = scene.stack.client("lambda").get_function_configuration(FunctionName=name)["FunctionArn"]
    asked = RotationRequester(client, scene.stack.outputs["TokenSecretArn"], arn)
    assert asked.request_rotation() is None


def rotate(scene: Scene) -> None:
    """A rotation's four steps, with another one that never ended."""
    rotator = Rotator(scene.stack)
    rotator.announce()
    rotator.rotate()
