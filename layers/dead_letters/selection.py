"""Which letters a request means: by id, or by a filter on what the ledger knows of them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dead_letters.letter import DeadLetterRecord

# As many ids as fit into a request of Lambda and into its answer.
MAX_IDS = 10_000

_TEXT_KEYS = ("code", "cause", "source", "eventId")
_KEYS = (*_TEXT_KEYS, "status", "sentBefore", "sentAfter")


class RequestError(ValueError):
    """The request is not valid; the message says what is wrong, and nothing was done."""


@dataclass(frozen=True, slots=True)
class Where:
    """A filter: every key that is given must match.

    Attributes:
        texts: The wanted value by key: `code`, `cause`, `source` or `eventId`.
        status: The API's status; None for any.
        before: Sent before, epoch seconds.
        after: Sent at or after, epoch seconds.
    """

    texts: Mapping[str, str]
    status: int | None = None
    before: float = float("inf")
    after: float = 0.0

    def matches(self, record: DeadLetterRecord) -> bool:
        """Whether the filter matches this letter."""
        known = {
            "code": record.code,
            "cause": record.cause,
            "source": record.source,
            "eventId": record.event_id,
        }
        return (
            all(known[key] == value for key, value in self.texts.items())
            and self.status in (None, record.status)
            and self.after <= record.sent_at < self.before
        )


ALL = Where({})


@dataclass(frozen=True, slots=True)
class Selection:
    """The letters with these ids, or the letters that the filter matches."""

    ids: Sequence[str] = ()
    where: Where | None = None


def read_selection(request: Mapping[str, Any]) -> Selection:
    """The letters of a request, by `messageIds` or by `where`; raises RequestError."""
    if ("messageIds" in request) == ("where" in request):
        raise RequestError("either messageIds or where is needed, and not both")
    if "where" in request:
        return Selection(where=read_where(request["where"]))
    return Selection(ids=read_ids(request["messageIds"]))


def read_where(value: object) -> Where:
    """A filter of a request; an empty one matches every letter.

    Raises:
        RequestError: A key or a value is not known. A misspelt key must not select everything.
    """
    if not isinstance(value, Mapping):
        raise RequestError("where: must be an object")
    if unknown := value.keys() - {*_KEYS}:
        raise RequestError(f"where: unknown key {_join(unknown)}; known are {', '.join(_KEYS)}")
    texts = {key: value[key] for key in _TEXT_KEYS if key in value}
    if not all(isinstance(text, str) for text in texts.values()):
        raise RequestError("where: code, cause, source and eventId must be text")
    status = value.get("status")
    if status is not None and type(status) is not int:
        raise RequestError("where: status must be a whole number")
    return Where(
        texts,
        status,
        _read_time(value.get("sentBefore"), float("inf")),
        _read_time(value.get("sentAfter"), 0.0),
    )


def read_ids(value: object) -> Sequence[str]:
    """Message ids of a request, without duplicates; raises RequestError."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise RequestError("messageIds: must be a list of message ids")
    ids = list(dict.fromkeys(item.strip() for item in value))
    if not 0 < len(ids) <= MAX_IDS:
        raise RequestError(f"messageIds: must have 1 to {MAX_IDS:,} ids")
    return ids


def reject_unknown_fields(request: Mapping[str, Any], known: Set[str]) -> None:
    """Refuse other fields: a misspelt `dryrun` would replay; raises RequestError."""
    if unknown := request.keys() - known:
        raise RequestError(f"{_join(unknown)}: not a field of this request")


def _join(names: Set[object]) -> str:
    return ", ".join(sorted(map(str, names)))


def _read_time(value: object, default: float) -> float:
    if value is None:
        return default
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise RequestError("where: sentBefore and sentAfter must be ISO 8601 times") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
