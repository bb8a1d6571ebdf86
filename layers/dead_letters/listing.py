"""The list: which letters there are, grouped by reason, page by page."""

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

# About 600 bytes each: far below the 6 MB of a Lambda answer.
PAGE = 500

# So long after its last try a row can be believed to be of a letter that the queue's count knows:
# the count is a minute late at most, and a stopped message reaches the queue within seconds.
COUNT_IS_LATE = 300.0


@dataclass(frozen=True, slots=True)
class Listing:
    """What the ledger and the queue's count say together.

    Attributes:
        rows: All letters that the ledger knows, oldest first.
        total: How many the queue holds, by its own, approximate count.
    """

    rows: Sequence[DeadLetterRecord]
    total: int

    @property
    def without_reason(self) -> int:
        """How many letters the ledger does not know, as far as can be told."""
        return max(0, self.total - len(self.rows))

    @property
    def is_complete(self) -> bool:
        """Whether ledger and queue agree; if not, a scan settles it."""
        return self.total == len(self.rows)


def listing(rows: Sequence[DeadLetterRecord], total: int, now: float) -> Listing:
    """Put them together: an empty queue has no letters, whatever the ledger thinks."""
    believed = [row for row in rows if total or now - row.last_tried < COUNT_IS_LATE]
    return Listing(sorted(believed, key=_place), total)


def to_json(whole: Listing, where: Where, cursor: object, retention: float) -> dict[str, Any]:
    """The answer to `list`.

    Args:
        whole: All letters.
        where: Which of them.
        cursor: `next` of the page before; None for the first.
        retention: Seconds that the dead-letter queue keeps a message from its first send.

    Raises:
        RequestError: For a cursor that is none.
    """
    chosen = [row for row in whole.rows if where.matches(row)]
    after = _read_cursor(cursor)
    rest = [row for row in chosen if _place(row) > after]
    page = rest[:PAGE]
    return {
        "deadLetters": [describe(row, retention) for row in page],
        "total": whole.total,
        "byReason": dict(Counter(row.code for row in chosen).most_common()),
        "complete": whole.is_complete,
        "withoutReason": whole.without_reason,
        "next": _cursor(page[-1]) if len(rest) > PAGE else None,
    }


def describe(row: DeadLetterRecord, retention: float) -> dict[str, Any]:
    """One letter, as the list has it."""
    detail = redact(f"{row.detail} (cause: {row.cause})" if row.cause else row.detail)
    return {
        "messageId": row.message_id,
        "reason": {"code": row.code, "detail": detail, "status": row.status},
        "source": row.source or None,
        "attempts": row.attempts,
        "firstSeen": iso(row.first_tried) if row.first_tried else None,
        "lastTried": iso(row.last_tried) if row.first_tried else None,
        "expires": iso(row.sent_at + retention),
        "summary": summary(row),
        "state": row.state.value,
    }


def iso(seconds: float) -> str:
    """Epoch seconds as ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _place(row: DeadLetterRecord) -> tuple[int, str]:
    return row.sent_at, row.message_id


def _cursor(row: DeadLetterRecord) -> str:
    return base64.urlsafe_b64encode(f"{row.sent_at} {row.message_id}".encode()).decode()


def _read_cursor(cursor: object) -> tuple[int, str]:
    if cursor is None:
        return (-1, "")
    try:
        moment, _, message_id = base64.urlsafe_b64decode(str(cursor)).decode().partition(" ")
        return int(moment), message_id
    except (binascii.Error, ValueError) as error:
        raise RequestError("next: is not of a page before") from error
