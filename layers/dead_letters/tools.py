"""What triage works with."""

from concurrent.futures import Executor
from dataclasses import dataclass

from dead_letters.correction import Explainer
from dead_letters.ports import Claims, Notes, Reads, Signups
from dead_letters.sweep import DeadLetterQueue
from invites.clock import Clock


@dataclass(frozen=True, slots=True)
class Tools:
    """What acts need: the queue, the ledger, the way back, the rules."""

    queue: DeadLetterQueue
    reads: Reads
    notes: Notes
    signups: Signups
    claims: Claims
    explainer: Explainer
    executor: Executor
    clock: Clock
