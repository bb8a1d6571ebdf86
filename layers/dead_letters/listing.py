"""The list of dead letters: grouped by reason, page by page."""

import base64
import binascii
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dead_letters.advice import summary
from dead_letters.letter import DeadLetterRecord
from dead_letters.selection import RequestError, Where
from invites.redaction import redact

# About 600 bytes a letter: a page is far below the 6 MB of a Lambda answer.
PAGE_SIZE = 500

# SQS's count is a minute late at most, and a stopped message reaches the dead-letter queue within
# seconds. A record younger than this may be of a letter that the count does not have yet.
COUNT_LAG_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Listing:
    """What the ledger and the queue's count say together.

    Attributes:
        records: All letters that the ledger knows, oldest first.
        total: How many letters the queue holds by its own, approximate count.
    """

    records: Sequence[DeadLetterRecord]
    total: int

    @property
    def without_reason(self) -> int:
        """How many letters the ledger does not know, by the two counts."""
        return max(0, self.total - len(self.records))

    @property
    def is_complete(self) -> bool:
        """Whether ledger and queue agree. If not, a scan brings the ledger in line."""
        return self.total == len(self.records)


def make_listing(records: Sequence[DeadLetterRecord], total: int, now: float) -> Listing:
    """Combine both. An empty queue has only young letters, which its count may not have yet."""
    believed = [
        record for record in records if total or now - record.last_tried < COUNT_LAG_SECONDS
    ]
    return Listing(sorted(believed, key=_sort_key), total)


def to_json(listing: Listing, where: Where, cursor: object, retention: float) -> dict[str, Any]:
    """The answer to `list`.

    Args:
        listing: All letters.
        where: Which of them to list.
        cursor: `next` of the page before; None for the first page.
        retention: Seconds that the dead-letter queue keeps a message from its first send.

    Raises:
        RequestError: The cursor is not valid.
    """
    chosen = [record for record in listing.records if where.matches(record)]
    after = _read_cursor(cursor)
    rest = [record for record in chosen if _sort_key(record) > after]
    page = rest[:PAGE_SIZE]
    return {
        "deadLetters": [describe(record, retention) for record in page],
        "total": listing.total,
        "byReason": dict(Counter(record.code for record in chosen).most_common()),
        "complete": listing.is_complete,
        "withoutReason": listing.without_reason,
        "next": _cursor(page[-1]) if len(rest) > PAGE_SIZE else None,
    }


def describe(record: DeadLetterRecord, retention: float) -> dict[str, Any]:
    """One letter of the list, as JSON."""
    detail = f"{record.detail} (cause: {record.cause})" if record.cause else record.detail
    return {
        "messageId": record.message_id,
        "reason": {"code": record.code, "detail": redact(detail), "status": record.status},
        "source": record.source or None,
        "attempts": record.attempts,
        "firstSeen": iso(record.first_tried) if record.first_tried else None,
        "lastTried": iso(record.last_tried) if record.first_tried else None,
        "expires": iso(record.sent_at + retention),
        "summary": summary(record),
        "state": record.state.value,
    }


def iso(seconds: float) -> str:
    """Epoch seconds as ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _sort_key(record: DeadLetterRecord) -> tuple[int, str]:
    return record.sent_at, record.message_id


def _cursor(record: DeadLetterRecord) -> str:
    return base64.urlsafe_b64encode(f"{record.sent_at} {record.message_id}".encode()).decode()


def _read_cursor(cursor: object) -> tuple[int, str]:
    if cursor is None:
        return (-1, "")
    try:
        moment, _, message_id = base64.urlsafe_b64decode(str(cursor)).decode().partition(" ")
        return int(moment), message_id
    except (binascii.Error, ValueError) as error:
        raise RequestError("next: must be the `next` of an earlier page") from error
