"""What an operator can do with dead letters: scan, replay, discard."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dead_letters.advice import advice
from dead_letters.letter import DeadLetter
from dead_letters.listing import COUNT_LAG_SECONDS
from dead_letters.ports import Actor, TriageDeps
from dead_letters.replay import Replay, ReplayOptions
from dead_letters.report import ActionReport, delete_letters
from dead_letters.selection import Selection
from dead_letters.sweep import WORK_SECONDS, Handle, Sweep, SweepEnd
from invites.errors import LedgerError


def dry_run(deps: TriageDeps, selection: Selection) -> dict[str, Any]:
    """What a replay would take, by the ledger; receives no letter."""
    waiting, done = _selected(deps, selection)
    reasons = Counter(waiting.values())
    reasons.pop("", None)
    return {
        "dryRun": True,
        "wouldReplay": len(waiting),
        "byReason": dict(reasons.most_common()),
        "replayHelps": {code: advice(code).replay_helps for code in reasons},
        "notInLedger": [message_id for message_id, code in waiting.items() if not code],
        "doneBefore": sorted(done),
    }


def replay(deps: TriageDeps, selection: Selection, options: ReplayOptions) -> dict[str, Any]:
    """Send letters back to the signup queue."""
    waiting, done = _selected(deps, selection)
    wanted = {*waiting, *done}
    work = Replay(deps, options, wanted.__contains__)
    end = _sweep(deps, work, work.report, wanted)
    return {"dryRun": False, **_answer(work.report, wanted, done, end)}


def discard(deps: TriageDeps, selection: Selection, why: str, actor: Actor) -> dict[str, Any]:
    """Delete letters for good. The ledger keeps who did it and why."""
    waiting, done = _selected(deps, selection)
    wanted, report = {*waiting, *done}, ActionReport()

    def record(letter: DeadLetter) -> None:
        try:
            before = deps.writer.mark_discarded(letter, why, actor)
            ended = report.already_done if before.is_done else report.discarded
            ended.append(letter.message_id)
        except LedgerError as error:
            report.failed[letter.message_id] = str(error)

    def handle(letters: Sequence[DeadLetter]) -> set[str]:
        chosen = [letter for letter in letters if letter.message_id in wanted]
        list(deps.executor.map(record, chosen))
        over = {*report.discarded, *report.already_done}
        deletable = [letter for letter in chosen if letter.message_id in over]
        return delete_letters(deps.queue, deletable, report)

    return _answer(report, wanted, done, _sweep(deps, handle, report, wanted))


def scan(deps: TriageDeps) -> dict[str, Any]:
    """See every letter once, and bring the ledger's list in line with the queue."""
    start = deps.clock.now()
    listed = {record.message_id: record for record in deps.reader.list_all()}
    seen: set[str] = set()
    new: list[str] = []
    report = ActionReport()

    def record_found(letter: DeadLetter) -> None:
        is_done = deps.writer.mark_found(letter).is_done
        (report.already_done if is_done else new).append(letter.message_id)

    def handle(letters: Sequence[DeadLetter]) -> set[str]:
        seen.update(letter.message_id for letter in letters)
        unlisted = [letter for letter in letters if letter.message_id not in listed]
        list(deps.executor.map(record_found, unlisted))
        over = {*report.already_done}
        deletable = [letter for letter in letters if letter.message_id in over]
        return delete_letters(deps.queue, deletable, report)

    end = Sweep(deps.queue, deps.executor, deps.clock).run(handle, start + WORK_SECONDS)
    # A young record may be of a message that is still on its way to the dead-letter queue.
    old = [record for record in listed.values() if record.last_tried < start - COUNT_LAG_SECONDS]
    missing = [record.message_id for record in old if record.message_id not in seen]
    left = [] if end.is_incomplete else missing
    list(deps.executor.map(deps.writer.mark_left, left))
    return {
        "seen": len(seen),
        "new": len(new),
        "left": len(left),
        "finished": len(report.already_done),
        "again": end.is_incomplete,
    }


def _selected(deps: TriageDeps, selection: Selection) -> tuple[Mapping[str, str], set[str]]:
    """The waiting letters of a selection with their reason, by message id; and the done ones."""
    if selection.where is not None:
        matches = selection.where.matches
        chosen = [record for record in deps.reader.list_all() if matches(record)]
        return {record.message_id: record.code for record in chosen}, set()
    records = deps.reader.get(selection.ids)
    done = {message_id for message_id, record in records.items() if record.state.is_done}
    waiting = [message_id for message_id in selection.ids if message_id not in done]
    codes = {message_id: record.code for message_id, record in records.items()}
    return {message_id: codes.get(message_id, "") for message_id in waiting}, done


def _sweep(deps: TriageDeps, handle: Handle, report: ActionReport, wanted: set[str]) -> SweepEnd:
    until = deps.clock.now() + WORK_SECONDS
    sweep = Sweep(deps.queue, deps.executor, deps.clock)
    return sweep.run(handle, until, lambda: wanted <= report.handled())


def _answer(
    report: ActionReport, wanted: set[str], done: set[str], end: SweepEnd
) -> dict[str, Any]:
    missing = wanted - report.handled() - done
    return {
        "replayed": len(report.replayed),
        "discarded": len(report.discarded),
        "doneBefore": len({*done, *report.already_done}),
        "failed": report.failed,
        "unsure": report.unsure,
        "undeleted": report.undeleted,
        "notFound": sorted(missing) if not end.is_incomplete else [],
        "again": bool(missing) and end.is_incomplete,
        "remaining": len(missing) if end.is_incomplete else 0,
        "replayedAs": report.replayed,
    }
