"""invites.token: what is to be done about the token."""

import pytest

from invites.token import (
    ALARM_SHARE,
    FRESH_SECONDS,
    RENEW_SHARE,
    Move,
    TokenState,
    is_expiring,
    next_move,
)

NOW = 1_772_443_000.0
LIFE = 100_000.0
FRESH, OLD = NOW - FRESH_SECONDS + 1, NOW - FRESH_SECONDS


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (TokenState(), Move.NOTHING),
        (TokenState(OLD), Move.NOTHING),
        (TokenState(is_missing=True), Move.ASK),
        (TokenState(OLD, is_refused=True), Move.ASK),
        (TokenState(is_refused=True), Move.ASK),
        (TokenState(FRESH, is_refused=True), Move.GIVE_UP),
        (TokenState(FRESH, FRESH + 601, is_refused=True), Move.GIVE_UP),
        (TokenState(None, NOW - 1), Move.NOTHING),
        (TokenState(FRESH, NOW + 1), Move.NOTHING),
        (TokenState(OLD, NOW - 1), Move.ASK),
        (TokenState(OLD, OLD), Move.ASK),
    ],
)
def test_moves(state: TokenState, move: Move) -> None:
    """Each state has its move; what was just renewed is not renewed again."""
    assert next_move(state, NOW) is move


@pytest.mark.parametrize(
    ("left", "move", "expiring"),
    [
        (RENEW_SHARE + 0.01, Move.NOTHING, False),
        (RENEW_SHARE - 0.01, Move.ASK, False),
        (ALARM_SHARE + 0.01, Move.ASK, False),
        (ALARM_SHARE - 0.01, Move.ASK, True),
        (-1.0, Move.ASK, True),
    ],
)
def test_the_end_of_its_life(left: float, move: Move, *, expiring: bool) -> None:
    """First it is renewed; if that does not come about, somebody is told."""
    ends = NOW + left * LIFE
    state = TokenState(ends - LIFE, ends)
    assert (next_move(state, NOW), is_expiring(state, NOW)) == (move, expiring)
