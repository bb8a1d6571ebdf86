"""What triage works with."""

from concurrent.futures import Executor
from dataclasses import dataclass

from dead_letters.correction import Explainer
from dead_letters.ports import DeadLetterReader, DeadLetterWriter, ForgetClaim, SignupQueue
from dead_letters.sweep import DeadLetterQueue
from invites.clock import Clock


@dataclass(frozen=True, slots=True)
class TriageDeps:
    """What acts need: the queue, the ledger, the way back, the rules."""

    queue: DeadLetterQueue
    reader: DeadLetterReader
    writer: DeadLetterWriter
    signups: SignupQueue
    claims: ForgetClaim
    explainer: Explainer
    executor: Executor
    clock: Clock
