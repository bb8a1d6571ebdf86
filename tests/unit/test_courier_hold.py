"""invites.sending.dispatcher: what pauses, of whom, and how long a pause holds a batch."""

from invites.errors import Code
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from support.build import LATEST, NOW
from support.fakes import INVITED
from support.jobs import job_for
from unit.breaker_tests import REFUSED
from unit.courier_tests import DOWN, PAUSED, Drive, answers, people

HOLD = NOW + 30.0


def test_a_pause_that_ends_in_time_is_waited_for() -> None:
    """Then one person is the probe, and the others follow its success."""
    drive = Drive(answers(DOWN))
    drive.deliver(people(1))
    assert drive.deliver(people(3, first=1), hold_until=HOLD) == [INVITED] * 3
    assert drive.clock.slept == [10.0]


def test_a_batch_is_held_no_longer_than_it_may_be() -> None:
    """Two probes fail, and after 30 s all that wait are put back."""
    drive = Drive(lambda _: DOWN)
    drive.deliver(people(1))
    outcomes = drive.deliver(people(4, first=1), hold_until=HOLD)
    assert outcomes == [DOWN, DOWN, PAUSED, PAUSED]
    assert drive.clock.slept == [10.0, 20.0]


def test_a_batch_that_may_not_be_held_is_put_back_at_once() -> None:
    """As one with a message that would not be received again."""
    drive = Drive(answers(DOWN))
    drive.deliver(people(1))
    assert drive.deliver(people(2, first=1), hold_until=0.0) == [PAUSED] * 2
    assert drive.clock.slept == []


def test_a_batch_is_held_no_longer_than_a_call_still_fits() -> None:
    """What is left of the function's time is needed for the call, and for what comes after it."""
    drive = Drive(answers(DOWN))
    drive.deliver(people(1))
    late = drive.deliver(people(1, first=1), deadline=NOW + 85.0, hold_until=HOLD)
    assert late == [PAUSED]
    assert drive.clock.slept == [5.0]
    assert LATEST > HOLD


def test_a_batch_without_people_is_not_held() -> None:
    """It has nobody to wait for."""
    drive = Drive(answers(DOWN))
    drive.deliver(people(1))
    drive.deliver([], hold_until=HOLD)
    assert drive.clock.slept == []


def test_people_of_a_paused_source_are_put_back_at_once_and_others_are_sent() -> None:
    """A pause of one source holds nobody."""

    def answer(invite: Invite) -> Outcome:
        return REFUSED if invite.email.startswith("bad") else INVITED

    drive = Drive(answer)
    bad = [job_for(f"bad{number}", "/broken") for number in range(12)]
    outcomes = drive.deliver([*bad[:6], job_for("ada", "/hr"), *bad[6:]], hold_until=HOLD)
    refused = [one for one in outcomes if one.code is Code.MASS_STOP]
    assert {one.verdict for one in refused} == {Verdict.PAUSE}
    assert (len(refused), outcomes[6]) == (12, INVITED)
    later = drive.deliver([job_for("bad99", "/broken"), job_for("eve", "/hr")], hold_until=HOLD)
    assert [one.verdict for one in later] == [Verdict.PAUSE, Verdict.INVITED]
    assert len(drive.calls) == 14
    assert drive.clock.slept == []
