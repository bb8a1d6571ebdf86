"""A backlog through the local AWS, messages a second: the deployed stack, and a bare handler.

The bare handler does nothing but POST: no ledger, no check, no log. Both have the same queue
settings. The local AWS takes its share of the same machine, so only the ratio is meaningful.
"""

import io
import json
import tempfile
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures import Figure, interleaved, ratios
from bench.surroundings import TOKEN, progress
from support.build import signup
from support.deploy import deploy
from support.local_aws import LocalAws, local_aws
from support.spacemedia.client import StandIn
from support.waiting import wait_until

MESSAGES, ROUNDS = 500, 5
CONCURRENCY, BATCH_SIZE = 4, 10
PATIENCE_SECONDS = 300.0
SOURCE = Path(__file__).with_name("bare_function") / "post_handler.py"


def measure() -> list[Figure]:
    """All figures."""
    with tempfile.TemporaryDirectory() as folder, StandIn() as api, local_aws(Path(folder)) as aws:
        api.add_token(TOKEN, ttl=None)
        progress("deploying")
        queues = _deployed(aws, api), _bare(aws, api)
        numbers = iter(range(0, 10**9, MESSAGES))
        measures = [partial(_drain, aws, api, queue, numbers) for queue in queues]
        progress(f"{ROUNDS + 1} backlogs of {MESSAGES} messages, for each of the two")
        interleaved(1, *measures)
        mine, bare = interleaved(ROUNDS, *measures)
    return [
        Figure("ours", mine, "messages/s"),
        Figure("a bare handler that only POSTs", bare, "messages/s"),
        Figure("ours / bare", ratios(mine, bare)),
    ]


def _deployed(aws: LocalAws, api: StandIn) -> str:
    parameters = {"ApiBaseUrl": api.url, "MaximumConcurrency": str(CONCURRENCY)}
    stack = deploy(aws, "signup-invites-bench", parameters)
    stack.store_token(TOKEN)
    return stack.outputs["SignupQueueUrl"]


def _bare(aws: LocalAws, api: StandIn) -> str:
    """The queue's URL."""
    iam, sqs = aws.client("iam"), aws.client("sqs")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    role = iam.create_role(
        RoleName="bare",
        AssumeRolePolicyDocument=json.dumps(_policy(trust | {"Action": "sts:AssumeRole"})),
    )
    allowed = _policy({"Effect": "Allow", "Action": ["sqs:*", "logs:*"], "Resource": "*"})
    iam.put_role_policy(RoleName="bare", PolicyName="bare", PolicyDocument=json.dumps(allowed))
    aws.client("lambda").create_function(
        FunctionName="bare",
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler="post_handler.lambda_handler",
        Code={"ZipFile": _zipped(SOURCE)},
        Timeout=60,
        Environment={"Variables": {"API_BASE_URL": api.url, "TOKEN": TOKEN}},
    )
    url: str = sqs.create_queue(QueueName="bare", Attributes={"VisibilityTimeout": "360"})[
        "QueueUrl"
    ]
    names = ["QueueArn"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]["QueueArn"]
    aws.client("lambda").create_event_source_mapping(
        EventSourceArn=arn,
        FunctionName="bare",
        BatchSize=BATCH_SIZE,
        ScalingConfig={"MaximumConcurrency": CONCURRENCY},
    )
    return url


def _policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [statement]}


def _zipped(source: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.write(source, source.name)
    return buffer.getvalue()


def _drain(aws: LocalAws, api: StandIn, queue: str, numbers: Iterator[int]) -> float:
    """Messages a second, from the poller's start on a full queue until the last was invited."""
    client, arn = aws.client("lambda"), queue.rpartition("/")[2]
    mapping = next(
        mapping["UUID"]
        for mapping in client.list_event_source_mappings()["EventSourceMappings"]
        if mapping["EventSourceArn"].endswith(f":{arn}")
    )
    client.update_event_source_mapping(UUID=mapping, Enabled=False)
    _send(aws, queue, next(numbers))
    expected = api.stats().created + MESSAGES
    began = time.perf_counter()
    client.update_event_source_mapping(UUID=mapping, Enabled=True)
    wait_until(lambda: api.stats().created >= expected, "the backlog", PATIENCE_SECONDS)
    return MESSAGES / (time.perf_counter() - began)


def _send(aws: LocalAws, queue: str, first: int) -> None:
    sqs = aws.client("sqs")
    for start in range(first, first + MESSAGES, BATCH_SIZE):
        bodies = [json.dumps(signup(number)) for number in range(start, start + BATCH_SIZE)]
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
        sqs.send_message_batch(QueueUrl=queue, Entries=entries)
