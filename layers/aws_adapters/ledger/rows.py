"""The keys of the ledger's rows, and the attribute that marks the row of a dead letter."""

from typing import Any

# A reason outlives its message: 7 days in the queue and 14 in the dead-letter queue at most.
REASON_DAYS = 30
REASON_SECONDS = REASON_DAYS * 24 * 3600

# The index of dead letters holds only the rows that have this attribute, so messages that never
# fail cost nothing. The attribute has one value, so the index is one list, by time of sending. Its
# one partition takes 1,000 writes a second, more dead letters than there can be signups.
DEAD_LETTERS_INDEX = "DeadLetters"
DEAD_LETTER = "dead_letter"
IS_DEAD_LETTER: dict[str, Any] = {"S": "yes"}

_MESSAGE = "message#"


def message_key(message_id: str) -> dict[str, Any]:
    """The key of a message's row."""
    return {"pk": {"S": _MESSAGE + message_id}}


def message_id(row: dict[str, Any]) -> str:
    """The id of the message that a row belongs to."""
    return str(row["pk"]["S"]).removeprefix(_MESSAGE)


def person_row_key(person: str) -> dict[str, Any]:
    """The key of the row that holds a person's claim; `person` is made by `person_key`."""
    return {"pk": {"S": f"person#{person}"}}


def number(value: float) -> dict[str, Any]:
    """A whole number, such as epoch seconds."""
    return {"N": str(int(value))}
