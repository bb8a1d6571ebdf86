"""invites.token: what to do about the token."""

import pytest

from invites.token import (
    ALARM_SHARE,
    FRESH_SECONDS,
    RENEW_SHARE,
    RenewalAction,
    Token,
    TokenState,
    is_expiring,
    next_action,
)

NOW = 1_772_443_000.0
LIFE = 100_000.0
FRESH, OLD = NOW - FRESH_SECONDS + 1, NOW - FRESH_SECONDS


def test_token_is_not_in_its_repr() -> None:
    assert "marked" not in repr(Token("marked"))


@pytest.mark.parametrize(
    ("state", "action"),
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
def test_each_state_has_its_action(state: TokenState, action: RenewalAction) -> None:
    """A token that was just renewed is not renewed again."""
    assert next_action(state, NOW) is action


@pytest.mark.parametrize(
    ("left", "action", "expiring"),
    [
        (RENEW_SHARE + 0.01, RenewalAction.NOTHING, False),
        (RENEW_SHARE - 0.01, RenewalAction.REQUEST_ROTATION, False),
        (ALARM_SHARE + 0.01, RenewalAction.REQUEST_ROTATION, False),
        (ALARM_SHARE - 0.01, RenewalAction.REQUEST_ROTATION, True),
        (-1.0, RenewalAction.REQUEST_ROTATION, True),
    ],
)
def test_token_near_its_end_is_renewed_before_the_alarm_goes_on(
    left: float, action: RenewalAction, *, expiring: bool
) -> None:
    ends = NOW + left * LIFE
    state = TokenState(ends - LIFE, ends)
    assert (next_action(state, NOW), is_expiring(state, NOW)) == (action, expiring)
