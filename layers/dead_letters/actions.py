"""What an operator can do: replay and discard."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dead_letters.advice import advice
from dead_letters.letter import DeadLetter
from dead_letters.listing import COUNT_IS_LATE
from dead_letters.ports import Actor
from dead_letters.replay import Replay, ReplayOptions
from dead_letters.report import ActionReport, delete
from dead_letters.selection import Where
from dead_letters.sweep import WORK_SECONDS, ScanEnd, Sweep
from dead_letters.tools import TriageDeps
from invites.errors import LedgerError


@dataclass(frozen=True, slots=True)
class Selection:
    """The letters that are meant: those with these ids, or those that the filter matches."""

    ids: Sequence[str] = ()
    where: Where | None = None


def dry_run(deps: TriageDeps, selection: Selection) -> dict[str, Any]:
    """What a replay would take, by the ledger; receives nothing."""
    waiting, done = _wanted(deps, selection)
    reasons = Counter(waiting.values())
    reasons.pop("", None)
    return {
        "dryRun": True,
        "wouldReplay": len(waiting),
        "byReason": dict(reasons.most_common()),
        "replayHelps": {code: advice(code).replay_helps for code in reasons},
        "notInLedger": [one for one, code in waiting.items() if not code],
        "doneBefore": sorted(done),
    }


def replay(deps: TriageDeps, selection: Selection, options: ReplayOptions) -> dict[str, Any]:
    """Send letters back to the signup queue."""
    waiting, before = _wanted(deps, selection)
    wanted = {*waiting, *before}
    work = Replay(deps, options, wanted.__contains__)
    ended = _sweep(deps, work, work.report, wanted)
    return {"dryRun": False, **_report(work.report, wanted, before, ended)}


def discard(deps: TriageDeps, selection: Selection, why: str, actor: Actor) -> dict[str, Any]:
    """Throw letters away, for a reason that is kept."""
    waiting, earlier = _wanted(deps, selection)
    wanted, done = {*waiting, *earlier}, ActionReport()

    def note(letter: DeadLetter) -> None:
        try:
            before = deps.writer.discard(letter, why, actor)
            (done.finished if before.is_done else done.discarded).append(letter.message_id)
        except LedgerError as error:
            done.failed[letter.message_id] = str(error)

    def deal_with(letters: Sequence[DeadLetter]) -> set[str]:
        meant = [one for one in letters if one.message_id in wanted]
        list(deps.executor.map(note, meant))
        over = {*done.discarded, *done.finished}
        return delete(deps.queue, [one for one in meant if one.message_id in over], done)

    ended = _sweep(deps, deal_with, done, wanted)
    return _report(done, wanted, earlier, ended)


def _wanted(deps: TriageDeps, selection: Selection) -> tuple[Mapping[str, str], set[str]]:
    """By message id the reason of each letter that is meant, and which of them are done before."""
    if selection.where is not None:
        chosen = [row for row in deps.reader.dead() if selection.where.matches(row)]
        return {row.message_id: row.code for row in chosen}, set()
    rows = deps.reader.rows(selection.ids)
    done = {one for one, row in rows.items() if row.state.is_done}
    waiting = [one for one in selection.ids if one not in done]
    return {one: rows[one].code if one in rows else "" for one in waiting}, done


def _sweep(
    deps: TriageDeps,
    work: Callable[[Sequence[DeadLetter]], set[str]],
    report: ActionReport,
    wanted: set[str],
) -> ScanEnd:
    until = deps.clock.now() + WORK_SECONDS
    return Sweep(deps.queue, deps.executor, deps.clock).run(
        work, until, lambda: wanted <= report.met()
    )


def _report(
    report: ActionReport, wanted: set[str], before: set[str], ended: ScanEnd
) -> dict[str, Any]:
    missing = wanted - report.met() - before
    return {
        "replayed": len(report.replayed),
        "discarded": len(report.discarded),
        "doneBefore": len(before | set(report.finished)),
        "failed": report.failed,
        "unsure": report.unsure,
        "undeleted": report.undeleted,
        "notFound": sorted(missing) if not ended.is_short else [],
        "again": bool(missing) and ended.is_short,
        "remaining": len(missing) if ended.is_short else 0,
        "replayedAs": report.replayed,
    }


def scan(deps: TriageDeps) -> dict[str, Any]:
    """See every letter once, and bring the ledger's list in line with the queue."""
    began = deps.clock.now()
    known = {row.message_id: row for row in deps.reader.dead()}
    seen: set[str] = set()
    new: list[str] = []
    done = ActionReport()

    def look(letter: DeadLetter) -> None:
        if deps.writer.found(letter).is_done:
            done.finished.append(letter.message_id)
        else:
            new.append(letter.message_id)

    def deal_with(letters: Sequence[DeadLetter]) -> set[str]:
        seen.update(one.message_id for one in letters)
        list(deps.executor.map(look, [one for one in letters if one.message_id not in known]))
        over = set(done.finished)
        return delete(deps.queue, [one for one in letters if one.message_id in over], done)

    ended = Sweep(deps.queue, deps.executor, deps.clock).run(deal_with, began + WORK_SECONDS)
    old = [row for row in known.values() if row.last_tried < began - COUNT_IS_LATE]
    missing = [row.message_id for row in old if row.message_id not in seen]
    gone = [] if ended.is_short else missing
    list(deps.executor.map(deps.writer.left, gone))
    return {
        "seen": len(seen),
        "new": len(new),
        "left": len(gone),
        "finished": len(done.finished),
        "again": ended.is_short,
    }
