"""rotate_token.rotation: whatever breaks off where, the rotation begun again ends well."""

import itertools
import json

import pytest

from invites.errors import CredentialsError, RotationError, TokenApiError
from rotate_token.rotation import ORPHAN
from unit.crashes import CrashError
from unit.rotation_parts import STEPS, Setting


def _calls_of_a_rotation() -> int:
    setting = Setting()
    setting.take()
    return setting.crasher.calls


CALLS = _calls_of_a_rotation()


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("moves_pending", [True, False])
@pytest.mark.parametrize("is_first", [False, True])
@pytest.mark.parametrize("at", range(CALLS))
def test_a_crash_at_any_call(
    at: int, *, is_first: bool, moves_pending: bool, is_after: bool
) -> None:
    """Before or after it, from the start again: the same end, and one orphan token at most."""
    setting = Setting(is_first=is_first, moves_pending=moves_pending)
    setting.crasher.at, setting.crasher.is_after = at, is_after
    with pytest.raises(CrashError):
        setting.take()
    setting.crasher.at = None
    setting.take()
    assert (setting.current(), setting.pending()) == ("new", [])
    token = json.loads(setting.versions.values["new"])["token"]
    assert token == setting.api.made[-1].text
    assert len(setting.api.made) <= 2


@pytest.mark.parametrize("taken", range(1, 5))
def test_steps_repeated(taken: int) -> None:
    """Each step may be repeated at once, and after all others."""
    setting = Setting()
    setting.take(*itertools.chain.from_iterable((one, one) for one in STEPS[:taken]))
    setting.take()
    setting.take()
    assert (setting.current(), setting.pending(), len(setting.api.made)) == ("new", [], 1)


def test_a_stray() -> None:
    """What was left pending is given up before a token is made, and the log says so."""
    setting = Setting(moves_pending=False)
    setting.take("createSecret")
    setting.announce("next")
    setting.take(version="next")
    assert (setting.current(), setting.pending()) == ("next", [])
    assert setting.warnings == [f"version new never became current; {ORPHAN}"]
    with pytest.raises(RotationError, match="version new is neither pending nor current"):
        setting.take("createSecret")
    assert len(setting.api.made) == 2


def test_a_token_that_is_refused() -> None:
    """It is given up, so that it is not in the way of the next rotation."""
    setting = Setting()
    setting.take("createSecret")
    setting.api.refused.add("token-1")
    with pytest.raises(RotationError, match="refuses the new token"):
        setting.take()
    assert (setting.current(), setting.pending()) == ("old", [])
    with pytest.raises(RotationError, match="neither pending nor current"):
        setting.take()
    setting.announce("next")
    setting.take(version="next")
    assert setting.current() == "next"


@pytest.mark.parametrize("possible", [True, False])
def test_an_orphan_is_told(*, possible: bool) -> None:
    """If a token may have been made that never arrived, the log says how many there are."""
    setting = Setting()
    setting.api.error = TokenApiError("POST broke", is_orphan_possible=possible)
    with pytest.raises(TokenApiError):
        setting.take()
    assert setting.warnings == [ORPHAN] * possible
    assert setting.versions.values == {"old": '{"token": "old"}'}


def test_credentials_that_are_refused() -> None:
    """Nothing changes."""
    setting = Setting()
    setting.api.error = CredentialsError("refused")
    with pytest.raises(CredentialsError):
        setting.take()
    assert (setting.current(), setting.warnings) == ("old", [])


@pytest.mark.parametrize("step", ["testSecret", "finishSecret"])
def test_a_version_without_a_token(step: str) -> None:
    """It is neither tried nor made current."""
    setting = Setting()
    with pytest.raises(RotationError, match="is empty"):
        setting.take(step)
    assert setting.current() == "old"


def test_an_unknown_step() -> None:
    """It is named, and not taken."""
    with pytest.raises(RotationError, match="unknown step 'destroySecret'"):
        Setting().take("destroySecret")
