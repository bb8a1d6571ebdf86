"""The four steps of a rotation, on the local AWS, taken as Secrets Manager takes them."""

from collections.abc import Iterator

import pytest

from support.rotation import CURRENT, PENDING, PREVIOUS, STEPS, Rotator, StepError
from support.spacemedia.client import StandIn, Step, fingerprint
from support.stack import Stack

TOKEN = "/api/v1/token"  # noqa: S105 - a path
COUNTRIES = "/api/v1/countries"


@pytest.fixture
def rotator(stack: Stack, api: StandIn) -> Iterator[Rotator]:
    """Whoever rotates; afterwards there is a good token again, and nothing pending."""
    rotator = Rotator(stack)
    yield rotator
    api.script(replace=True)
    rotator.drop(PENDING)
    stack.store_token(api.add_token(ttl=None))


def _calls(api: StandIn, path: str) -> int:
    return sum(request.path == path for request in api.requests())


def test_a_rotation_makes_a_new_token_current_and_keeps_the_old_one(
    api: StandIn, rotator: Rotator
) -> None:
    """A new token is made, tried and current; the one before is kept, and still valid."""
    old, made = rotator.version(CURRENT), _calls(api, TOKEN)
    version = rotator.rotate()
    assert rotator.version(CURRENT) == version
    assert rotator.version(PREVIOUS) == old
    assert rotator.version(PENDING) is None
    issued = {issued_token.token: issued_token for issued_token in api.tokens()}
    value = rotator.value()
    assert value == {"token": value["token"], "expires_at": issued[value["token"]].expires_at}
    assert _calls(api, TOKEN) == made + 1
    tried = next(request for request in reversed(api.requests()) if request.path == COUNTRIES)
    assert tried.headers["authorization"] == fingerprint(value["token"])


def test_key_and_secret_go_to_the_exchange_only(api: StandIn, rotator: Rotator) -> None:
    """No other call carries them."""
    rotator.rotate()
    carriers = {
        request.path
        for request in api.requests()
        if {"x-api-key", "x-api-secret"} & request.headers.keys()
    }
    assert carriers == {TOKEN}


def test_the_first_rotation_gives_the_secret_its_first_value(rotator: Rotator) -> None:
    """A secret that never had a value gets its first."""
    rotator.drop(CURRENT)
    version = rotator.rotate()
    assert rotator.labels()[version] == [CURRENT]


@pytest.mark.parametrize("taken", range(1, len(STEPS) + 1))
def test_a_rotation_that_crashed_after_a_step_ends_with_one_token(
    api: StandIn, rotator: Rotator, taken: int
) -> None:
    """Begun again from the start, the rotation ends as if nothing had been, with one token."""
    made = _calls(api, TOKEN)
    version = rotator.announce()
    rotator.take(version, STEPS[:taken])
    rotator.take(version)
    rotator.take(version)
    assert rotator.labels()[version] == [CURRENT]
    assert rotator.version(PENDING) is None
    assert _calls(api, TOKEN) == made + 1


def test_a_pending_version_of_before_is_out_of_the_way(rotator: Rotator) -> None:
    """What a rotation that never ended has left is out of the way of the next."""
    stray = rotator.announce()
    rotator.take(stray, STEPS[:1])
    version = rotator.rotate()
    assert rotator.version(CURRENT) == version
    assert rotator.version(PENDING) is None
    assert stray not in rotator.labels()
    with pytest.raises(StepError, match="neither pending nor current"):
        rotator.take(stray, ["finishSecret"])


def test_a_token_that_is_refused_is_not_made_current(api: StandIn, rotator: Rotator) -> None:
    """The old one stays, and the next rotation has a token of its own."""
    old, version = rotator.version(CURRENT), rotator.announce()
    api.script(Step(path=COUNTRIES, status=401))
    with pytest.raises(StepError, match="the API refuses the new token"):
        rotator.take(version)
    assert (rotator.version(CURRENT), rotator.version(PENDING)) == (old, None)
    assert rotator.rotate() == rotator.version(CURRENT)


def test_an_api_that_is_down_changes_nothing(api: StandIn, rotator: Rotator) -> None:
    """Nothing changes, and the same rotation goes through when the API is back."""
    old, version = rotator.version(CURRENT), rotator.announce()
    api.script(Step(path=TOKEN, status=503), Step(path=COUNTRIES, status=500))
    for problem in ("token was answered with 503", "countries was answered with 500"):
        with pytest.raises(StepError, match=problem):
            rotator.take(version)
        assert rotator.version(CURRENT) == old
    rotator.take(version)
    assert rotator.version(CURRENT) == version


def test_another_secret_is_not_rotated(stack: Stack, rotator: Rotator) -> None:
    """Even if somebody may invoke the function, it serves one secret."""
    other = Stack(stack.aws, stack.name, {**stack.outputs, "TokenSecretArn": "another"})
    with pytest.raises(StepError, match="not this stack's"):
        Rotator(other).take("version", ["createSecret"])
    assert rotator.version(PENDING) is None
