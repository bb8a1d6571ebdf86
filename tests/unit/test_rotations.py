"""send_invites.token_renewal, aws_adapters.ledger.rotation: who asks for a rotation, and when."""

import pytest

from invites.token import BACK_OFF_SECONDS, FRESH_SECONDS, TokenReport, TokenState
from send_invites.token_renewal import ATTEMPT_INTERVAL_SECONDS
from support.build import NOW
from unit.upkeep_parts import ASKED, Setting, look


@pytest.fixture
def setting() -> Setting:
    """A token that is refused, and not new."""
    return Setting()


def test_asking(setting: Setting) -> None:
    """The rotation is asked for, of this secret, with this function."""
    assert look(setting.environment()) == TokenReport(notes=ASKED)
    assert setting.secrets.asked == [{"SecretId": "secret", "RotationLambdaARN": "function"}]


def test_one_asks_for_all(setting: Setting) -> None:
    """Of all environments, and for ten minutes."""
    environments = [setting.environment() for _ in range(5)]
    for _ in range(int(FRESH_SECONDS / ATTEMPT_INTERVAL_SECONDS) - 1):
        for one in environments:
            look(one)
        setting.clock.time += ATTEMPT_INTERVAL_SECONDS
    assert len(setting.secrets.asked) == 1
    setting.clock.time += ATTEMPT_INTERVAL_SECONDS
    for one in environments:
        look(one)
    assert len(setting.secrets.asked) == 2


def test_the_ledger_is_left_alone(setting: Setting) -> None:
    """After a look an environment keeps away for a while."""
    upkeep = setting.environment()
    for _ in range(10):
        look(upkeep)
    assert setting.row.writes == 1


def test_a_token_that_is_new_by_now(setting: Setting) -> None:
    """Another environment has seen to it: read anew, the token needs nothing."""
    setting.tokens.really = TokenState(NOW)
    assert look(setting.environment()) == TokenReport()
    assert (setting.secrets.asked, setting.row.writes) == ([], 0)


def test_a_new_token_that_is_refused_as_well(setting: Setting) -> None:
    """Nobody asks for six hours, and every environment that is refused tells so."""
    look(setting.environment())
    setting.clock.time += 60
    state = TokenState(NOW + 2, is_refused=True)
    setting.tokens.known = setting.tokens.really = state
    environments = [setting.environment() for _ in range(3)]
    assert all(look(one).is_refused_after_rotation for one in environments)
    setting.clock.time += BACK_OFF_SECONDS - ATTEMPT_INTERVAL_SECONDS
    assert all(look(one).is_refused_after_rotation for one in environments)
    assert len(setting.secrets.asked) == 1
    setting.clock.time += ATTEMPT_INTERVAL_SECONDS
    look(environments[0])
    assert len(setting.secrets.asked) == 2


def test_a_new_token_that_nobody_asked_for(setting: Setting) -> None:
    """One that an operator or the schedule made is given its ten minutes, then replaced."""
    state = TokenState(NOW, is_refused=True)
    setting.tokens.known = setting.tokens.really = state
    upkeep = setting.environment()
    assert look(upkeep) == TokenReport()
    setting.clock.time += FRESH_SECONDS
    assert look(upkeep) == TokenReport(notes=ASKED)
