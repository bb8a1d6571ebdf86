"""The parts of a triage in memory, put together."""

from collections.abc import Sequence
from concurrent.futures import wait
from dataclasses import dataclass

from dead_letters.letter import DeadLetter, DeadLetterRecord
from dead_letters.ports import Actor
from dead_letters.replay import ReplayOptions
from dead_letters.tools import TriageDeps
from invites.clock import Clock
from support.build import READER, InlineExecutor, VirtualClock
from support.triage_fakes import Life, MemoryClaims, MemoryLetters, MemorySignups
from support.triage_ledger import MemoryNotes, row
from triage_dead_letters.explainer import RulesExplainer
from triage_dead_letters.view import View

ADA = Actor("Ada", "request-1")
ORDER = ReplayOptions(ADA)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a test looks at."""

    letters: MemoryLetters
    ledger: MemoryNotes
    signups: MemorySignups
    claims: MemoryClaims
    clock: VirtualClock
    life: Life
    tools: TriageDeps


def parts(
    letters: Sequence[DeadLetter],
    rows: Sequence[DeadLetterRecord] | None = None,
    queue: type[MemoryLetters] = MemoryLetters,
) -> Parts:
    """Everything in memory; each letter has a row unless a test says otherwise."""
    clock, life, executor = VirtualClock(), Life(), InlineExecutor()
    known = [row(one.message_id, sent_at=one.sent_at) for one in letters] if rows is None else rows
    box, ledger = queue(letters, clock, life), MemoryNotes(known, life)
    signups, claims = MemorySignups(life), MemoryClaims()
    now = Clock(clock.now, clock.sleep, wait)
    tools = TriageDeps(box, ledger, ledger, signups, claims, RulesExplainer(READER), executor, now)
    return Parts(box, ledger, signups, claims, clock, life, tools)


def view(there: Parts) -> View:
    """What an operator can see of it."""
    tools = there.tools
    return View(tools.queue, tools.reader, tools.explainer, tools.executor, tools.clock, 10**6)
