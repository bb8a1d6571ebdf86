"""A dead letter that is sent anew twice."""

from dataclasses import replace

from invites.message import ReplayMark
from invites.outcome import Outcome
from support.build import DEADLINE, InlineExecutor, message, processor, signup
from support.fakes import FakeSender, MemoryLedger


def replayed() -> Outcome:
    """A letter is sent anew by a second try, after the first one's message has come."""
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor())
    first, second = (ReplayMark("letter", "token", attempt) for attempt in (1, 2))
    parts.process([replace(message(signup(), 1), replay=first)], DEADLINE)
    (done,) = parts.process([replace(message(signup(), 2), replay=second)], DEADLINE).jobs
    return done.outcome
