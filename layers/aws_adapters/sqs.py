"""Divides messages into batches as large as SQS takes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# Amazon SQS, message quotas: the most of one batch.
ENTRIES_PER_CALL = 10
BYTES_PER_CALL = 1024 * 1024


def chunks(entries: Iterable[T], size: Callable[[T], int]) -> Iterator[Sequence[T]]:
    """Divide entries into batches for SendMessageBatch: 10 entries, 1 MiB in all; lazily.

    Args:
        entries: What to send, in order.
        size: Returns the bytes of an entry.
    """
    chunk: list[T] = []
    total = 0
    for entry in entries:
        length = size(entry)
        if chunk and (len(chunk) == ENTRIES_PER_CALL or total + length > BYTES_PER_CALL):
            yield chunk
            chunk, total = [], 0
        chunk.append(entry)
        total += length
    if chunk:
        yield chunk
