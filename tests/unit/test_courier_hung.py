"""invites.sending.dispatcher: calls that do not end."""

from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Event

from invites.clock import BatchLimits
from invites.errors import Code
from invites.invite import Invite
from invites.outcome import OUT_OF_TIME, Outcome, Verdict
from invites.sending.dispatcher import HUNG
from support.build import NOW
from support.fakes import INVITED
from unit.courier_tests import Drive, people

# The clock stands still: so much is left besides the time that is needed to settle.
LEFT = 0.3


class Hanging:
    """A courier of whom the call for one person does not end before it is released."""

    def __init__(self, threads: Executor, number: int) -> None:
        self.released = Event()
        self._email = f"person{number}@example.test"
        bounds = BatchLimits(
            max_parallel=3, call_seconds=0.0, settle_seconds=20.0, send_seconds=10.0
        )
        self.drive = Drive(self._answer, executor=threads, bounds=bounds)

    def deliver(self, count: int) -> list[Outcome]:
        """Deliver, and give the outcomes as they are at the end of the batch."""
        return self.drive.deliver(people(count), NOW + 20 + LEFT)

    def _answer(self, invite: Invite) -> Outcome:
        if invite.email == self._email:
            self.released.wait(30)
        return INVITED


def test_a_call_that_hangs() -> None:
    """It is given up before the function's end: the others have their outcomes nevertheless."""
    with ThreadPoolExecutor(3) as threads:
        hanging = Hanging(threads, 1)
        outcomes = hanging.deliver(3)
        hanging.released.set()
    assert outcomes == [INVITED, HUNG, INVITED]
    assert (HUNG.verdict, HUNG.code) == (Verdict.RETRY, Code.INTERRUPTED)
    assert HUNG.next_try.in_doubt


def test_calls_behind_it() -> None:
    """Without a thread they have not begun, and do not begin when their claims are long over."""
    with ThreadPoolExecutor(1) as threads:
        hanging = Hanging(threads, 0)
        outcomes = hanging.deliver(3)
        hanging.released.set()
    assert outcomes == [HUNG, OUT_OF_TIME, OUT_OF_TIME]
    assert (OUT_OF_TIME.verdict, OUT_OF_TIME.code) == (Verdict.RETRY, Code.OUT_OF_TIME)
    assert not OUT_OF_TIME.next_try.in_doubt
    assert [email for _, email in hanging.drive.calls] == ["person0@example.test"]
