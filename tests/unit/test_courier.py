"""invites.sending.dispatcher: who is sent for, side by side, one at a time, or not."""

from collections.abc import Sequence

from invites.clock import BatchLimits
from invites.errors import Code, LedgerError
from invites.invite import Invite
from invites.outcome import Outcome, Reply, Verdict
from invites.sending.rate_limit import Slots
from support.fakes import INVITED
from unit.courier_tests import DOWN, PAUSED, Drive, answers, people

REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "no", reply=Reply(422))
FAILED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", reply=Reply(500))
KNOWN = Outcome(Verdict.ALREADY_INVITED)


def test_nobody() -> None:
    """Without people nothing happens."""
    drive = Drive()
    assert drive.deliver([]) == []
    assert (drive.calls, drive.clock.slept) == ([], [])


def test_each_has_an_outcome_of_their_own() -> None:
    """Outcomes do not get mixed up."""
    known = {0: INVITED, 1: REFUSED, 2: KNOWN, 3: FAILED}
    drive = Drive(lambda invite: known[int(invite.email[6])])
    assert drive.deliver(people(4)) == list(known.values())
    assert len(drive.calls) == 4


def test_twins() -> None:
    """Two events for one person in a batch: the second is called after the first is done."""
    open_calls: list[str] = []
    twins = [*people(2), *people(2), *people(1)]

    def answer(invite: Invite) -> Outcome:
        open_calls.append(invite.email)
        return INVITED if open_calls.count(invite.email) == 1 else KNOWN

    outcomes = Drive(answer).deliver(twins)
    assert outcomes == [INVITED, INVITED, KNOWN, KNOWN, KNOWN]
    assert open_calls[:2] == ["person0@example.test", "person1@example.test"]


def test_a_twin_waits() -> None:
    """They are never called side by side: if the first call opens the breaker, it is the last."""
    drive = Drive(answers(DOWN))
    assert drive.deliver([*people(1), *people(1)]) == [DOWN, PAUSED]
    assert len(drive.calls) == 1


def test_the_width() -> None:
    """No more calls are side by side than agreed; the others follow."""
    bounds = BatchLimits(max_parallel=3, call_seconds=60.0, settle_seconds=20.0, send_seconds=10.0)
    assert Drive(bounds=bounds).deliver(people(10)) == [INVITED] * 10
    down = Drive(lambda _: DOWN, bounds=bounds)
    assert down.deliver(people(10)) == [DOWN] * 3 + [PAUSED] * 7


def test_what_is_left_in_the_window() -> None:
    """The API's own count slows the calls down before it has to refuse any."""
    left = Outcome(Verdict.INVITED, reply=Reply(201, remaining=0))
    drive = Drive(answers(left, *[DOWN] * 5))
    drive.deliver(people(1))
    outcomes = drive.deliver(people(10, first=1))
    assert outcomes == [DOWN, *[PAUSED] * 9]
    assert len(drive.calls) == 2


def test_a_pause() -> None:
    """While the breaker is open nobody is called: they get its cause, at no time's cost."""
    drive = Drive(answers(DOWN))
    assert drive.deliver(people(1)) == [DOWN]
    assert drive.deliver(people(5, first=1)) == [PAUSED] * 5
    assert len(drive.calls) == 1
    assert drive.clock.slept == []


def test_a_probe_that_succeeds() -> None:
    """After the pause one is called first; the others only when that went well."""
    drive = Drive(answers(DOWN))
    drive.deliver(people(1))
    drive.clock.time += 10
    assert drive.deliver(people(5, first=1)) == [INVITED] * 5


def test_a_probe_that_fails() -> None:
    """If the API is still down, one call finds that out for all."""
    drive = Drive(answers(DOWN, DOWN))
    drive.deliver(people(1))
    drive.clock.time += 10
    assert drive.deliver(people(5, first=1)) == [DOWN, *[PAUSED] * 4]
    assert len(drive.calls) == 2


def test_a_probe_that_tells_nothing() -> None:
    """Somebody who was invited before says nothing of the API: the next one is the probe."""
    drive = Drive(answers(DOWN, KNOWN, DOWN))
    drive.deliver(people(1))
    drive.clock.time += 10
    assert drive.deliver(people(4, first=1)) == [KNOWN, DOWN, PAUSED, PAUSED]


def test_the_rest_of_a_batch() -> None:
    """Once five in a row have failed, the rest is not sent."""
    drive = Drive(
        lambda _: FAILED,
        bounds=BatchLimits(
            max_parallel=1, call_seconds=60.0, settle_seconds=20.0, send_seconds=10.0
        ),
    )
    outcomes = drive.deliver(people(8))
    assert outcomes[:5] == [FAILED] * 5
    assert [one.verdict for one in outcomes[5:]] == [Verdict.PAUSE] * 3
    assert len(drive.calls) == 5


class BrokenPace:
    """A pace whose ledger is down."""

    def reserve(self, count: int, now: float, latest: float, per_minute: float) -> Slots:
        """Fail."""
        assert per_minute == 0
        raise LedgerError(f"{count} {latest - now}")

    def queue_up(self, count: int, now: float, per_minute: float) -> Sequence[float]:
        """Fail."""
        raise LedgerError(f"{count} {now} {per_minute}")


def test_a_ledger_that_is_down() -> None:
    """Without slots nobody is called: the limit is not a wish."""
    drive = Drive(pace=BrokenPace())
    expected = Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, "3 70.0")
    assert drive.deliver(people(3)) == [expected] * 3
    assert drive.calls == []
