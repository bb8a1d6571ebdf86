"""invites.breaker: what opens it, and what does not."""

import pytest

from invites.breaker import DENIED_PEOPLE, FIRST_PAUSE, RETRIES_IN_A_ROW, STOPPED_MESSAGES, Breaker
from invites.errors import Code
from invites.outcome import Outcome, Verdict

NOW = 1_772_443_000.0
INVITED = Outcome(Verdict.INVITED, status=201)
TAKEN = Outcome(Verdict.ALREADY_INVITED, status=422)
KNOWN = Outcome(Verdict.ALREADY_INVITED)
FAILED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", 500)
BROKEN = Outcome(Verdict.RETRY, Code.INTERRUPTED, "no complete answer")
THROTTLED = Outcome(Verdict.RETRY, Code.THROTTLED, "the API is throttling", 429)
DENIED = Outcome(Verdict.RETRY, Code.NOT_PERMITTED, "a quota blocks", 402)
REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", 422)


def after(*outcomes: Outcome, same: bool = False) -> Outcome | None:
    """What becomes of whoever comes after these, of different people or of the same message."""
    breaker = Breaker()
    for number, outcome in enumerate(outcomes):
        who = 0 if same else number
        breaker.note(outcome, f"person{who}@example.test", f"message-{who}", NOW)
    return breaker.pause(NOW)


def test_closed_at_first() -> None:
    """Before anything is known, people are sent, and not one at a time."""
    breaker = Breaker()
    assert breaker.pause(NOW) is None
    assert not breaker.is_probing


@pytest.mark.parametrize("failure", [FAILED, BROKEN, THROTTLED])
def test_retries_in_a_row(failure: Outcome) -> None:
    """One failure may be the message's own; five in a row are not, and the last is the cause."""
    assert RETRIES_IN_A_ROW == 5
    assert after(*[failure] * 4) is None
    assert after(*[failure] * 5) == Outcome(Verdict.PAUSE, failure.code, failure.detail)


def test_retries_of_all_kinds() -> None:
    """It need not be the same failure, nor another person."""
    five = (FAILED, BROKEN, THROTTLED, FAILED, BROKEN)
    paused = Outcome(Verdict.PAUSE, BROKEN.code, BROKEN.detail)
    assert after(*five) == after(*five, same=True) == paused


@pytest.mark.parametrize("between", [INVITED, TAKEN, DENIED, REFUSED])
def test_what_breaks_the_row(between: Outcome) -> None:
    """An answer that shows the API at work begins the row anew."""
    assert after(*[FAILED] * 4, between, *[FAILED] * 4) is None


def test_a_throttle_that_says_for_how_long() -> None:
    """The throttle keeps to that; a pause would only come on top."""
    asked = Outcome(Verdict.RETRY, Code.THROTTLED, "", 429, 30.0)
    assert after(*[asked] * 100) is None


@pytest.mark.parametrize(
    "code",
    [
        Code.UNREACHABLE,
        Code.UNAVAILABLE,
        Code.WRONG_ENDPOINT,
        Code.TOKEN_REFUSED,
        Code.TOKEN_UNUSABLE,
    ],
)
def test_each_cause_of_a_pause(code: Code) -> None:
    """One such outcome is enough; those who are not sent get its cause, not its status."""
    paused = after(Outcome(Verdict.PAUSE, code, "because", 503, 7.0))
    assert paused == Outcome(Verdict.PAUSE, code, "because")


def test_two_people_denied() -> None:
    """A second person whom the API denies is a quota or a policy; the same one again is not."""
    assert DENIED_PEOPLE == 2
    assert after(DENIED) is None
    assert after(*[DENIED] * 10, same=True) is None
    assert after(DENIED, DENIED) == Outcome(Verdict.PAUSE, Code.NOT_PERMITTED, "a quota blocks")
    assert after(DENIED, INVITED, DENIED) is None


def test_ten_messages_refused() -> None:
    """Ten different messages refused are our mistake; the same one ten times is its own."""
    assert STOPPED_MESSAGES == 10
    assert after(*[REFUSED] * 9) is None
    assert after(*[REFUSED] * 100, same=True) is None
    paused = after(*[REFUSED] * 10)
    assert paused is not None
    assert (paused.verdict, paused.code) == (Verdict.PAUSE, Code.MASS_STOP)
    assert after(*[REFUSED] * 9, INVITED, *[REFUSED] * 9) is None
    assert after(*[REFUSED] * 9, FAILED, REFUSED) is not None


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE),
        Outcome(Verdict.RETRY, Code.TOKEN_UNAVAILABLE),
        Outcome(Verdict.RETRY, Code.IN_PROGRESS),
        Outcome(Verdict.RETRY, Code.INTERNAL_ERROR),
        KNOWN,
    ],
)
def test_what_the_api_has_no_part_in(outcome: Outcome) -> None:
    """It neither opens the breaker, nor breaks a row, nor ends a pause."""
    assert after(*[outcome] * 20) is None
    assert after(*[FAILED] * 4, *[outcome] * 3, FAILED) is not None
    breaker = Breaker()
    breaker.note(Outcome(Verdict.PAUSE, Code.UNAVAILABLE), "a", "1", NOW)
    breaker.note(outcome, "b", "2", NOW + FIRST_PAUSE)
    assert breaker.is_probing


def test_messages_that_are_stopped_without_a_call() -> None:
    """Ten in a row raise the alarm once, and pause nobody; a success in between starts anew."""
    breaker = Breaker()
    for number in range(STOPPED_MESSAGES - 1):
        breaker.note_rejected(f"message-{number}")
    assert not breaker.take_mass_stop()
    breaker.note_rejected("one more")
    assert breaker.take_mass_stop()
    assert breaker.pause(NOW) is None
    breaker.note(Outcome(Verdict.INVITED, status=201), "ada", "message", NOW)
    breaker.note_rejected("after a success")
    assert not breaker.take_mass_stop()
