"""A scan: the ledger's list is brought in line with the queue."""

from collections.abc import Sequence
from typing import Any

from dead_letters.done import Done, delete
from dead_letters.letter import Letter
from dead_letters.listing import COUNT_IS_LATE
from dead_letters.sweep import WORK_SECONDS, Sweep
from dead_letters.tools import Tools


def scan(tools: Tools) -> dict[str, Any]:
    """See every letter once, and bring the ledger's list in line with the queue."""
    began = tools.clock.now()
    known = {row.message_id: row for row in tools.reads.dead()}
    seen: set[str] = set()
    new: list[str] = []
    done = Done()

    def look(letter: Letter) -> None:
        if tools.notes.found(letter).is_done:
            done.finished.append(letter.message_id)
        else:
            new.append(letter.message_id)

    def deal_with(letters: Sequence[Letter]) -> set[str]:
        seen.update(one.message_id for one in letters)
        list(tools.executor.map(look, [one for one in letters if one.message_id not in known]))
        over = set(done.finished)
        return delete(tools.queue, [one for one in letters if one.message_id in over], done)

    ended = Sweep(tools.queue, tools.executor, tools.clock).run(deal_with, began + WORK_SECONDS)
    old = [row for row in known.values() if row.last_tried < began - COUNT_IS_LATE]
    missing = [row.message_id for row in old if row.message_id not in seen]
    gone = [] if ended.is_short else missing
    list(tools.executor.map(tools.notes.left, gone))
    return {
        "seen": len(seen),
        "new": len(new),
        "left": len(gone),
        "finished": len(done.finished),
        "again": ended.is_short,
    }
