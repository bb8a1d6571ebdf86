"""The claims of a batch, in as few requests to the ledger as possible.

A request costs a small Lambda more CPU than the call to the API. PartiQL's batches carry 25
statements. Each of them succeeds or fails by itself and costs what it costs alone; a transaction
would cost twice as much, and fail as a whole for one person.

An INSERT never overwrites, so a statement that succeeded is a claim. Whatever a batch did not
surely do is done again one by one, as without batches. The owner is the same, so it does not
matter whether the batch did it after all.
"""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, wait
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.ledger.claims import DynamoClaims, claim_in_row
from invites.invite import Invite
from invites.sending.claim import Claim

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


Request = TypeVar("Request")

# Amazon DynamoDB, BatchExecuteStatement: the most statements of one request.
STATEMENTS_PER_CALL = 25

_CLAIMED = ("pk", "state", "owner", "held_until", "roles", "expires_at", "is_exact")
_INSERT = (
    "INSERT INTO \"{table}\" VALUE {{'pk': ?, 'state': ?, 'owner': ?, 'held_until': ?, "
    "'roles': ?, 'expires_at': ?, 'is_exact': ?}}"
)
_INVITED = ("state", "roles", "expires_at", "is_exact")
_UPDATE = (
    'UPDATE "{table}" SET "state" = ? SET "roles" = ? SET expires_at = ? SET is_exact = ? '
    "WHERE pk = ?"
)


class BatchedClaims:
    """Claims, safe to use from several threads; those made at about the same time go together.

    Args:
        claims: Makes them one by one.
        client: A low-level client that tries once: after a failure each thread tries by itself.
        table: The table's name.
        linger: Sleeps for a moment, in which other threads may join.
        wait: Waits for the result of another thread.
    """

    def __init__(
        self,
        claims: DynamoClaims,
        client: "DynamoDBClient",
        table: str,
        linger: Callable[[], None],
        wait: Callable[[Collection[Future[bool]]], object] = wait,
    ) -> None:
        self._claims = claims
        self._client = client
        insert, update = _INSERT.format(table=table), _UPDATE.format(table=table)
        self._inserts = MicroBatcher(
            partial(self._execute, insert), STATEMENTS_PER_CALL, linger, wait
        )
        self._updates = MicroBatcher(
            partial(self._execute, update), STATEMENTS_PER_CALL, linger, wait
        )

    def claim(self, invite: Invite, until: float) -> Claim:
        """Claim a person.

        Args:
            invite: Whom to claim.
            until: When the claim ends by itself, epoch seconds.

        Raises:
            LedgerError: It is not known whether the claim was made.
        """
        if folded := self._claims.find_folded(invite):
            return folded
        row = self._claims.rows.claimed(invite, until)
        if self._inserts.submit([row[name] for name in _CLAIMED]):
            return claim_in_row(row, row["owner"]["S"])
        return self._claims.put(row)

    def complete(self, invite: Invite) -> None:
        """Write that the person is invited, whoever holds the claim; raises LedgerError."""
        row = self._claims.rows.invited(invite)
        key = self._claims.rows.key(invite)
        if not self._updates.submit([*(row[name] for name in _INVITED), key["pk"]]):
            self._claims.complete(invite)

    def release(self, invite: Invite, claim: Claim) -> None:
        """Release the claim, if it is still held; raises LedgerError. Too rare to be batched."""
        self._claims.release(invite, claim)

    def _execute(self, statement: str, parameters: Sequence[list[Any]]) -> list[bool]:
        """Whether each statement was surely done."""
        if len(parameters) == 1:
            return [False]  # alone it is done as without batches, which says more of what it found
        statements: list[Any] = [
            {"Statement": statement, "Parameters": values} for values in parameters
        ]
        try:
            answer = self._client.batch_execute_statement(Statements=statements)
        except (BotoCoreError, ClientError):
            # Tried one by one, each of them fails with its own reason, or succeeds.
            return [False] * len(parameters)
        return ["Error" not in response for response in answer["Responses"]]


class MicroBatcher(Generic[Request]):
    """Executes requests of several threads in groups. Safe to use from several threads.

    The thread that submits the first request of a group waits a moment for others and then
    executes all of them. The thread that makes a group full executes it at once.

    Args:
        execute: Executes a group, and says of each request whether it was done. It raises nothing
            that it can foresee: one request's error would be everybody's.
        max_batch: The largest group.
        linger: Sleeps for a moment.
        wait: Waits for the result of another thread.
    """

    def __init__(
        self,
        execute: Callable[[Sequence[Request]], Sequence[bool]],
        max_batch: int,
        linger: Callable[[], None],
        wait: Callable[[Collection[Future[bool]]], object] = wait,
    ) -> None:
        self._execute = execute
        self._max_batch = max_batch
        self._linger = linger
        self._wait = wait
        self._lock = Lock()
        self._waiting: list[tuple[Request, Future[bool]]] = []

    def submit(self, request: Request) -> bool:
        """Have a request executed with those of other threads; whether it was done."""
        done: Future[bool] = Future()
        with self._lock:
            self._waiting.append((request, done))
            is_first, is_full = len(self._waiting) == 1, len(self._waiting) == self._max_batch
            group = self._take_group() if is_full else []
        if is_first and not is_full:
            self._linger()
            with self._lock:
                # Empty if another thread has made it full meanwhile; or part of the next group.
                group = self._take_group()
        self._execute_group(group)
        self._wait([done])
        return done.result()

    def _take_group(self) -> list[tuple[Request, "Future[bool]"]]:
        group, self._waiting = self._waiting, []
        return group

    def _execute_group(self, group: Sequence[tuple[Request, "Future[bool]"]]) -> None:
        if not group:
            return
        try:
            answers = self._execute([request for request, _ in group])
            for (_, done), answer in zip(group, answers, strict=True):
                done.set_result(answer)
        except Exception as error:  # noqa: BLE001 - all threads of the group wait for an answer
            for _, done in group:
                if not done.done():
                    done.set_exception(error)
