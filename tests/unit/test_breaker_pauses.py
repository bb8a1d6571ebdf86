"""invites.breaker: how long a pause is, and what ends it."""

import pytest

from invites.breaker import FIRST_PAUSE, LONGEST_ASKED, LONGEST_PAUSE, Breaker
from invites.errors import Code
from invites.outcome import Outcome, Verdict
from invites.schedule import wait_after

NOW = 1_772_443_000.0
INVITED = Outcome(Verdict.INVITED, status=201)
DOWN = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "the API is down", 503)
FAILED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "the API failed", 500)


def length(breaker: Breaker, now: float) -> float:
    """How long the pause is that begins now, to the tenth of a second."""
    tenths = 0
    while breaker.pause(now + tenths / 10):
        tenths += 1
    return tenths / 10


def test_pauses_grow() -> None:
    """Each probe that fails doubles the pause, up to five minutes."""
    breaker, now, lengths = Breaker(), NOW, []
    for _ in range(8):
        breaker.note(DOWN, "person", "message", now)
        lengths.append(length(breaker, now))
        now += lengths[-1]
    assert lengths == [10, 20, 40, 80, 160, 300, 300, 300]
    assert (FIRST_PAUSE, LONGEST_PAUSE) == (10, 300)


def test_any_number_of_pauses() -> None:
    """An outage of weeks overflows nothing."""
    breaker = Breaker()
    for number in range(5000):
        breaker.note(DOWN, "person", "message", NOW + number * 1000)
    assert length(breaker, NOW + 4_999_000) == LONGEST_PAUSE


def test_the_first_message_that_comes_back_is_the_probe() -> None:
    """At its earliest it comes back when the first pause is over."""
    assert wait_after(1, 0.0) > FIRST_PAUSE


@pytest.mark.parametrize(
    ("asked", "pause"), [(None, 10), (3.0, 10), (77.5, 77.5), (10.0**9, LONGEST_ASKED)]
)
def test_the_asked_wait(asked: float | None, pause: float) -> None:
    """The API's wish counts where it is longer, but not for ever: it may recover sooner."""
    breaker = Breaker()
    breaker.note(Outcome(Verdict.PAUSE, Code.UNAVAILABLE, wait=asked), "person", "message", NOW)
    assert breaker.pause(NOW + pause - 0.1)
    assert breaker.pause(NOW + pause) is None


def test_a_probe() -> None:
    """When the pause is over one person at a time is sent, until one succeeds."""
    breaker = Breaker()
    breaker.note(DOWN, "person", "message", NOW)
    assert breaker.is_probing
    assert breaker.pause(NOW + 10) is None
    assert breaker.is_probing
    breaker.note(INVITED, "person", "message", NOW + 11)
    assert not breaker.is_probing


def test_a_success_forgets_all() -> None:
    """After it, rows, refusals, denials and pauses begin anew."""
    breaker = Breaker()
    denied = Outcome(Verdict.RETRY, Code.NOT_PERMITTED, "", 403)
    refused = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "", 422)
    for number in range(9):
        breaker.note(refused, f"person{number}", f"message-{number}", NOW)
    for outcome in (denied, *[FAILED] * 4, DOWN):
        breaker.note(outcome, "person", "message", NOW)
    breaker.note(INVITED, "person", "message", NOW + 20)
    for outcome in (denied, refused, *[FAILED] * 4):
        breaker.note(outcome, "other", "other message", NOW + 21)
    assert breaker.pause(NOW + 21) is None
    breaker.note(FAILED, "other", "other message", NOW + 22)
    assert length(breaker, NOW + 22) == FIRST_PAUSE


def test_a_row_goes_on_after_the_pause() -> None:
    """A probe that fails like the five before it is enough for the next pause."""
    breaker = Breaker()
    for _ in range(5):
        breaker.note(FAILED, "person", "message", NOW)
    breaker.note(FAILED, "person", "message", NOW + 10)
    assert length(breaker, NOW + 10) == 2 * FIRST_PAUSE
