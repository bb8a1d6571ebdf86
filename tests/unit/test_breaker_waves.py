"""invites.breaker: calls that went side by side, and failed together."""

import pytest

from invites.breaker import FIRST_PAUSE, STOPPED_MESSAGES, Breaker
from invites.errors import Code
from invites.outcome import Outcome, Verdict

NOW = 1_772_443_000.0
INVITED = Outcome(Verdict.INVITED, status=201)
DOWN = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", 503)
FAILED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", 500)
BROKEN = Outcome(Verdict.RETRY, Code.INTERRUPTED, "no complete answer")
THROTTLED = Outcome(Verdict.RETRY, Code.THROTTLED, "the API is throttling", 429)
REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "the API refuses", 422)


def note(breaker: Breaker, now: float, *outcomes: Outcome) -> None:
    """Take note of calls for different people, all at one moment."""
    for number, outcome in enumerate(outcomes):
        breaker.note(outcome, f"person{number}@example.test", f"message-{number}", now)


def asking(seconds: float | None) -> Outcome:
    """The API is down, and says for how long."""
    return Outcome(Verdict.PAUSE, Code.UNAVAILABLE, wait=seconds)


def ends(breaker: Breaker, moment: float) -> bool:
    """Whether the pause ends just then."""
    return breaker.pause(moment - 0.1) is not None and breaker.pause(moment) is None


@pytest.mark.parametrize("failure", [DOWN, FAILED, BROKEN, THROTTLED])
def test_one_pause(failure: Outcome) -> None:
    """A whole batch that fails is one failure: the first pause is not skipped, nor the second."""
    breaker = Breaker()
    note(breaker, NOW, *[failure] * 100)
    assert ends(breaker, NOW + FIRST_PAUSE)
    note(breaker, NOW + FIRST_PAUSE, failure)
    assert ends(breaker, NOW + 3 * FIRST_PAUSE)


def test_the_first_cause() -> None:
    """Those who are not sent are told of the failure that opened the pause."""
    breaker = Breaker()
    note(breaker, NOW, DOWN, Outcome(Verdict.PAUSE, Code.TOKEN_REFUSED, "no", 401))
    assert breaker.pause(NOW) == Outcome(Verdict.PAUSE, DOWN.code, DOWN.detail)
    note(breaker, NOW + FIRST_PAUSE, Outcome(Verdict.PAUSE, Code.TOKEN_REFUSED, "no", 401))
    assert breaker.pause(NOW + FIRST_PAUSE) == Outcome(Verdict.PAUSE, Code.TOKEN_REFUSED, "no")


@pytest.mark.parametrize("wishes", [(600.0, None), (None, 600.0), (600.0, 3.0, 20.0)])
def test_the_longest_wish(wishes: tuple[float | None, ...]) -> None:
    """A pause is not shortened by who asks for less, and is made longer by who asks for more."""
    breaker = Breaker()
    note(breaker, NOW, *map(asking, wishes))
    assert ends(breaker, NOW + 600)


def test_who_fails_later() -> None:
    """A call of before that fails while it is open prolongs the pause, and counts for no other."""
    breaker = Breaker()
    note(breaker, NOW, DOWN)
    note(breaker, NOW + 4, DOWN)
    assert ends(breaker, NOW + 4 + FIRST_PAUSE)


@pytest.mark.parametrize("failure", [FAILED, BROKEN, THROTTLED])
def test_a_probe_that_fails_otherwise(failure: Outcome) -> None:
    """Whatever the failure of the API, one is enough while it is not known to be well."""
    breaker = Breaker()
    note(breaker, NOW, DOWN)
    note(breaker, NOW + 11, failure)
    paused = Outcome(Verdict.PAUSE, failure.code, failure.detail)
    assert breaker.pause(NOW + 11) == paused
    assert ends(breaker, NOW + 11 + 2 * FIRST_PAUSE)


@pytest.mark.parametrize("code", [Code.NOT_PERMITTED, Code.REFUSED_BY_API])
def test_a_probe_that_is_refused(code: Code) -> None:
    """The API is at work, so the next one may be sent; yet only a success ends the probing."""
    breaker = Breaker()
    note(breaker, NOW, DOWN)
    note(breaker, NOW + 11, Outcome(Verdict.RETRY, code, "no", 403))
    assert breaker.pause(NOW + 11) is None
    assert breaker.is_probing


def test_a_mass_stop_is_told_once() -> None:
    """It is told by the batch in which it began, and not by those that only wait for its end."""
    breaker = Breaker()
    note(breaker, NOW, *[REFUSED] * (STOPPED_MESSAGES - 1))
    assert not breaker.take_mass_stop()
    note(breaker, NOW, *[REFUSED] * STOPPED_MESSAGES)
    assert breaker.take_mass_stop()
    assert breaker.pause(NOW) is not None
    assert not breaker.take_mass_stop()


def test_a_mass_stop_that_passed() -> None:
    """It is told even if the batch that it began in ends with a success."""
    breaker = Breaker()
    note(breaker, NOW, *[REFUSED] * STOPPED_MESSAGES, INVITED)
    assert breaker.pause(NOW) is None
    assert breaker.take_mass_stop()


def test_another_pause() -> None:
    """No other cause is a mass stop."""
    breaker = Breaker()
    note(breaker, NOW, DOWN, *[FAILED] * 10)
    assert not breaker.take_mass_stop()
