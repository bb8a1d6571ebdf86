"""The parts of a triage in memory, put together."""

from collections.abc import Sequence
from concurrent.futures import wait
from dataclasses import dataclass

from dead_letters.letter import Letter, Row
from dead_letters.ports import Actor
from dead_letters.replay import Order
from dead_letters.tools import Tools
from invites.clock import Clock
from support.build import READER, InlineExecutor, VirtualClock
from support.triage_fakes import Life, MemoryClaims, MemoryLetters, MemorySignups
from support.triage_ledger import MemoryNotes, row
from triage_dead_letters.explainer import Explaining
from triage_dead_letters.view import View

ADA = Actor("Ada", "request-1")
ORDER = Order(ADA)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a test looks at."""

    letters: MemoryLetters
    ledger: MemoryNotes
    signups: MemorySignups
    claims: MemoryClaims
    clock: VirtualClock
    life: Life
    tools: Tools


def parts(
    letters: Sequence[Letter],
    rows: Sequence[Row] | None = None,
    queue: type[MemoryLetters] = MemoryLetters,
) -> Parts:
    """Everything in memory; each letter has a row unless a test says otherwise."""
    clock, life, executor = VirtualClock(), Life(), InlineExecutor()
    known = [row(one.message_id, sent_at=one.sent_at) for one in letters] if rows is None else rows
    box, ledger = queue(letters, clock, life), MemoryNotes(known, life)
    signups, claims = MemorySignups(life), MemoryClaims()
    now = Clock(clock.now, clock.sleep, wait)
    tools = Tools(box, ledger, ledger, signups, claims, Explaining(READER), executor, now)
    return Parts(box, ledger, signups, claims, clock, life, tools)


def view(there: Parts) -> View:
    """What an operator can see of it."""
    tools = there.tools
    return View(tools.queue, tools.reads, tools.explainer, tools.executor, tools.clock, 10**6)
