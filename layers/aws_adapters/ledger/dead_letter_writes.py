"""The ledger's rows on dead letters, written: what was done, and by whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from aws_adapters.errors import aws_error, condition_item, is_condition_failed
from aws_adapters.ledger.rows import (
    DEAD_LETTER,
    IS_DEAD_LETTER,
    REASON_SECONDS,
    message_key,
    number,
)
from dead_letters.letter import CAUSE_UNKNOWN, DeadLetter, State
from dead_letters.ports import Actor, Intent, ReplayStart
from invites.errors import LedgerError
from invites.message import ReplayMark

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class UpdateExpression:
    """What is to become of a row's attributes, by name, in DynamoDB's form.

    Attributes:
        put: Set, whatever they are.
        keep: Set unless they are there.
        remove: Removed.
        count: One more than it was; none if empty.
    """

    put: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, Any] = field(default_factory=dict)
    remove: Sequence[str] = ()
    count: str = ""

    def expression(self) -> str:
        """The UpdateExpression."""
        sets = [f"#{name} = :{name}" for name in self.put]
        sets += [f"#{name} = if_not_exists(#{name}, :{name})" for name in self.keep]
        if self.count:
            sets.append(f"#{self.count} = if_not_exists(#{self.count}, :zero) + :one")
        removes = [f"#{name}" for name in self.remove]
        parts = (("SET", sets), ("REMOVE", removes))
        return " ".join(f"{verb} {', '.join(names)}" for verb, names in parts if names)

    def names(self) -> dict[str, str]:
        """The ExpressionAttributeNames: many of the names are DynamoDB's own words."""
        counted = [self.count] if self.count else []
        return {f"#{name}": name for name in (*self.put, *self.keep, *self.remove, *counted)}

    def values(self) -> dict[str, Any]:
        """The ExpressionAttributeValues."""
        values = {f":{name}": value for name, value in (*self.put.items(), *self.keep.items())}
        return values | ({":zero": {"N": "0"}, ":one": {"N": "1"}} if self.count else {})


_NOT_DONE = "attribute_not_exists(#state) OR NOT #state IN (:sent, :discarded)"
_DONE: dict[str, Any] = {":sent": {"S": State.SENT}, ":discarded": {"S": State.DISCARDED}}
_ATTEMPT = "replay_attempt"


class DynamoDeadLetterWriter:
    """Writes rows, each in one update. Safe to use from several threads.

    Args:
        client: A low-level client.
        table: The ledger's name.
        now: The wall clock, epoch seconds.
        new_token: Gives a text that nobody can guess, anew at each call.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        now: Callable[[], float],
        new_token: Callable[[], str],
    ) -> None:
        self._client = client
        self._table = table
        self._now = now
        self._new_token = new_token

    def begin(self, letter: DeadLetter, intent: Intent, actor: Actor) -> ReplayStart:
        """Note a replay before it is sent; raises LedgerError."""
        token = {"S": self._new_token()}
        change = {
            "state": {"S": State.SENDING},
            "replay_digest": {"S": intent.digest},
            "replay_edited": {"L": [{"S": name} for name in intent.edited]},
            "replay_again": {"BOOL": intent.again},
            DEAD_LETTER: IS_DEAD_LETTER,
            **self._by(actor),
        }
        keep = self._basics(letter) | {"replay_token": token}
        old, _ = self._update(
            letter.message_id, UpdateExpression(change, keep, ["left_at"], _ATTEMPT)
        )
        attempt = int(old.get(_ATTEMPT, {}).get("N", 0)) + 1
        mark = ReplayMark(letter.message_id, old.get("replay_token", token)["S"], attempt)
        return ReplayStart(mark, _state(old))

    def give_up(self, message_id: str) -> None:
        """What was begun was surely not sent; raises LedgerError."""
        self._update(message_id, UpdateExpression(remove=["state"]))

    def end(self, message_id: str, replayed_as: str) -> None:
        """The queue has it; raises LedgerError."""
        change = {"state": {"S": State.SENT}, "replayed_as": {"S": replayed_as}}
        self._update(message_id, UpdateExpression(change, remove=[DEAD_LETTER]))

    def discard(self, letter: DeadLetter, why: str, actor: Actor) -> State:
        """Note that a letter is thrown away; its state, if it was done; raises LedgerError."""
        change = {"state": {"S": State.DISCARDED}, "why": {"S": why}, **self._by(actor)}
        return self._note(letter, change, [DEAD_LETTER])

    def found(self, letter: DeadLetter) -> State:
        """Have a letter listed that was not; its state, if it was done; raises LedgerError."""
        return self._note(letter, {DEAD_LETTER: IS_DEAD_LETTER}, ["left_at"])

    def left(self, message_id: str) -> None:
        """A letter is in the queue no more; raises LedgerError."""
        self._update(
            message_id, UpdateExpression({"left_at": number(self._now())}, remove=[DEAD_LETTER])
        )

    def _note(self, letter: DeadLetter, change: Mapping[str, Any], remove: list[str]) -> State:
        change = {**change, "expires_at": self._end()}
        whole = UpdateExpression(change, self._basics(letter), remove)
        old, is_done = self._update(letter.message_id, whole)
        return _state(old) if is_done else State.WAITING

    def _basics(self, letter: DeadLetter) -> dict[str, Any]:
        """What a row must have, of a letter that the function never wrote one for."""
        return {
            "code": {"S": CAUSE_UNKNOWN},
            "sent_at": number(letter.sent_at),
            "last_tried": number(self._now()),
        }

    def _by(self, actor: Actor) -> dict[str, Any]:
        return {
            "handled_by": {"S": actor.by},
            "handled_at": number(self._now()),
            "request_id": {"S": actor.request_id},
            "expires_at": self._end(),
        }

    def _end(self) -> dict[str, Any]:
        """Of a row: later than that of what is sent or found now."""
        return number(self._now() + REASON_SECONDS)

    def _update(self, message_id: str, change: UpdateExpression) -> tuple[dict[str, Any], bool]:
        """Change a row that is not done; the row as it was, and whether it is done."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=message_key(message_id),
                UpdateExpression=change.expression(),
                ConditionExpression=_NOT_DONE,
                ExpressionAttributeNames=change.names() | {"#state": "state"},
                ExpressionAttributeValues=change.values() | _DONE,
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                return condition_item(error), True
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
        return dict(answer.get("Attributes", {})), False


def _state(row: Mapping[str, Any]) -> State:
    stated = row.get("state", {}).get("S")
    return State(stated) if stated in set(State) else State.WAITING
