"""Writes the ledger's records of dead letters: what was done, and by whom."""

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
    """A change of an item's attributes, by name, in DynamoDB's form.

    Attributes:
        put: Attributes to set.
        put_if_absent: Attributes to set unless the item has them.
        remove: Attributes to remove.
        increment: An attribute to count up by one; none if empty.
    """

    put: Mapping[str, Any] = field(default_factory=dict)
    put_if_absent: Mapping[str, Any] = field(default_factory=dict)
    remove: Sequence[str] = ()
    increment: str = ""

    def expression(self) -> str:
        """The UpdateExpression."""
        sets = [f"#{name} = :{name}" for name in self.put]
        sets += [f"#{name} = if_not_exists(#{name}, :{name})" for name in self.put_if_absent]
        if self.increment:
            sets.append(f"#{self.increment} = if_not_exists(#{self.increment}, :zero) + :one")
        removes = [f"#{name}" for name in self.remove]
        clauses = (("SET", sets), ("REMOVE", removes))
        return " ".join(f"{verb} {', '.join(changes)}" for verb, changes in clauses if changes)

    def names(self) -> dict[str, str]:
        """The ExpressionAttributeNames: many of the names are reserved words of DynamoDB."""
        counted = [self.increment] if self.increment else []
        names = (*self.put, *self.put_if_absent, *self.remove, *counted)
        return {f"#{name}": name for name in names}

    def values(self) -> dict[str, Any]:
        """The ExpressionAttributeValues."""
        items = (*self.put.items(), *self.put_if_absent.items())
        values = {f":{name}": value for name, value in items}
        return values | ({":zero": {"N": "0"}, ":one": {"N": "1"}} if self.increment else {})


_NOT_DONE = "attribute_not_exists(#state) OR NOT #state IN (:sent, :discarded)"
_DONE: dict[str, Any] = {":sent": {"S": State.SENT}, ":discarded": {"S": State.DISCARDED}}
_ATTEMPT = "replay_attempt"


class DynamoDeadLetterWriter:
    """Writes records, each in one update. Safe to use from several threads.

    Args:
        client: A low-level client.
        table: The ledger's name.
        now: The wall clock, epoch seconds.
        new_token: Gives a new text at each call, which nobody can guess.
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

    def begin_replay(self, letter: DeadLetter, intent: Intent, actor: Actor) -> ReplayStart:
        """Note a replay before the message is sent; raises LedgerError."""
        token = {"S": self._new_token()}
        change = {
            "state": {"S": State.SENDING},
            "replay_digest": {"S": intent.digest},
            "replay_edited": {"L": [{"S": name} for name in intent.edited]},
            "replay_again": {"BOOL": intent.again},
            DEAD_LETTER: IS_DEAD_LETTER,
            **self._handled_by(actor),
        }
        # The first attempt's token is kept, so that the marks of all attempts have the same one.
        defaults = self._required(letter) | {"replay_token": token}
        update = UpdateExpression(change, defaults, ["left_at"], _ATTEMPT)
        old, _ = self._update(letter.message_id, update)
        attempt = int(old.get(_ATTEMPT, {}).get("N", 0)) + 1
        mark = ReplayMark(letter.message_id, old.get("replay_token", token)["S"], attempt)
        return ReplayStart(mark, _state(old))

    def cancel_replay(self, message_id: str) -> None:
        """Take back the note of a replay that was certainly not sent; raises LedgerError."""
        self._update(message_id, UpdateExpression(remove=["state"]))

    def complete_replay(self, message_id: str, replayed_as: str) -> None:
        """Note that the signup queue has the message, under a new id; raises LedgerError."""
        change = {"state": {"S": State.SENT}, "replayed_as": {"S": replayed_as}}
        self._update(message_id, UpdateExpression(change, remove=[DEAD_LETTER]))

    def mark_discarded(self, letter: DeadLetter, why: str, actor: Actor) -> State:
        """Note a discard. Returns the state if the letter was done, else WAITING.

        Raises:
            LedgerError: The note cannot be written.
        """
        discarded = {"state": {"S": State.DISCARDED}, "why": {"S": why}}
        return self._mark(letter, discarded | self._handled_by(actor), [DEAD_LETTER])

    def mark_found(self, letter: DeadLetter) -> State:
        """List a letter that was not listed. Returns and raises as `mark_discarded` does."""
        return self._mark(letter, {DEAD_LETTER: IS_DEAD_LETTER}, ["left_at"])

    def mark_left(self, message_id: str) -> None:
        """Note that a letter is no longer in the queue; raises LedgerError."""
        left = {"left_at": number(self._now())}
        self._update(message_id, UpdateExpression(left, remove=[DEAD_LETTER]))

    def _mark(self, letter: DeadLetter, change: Mapping[str, Any], remove: list[str]) -> State:
        change = {**change, "expires_at": self._expiry()}
        update = UpdateExpression(change, self._required(letter), remove)
        old, is_done = self._update(letter.message_id, update)
        return _state(old) if is_done else State.WAITING

    def _required(self, letter: DeadLetter) -> dict[str, Any]:
        """What a record must have, even if the function never wrote one for this letter."""
        return {
            "code": {"S": CAUSE_UNKNOWN},
            "sent_at": number(letter.sent_at),
            "last_tried": number(self._now()),
        }

    def _handled_by(self, actor: Actor) -> dict[str, Any]:
        return {
            "handled_by": {"S": actor.by},
            "handled_at": number(self._now()),
            "request_id": {"S": actor.request_id},
            "expires_at": self._expiry(),
        }

    def _expiry(self) -> dict[str, Any]:
        """When the record ends: after any message that is sent or found now."""
        return number(self._now() + REASON_SECONDS)

    def _update(self, message_id: str, update: UpdateExpression) -> tuple[dict[str, Any], bool]:
        """Change a record that is not done. Returns the old item, and whether it was done."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=message_key(message_id),
                UpdateExpression=update.expression(),
                ConditionExpression=_NOT_DONE,
                ExpressionAttributeNames=update.names() | {"#state": "state"},
                ExpressionAttributeValues=update.values() | _DONE,
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_condition_failed(error):
                return condition_item(error), True
            raise LedgerError(f"the ledger cannot be written: {aws_error(error)}") from error
        return dict(answer.get("Attributes", {})), False


def _state(item: Mapping[str, Any]) -> State:
    stated = item.get("state", {}).get("S")
    return State(stated) if stated in set(State) else State.WAITING
