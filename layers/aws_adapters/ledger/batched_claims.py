"""The claims of a batch, in as few requests to the ledger as it takes.

A request costs a small Lambda more CPU than the call to the API. PartiQL's batches carry 25
statements, each of which succeeds or fails by itself and costs what it costs alone; a transaction
would cost twice as much, and fail as a whole for one person.

An INSERT never overwrites: what it did is a claim. Whatever a batch did not surely do is done as
it would be without batches, one by one, and with the same owner, so that it does not matter
whether it was done after all.
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


class MicroBatcher(Generic[Request]):
    """Gathers requests. Safe to use from several threads, which is what it is for.

    The first who asks waits a moment for others and then asks for all of them; whoever makes the
    group full does so at once.

    Args:
        act: Does what a group asks for, and says of each request whether it was done. It may not
            raise what it can foresee: one request's error would be everybody's.
        max_batch: The largest group.
        linger: Lets the moment pass.
        wait: Waits for what another thread does.
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
        """Have it done, together with what others ask for; whether it was."""
        done: Future[bool] = Future()
        with self._lock:
            self._waiting.append((request, done))
            is_first, is_full = len(self._waiting) == 1, len(self._waiting) == self._max_batch
            group = self._take_group() if is_full else []
        if is_first and not is_full:
            self._linger()
            with self._lock:
                # Nobody, if the group has become full meanwhile; or already some of the next.
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
        except Exception as error:  # noqa: BLE001 - all of them wait for an answer
            for _, done in group:
                if not done.done():
                    done.set_exception(error)


# Amazon DynamoDB, BatchExecuteStatement: at most so many statements.
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
    """Claims, safe to use from several threads; those of the same moment go together.

    Args:
        claims: Makes them one by one.
        client: A low-level client that tries once: after it, everybody tries by themselves.
        table: The table's name.
        linger: Lets a moment pass, in which others may come.
        wait: Waits for what another thread does.
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
        """The person is invited, whoever claims; raises LedgerError."""
        row = self._claims.rows.invited(invite)
        key = self._claims.rows.key(invite)
        if not self._updates.submit([*(row[name] for name in _INVITED), key["pk"]]):
            self._claims.complete(invite)

    def release(self, invite: Invite, claim: Claim) -> None:
        """Give the claim up, if it is still held; raises LedgerError. Failures are rare."""
        self._claims.release(invite, claim)

    def _execute(self, statement: str, parameters: Sequence[list[Any]]) -> list[bool]:
        """Of each, whether it was surely done."""
        if len(parameters) == 1:
            return [False]  # alone it is better done by itself, which says more of what it found
        statements: list[Any] = [{"Statement": statement, "Parameters": one} for one in parameters]
        try:
            answer = self._client.batch_execute_statement(Statements=statements)
        except (BotoCoreError, ClientError):
            # Tried one by one, each of them meets what is wrong, or does not.
            return [False] * len(parameters)
        return ["Error" not in one for one in answer["Responses"]]
