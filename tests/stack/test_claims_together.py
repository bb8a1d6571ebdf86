"""Batched claims over the stack's own ledger: PartiQL as DynamoDB has it."""

import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aws_adapters.ledger.batched_claims import BatchedClaims
from aws_adapters.ledger.claims import ClaimRows, DynamoClaims
from invites.invite import Invite
from invites.sending.claim import Claim, ClaimState
from support.stack import Stack

PEOPLE = [Invite(f"together-{number}@example.test", ("Artist",)) for number in range(30)]


class Environment:
    """An execution environment's claims, and the calls that they made, by operation."""

    def __init__(self, stack: Stack) -> None:
        self.calls: Counter[str] = Counter()
        client, table = stack.aws.client("dynamodb"), stack.outputs["LedgerTableName"]
        client.meta.events.register("before-call.dynamodb", self._note)
        rows = ClaimRows(
            "https://api.test",
            keep_seconds=3600,
            now=time.time,
            new_owner=lambda: str(uuid.uuid4()),
        )
        alone = DynamoClaims(client, table, rows)
        # Long enough for thirty threads to come together on a busy machine.
        self.claims = BatchedClaims(alone, client, table, lambda: time.sleep(0.5))

    def _note(self, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's
        self.calls[model.name] += 1

    def claim_all(self) -> list[Claim]:
        """Claim everybody, side by side."""
        with ThreadPoolExecutor(len(PEOPLE)) as threads:
            until = time.time() + 100
            return list(threads.map(lambda invite: self.claims.claim(invite, until), PEOPLE))

    def complete_all(self) -> None:
        """Everybody is invited."""
        with ThreadPoolExecutor(len(PEOPLE)) as threads:
            list(threads.map(self.claims.complete, PEOPLE))


def test_two_environments_that_claim_the_same_people_at_once_share_them_out(stack: Stack) -> None:
    """Two environments claim the same thirty people at once: each person is somebody's, once.

    Afterwards all are found invited, and nothing was claimed by overwriting.
    """
    environments = [Environment(stack), Environment(stack)]
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(Environment.claim_all, environments))
    pairs = [sorted(claim.state for claim in pair) for pair in zip(*both, strict=True)]
    assert pairs == [[ClaimState.ELSEWHERE, ClaimState.OURS]] * len(PEOPLE)
    assert sum(environment.calls["BatchExecuteStatement"] for environment in environments) >= 4
    first = Environment(stack)
    first.complete_all()
    assert first.calls == {"BatchExecuteStatement": 2}
    assert {claim.state for claim in first.claim_all()} == {ClaimState.INVITED}
