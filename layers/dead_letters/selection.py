"""Which letters: by id, or by what the ledger knows of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from dead_letters.letter import DeadLetterRecord

# What one call may name: as many as fit into a request of Lambda's, and into its answer.
MAX_IDS = 10_000

_TEXTS = ("code", "cause", "source", "eventId")
_TIMES = ("sentBefore", "sentAfter")


class RequestError(ValueError):
    """The request makes no sense; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Where:
    """A filter: each key that is given must hold.

    Attributes:
        texts: By `code`, `cause`, `source` or `eventId`, the value.
        status: The API's; None for any.
        before: Sent before, epoch seconds.
        after: Sent at or after, epoch seconds.
    """

    texts: Mapping[str, str]
    status: int | None = None
    before: float = float("inf")
    after: float = 0.0

    def matches(self, row: DeadLetterRecord) -> bool:
        """Whether the letter is one of those."""
        known = {
            "code": row.code,
            "cause": row.cause,
            "source": row.source,
            "eventId": row.event_id,
        }
        return (
            all(known[name] == value for name, value in self.texts.items())
            and self.status in (None, row.status)
            and self.after <= row.sent_at < self.before
        )


ALL = Where({})


def read_where(value: object) -> Where:
    """A filter of a request; an empty one is for all.

    Raises:
        RequestError: A key or a value that is not known: a slip may not select everything.
    """
    if not isinstance(value, Mapping):
        raise RequestError("where: must be an object")
    if unknown := value.keys() - {*_TEXTS, *_TIMES, "status"}:
        raise RequestError(f"where: knows no {', '.join(sorted(map(str, unknown)))}")
    texts = {name: value[name] for name in _TEXTS if name in value}
    if not all(isinstance(text, str) for text in texts.values()):
        raise RequestError("where: code, cause, source and eventId must be text")
    status = value.get("status")
    if status is not None and type(status) is not int:
        raise RequestError("where: status must be a whole number")
    return Where(
        texts,
        status,
        _time(value.get("sentBefore"), float("inf")),
        _time(value.get("sentAfter"), 0.0),
    )


def read_ids(value: object) -> Sequence[str]:
    """Message ids of a request, each once; raises RequestError."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise RequestError("messageIds: must be a list of ids")
    ids = list(dict.fromkeys(one.strip() for one in value))
    if not 0 < len(ids) <= MAX_IDS:
        raise RequestError(f"messageIds: must be 1 to {MAX_IDS}")
    return ids


def _time(value: object, default: float) -> float:
    if value is None:
        return default
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise RequestError("where: times must be ISO 8601") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
