"""invites.token: what is to be done about the token."""

import pytest

from invites.token import (
    ALARM_SHARE,
    FRESH_SECONDS,
    RENEW_SHARE,
    RenewalAction,
    TokenState,
    is_expiring,
    next_action,
)

NOW = 1_772_443_000.0
LIFE = 100_000.0
FRESH, OLD = NOW - FRESH_SECONDS + 1, NOW - FRESH_SECONDS


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (TokenState(), RenewalAction.NOTHING),
        (TokenState(OLD), RenewalAction.NOTHING),
        (TokenState(is_missing=True), RenewalAction.REQUEST_ROTATION),
        (TokenState(OLD, is_refused=True), RenewalAction.REQUEST_ROTATION),
        (TokenState(is_refused=True), RenewalAction.REQUEST_ROTATION),
        (TokenState(FRESH, is_refused=True), RenewalAction.BACK_OFF),
        (TokenState(FRESH, FRESH + 601, is_refused=True), RenewalAction.BACK_OFF),
        (TokenState(None, NOW - 1), RenewalAction.NOTHING),
        (TokenState(FRESH, NOW + 1), RenewalAction.NOTHING),
        (TokenState(OLD, NOW - 1), RenewalAction.REQUEST_ROTATION),
        (TokenState(OLD, OLD), RenewalAction.REQUEST_ROTATION),
    ],
)
def test_moves(state: TokenState, move: RenewalAction) -> None:
    """Each state has its move; what was just renewed is not renewed again."""
    assert next_action(state, NOW) is move


@pytest.mark.parametrize(
    ("left", "move", "expiring"),
    [
        (RENEW_SHARE + 0.01, RenewalAction.NOTHING, False),
        (RENEW_SHARE - 0.01, RenewalAction.REQUEST_ROTATION, False),
        (ALARM_SHARE + 0.01, RenewalAction.REQUEST_ROTATION, False),
        (ALARM_SHARE - 0.01, RenewalAction.REQUEST_ROTATION, True),
        (-1.0, RenewalAction.REQUEST_ROTATION, True),
    ],
)
def test_the_end_of_its_life(left: float, move: RenewalAction, *, expiring: bool) -> None:
    """First it is renewed; if that does not come about, somebody is told."""
    ends = NOW + left * LIFE
    state = TokenState(ends - LIFE, ends)
    assert (next_action(state, NOW), is_expiring(state, NOW)) == (move, expiring)
