"""rotate_token.rotation, with the real versions: a rotation that broke off anywhere ends well."""

import itertools
import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError

from invites.api.token_client import Credentials
from invites.errors import CredentialsError, InviteError, RotationError, TokenApiError
from invites.token import Token
from rotate_token.rotation import ORPHAN, TokenRotation
from rotate_token.versions import TokenVersions
from support.secrets_manager import CURRENT, PENDING, FakeSecretsManager, refusal

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
SECRET = "token"  # noqa: S105 - a name


class CrashError(Exception):
    """The function is killed."""


class Crasher:
    """Makes calls; kills the function before or after one of them, if a test says at which."""

    def __init__(self) -> None:
        self.calls = 0
        self.at: int | None = None
        self.is_after = False

    def call(self, effect: Callable[[], Any]) -> Any:  # noqa: ANN401 - of whatever is called
        """Make a call, or be killed before it, or after it."""
        self.calls += 1
        crashes = self.calls - 1 == self.at
        if crashes and not self.is_after:
            raise CrashError
        try:
            return effect()
        finally:
            if crashes:
                raise CrashError


class Api:
    """Makes tokens, and accepts those that it made."""

    def __init__(self, crasher: Crasher) -> None:
        self._call = crasher.call
        self.made: list[Token] = []
        self.refused: set[str] = set()
        self.error: InviteError | None = None

    def exchange(self, _credentials: Credentials) -> Token:
        """Make a token, unless a test says otherwise."""

        def make() -> Token:
            self.made.append(Token(f"token-{len(self.made) + 1}", 2e9))
            return self.made[-1]

        if self.error:
            raise self.error
        return cast("Token", self._call(make))

    def accepts(self, token: Token) -> bool:
        """Whether a test does not have it refused."""
        assert token in self.made
        return bool(self._call(lambda: token.text not in self.refused))


class Setting:
    """A secret with a current token, unless this is its first rotation; a version is announced."""

    def __init__(self, *, is_first: bool = False, moves_pending: bool = True) -> None:
        self.crasher = Crasher()
        self.secrets = FakeSecretsManager(call=self.crasher.call, moves_pending=moves_pending)
        self.api = Api(self.crasher)
        self.notes: list[str] = []
        self.warnings: list[str] = []
        if not is_first:
            self.secrets.store(SECRET, '{"token": "old"}')
        self.secrets.announce(SECRET, "new")

    def run(self, *steps: str, version: str = "new") -> None:
        """Run steps; all of them if none is named."""
        rotation = TokenRotation(
            TokenVersions(cast("Any", self.secrets), SECRET),
            lambda: Credentials("key", "secret", "credentials"),
            cast("Any", self.api),
            self.notes.append,
            self.warnings.append,
        )
        for step in steps or STEPS:
            rotation.run_step(step, version)

    def current(self) -> str:
        """The token that is current."""
        (version_id,) = self.secrets.labelled(SECRET, CURRENT)
        value = self.secrets.versions[SECRET][version_id].value
        return str(json.loads(value or "")["token"])

    def pending(self) -> list[str]:
        """The versions that are pending."""
        return self.secrets.labelled(SECRET, PENDING)


def _calls_of_a_rotation() -> int:
    setting = Setting()
    setting.run()
    return setting.crasher.calls


CALLS = _calls_of_a_rotation()


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("moves_pending", [True, False])
@pytest.mark.parametrize("is_first", [False, True])
@pytest.mark.parametrize("at", range(CALLS))
def test_rotation_repeated_after_a_crash_ends_well_with_one_orphan_at_most(
    at: int, *, is_first: bool, moves_pending: bool, is_after: bool
) -> None:
    setting = Setting(is_first=is_first, moves_pending=moves_pending)
    setting.crasher.at, setting.crasher.is_after = at, is_after
    with pytest.raises(CrashError):
        setting.run()
    setting.crasher.at = None
    setting.run()
    assert setting.secrets.labelled(SECRET, CURRENT) == ["new"]
    assert (setting.current(), setting.pending()) == (setting.api.made[-1].text, [])
    assert len(setting.api.made) <= 2


@pytest.mark.parametrize("count", range(1, 5))
def test_each_step_may_be_repeated_at_once_and_after_all_others(count: int) -> None:
    setting = Setting()
    setting.run(*itertools.chain.from_iterable((step, step) for step in STEPS[:count]))
    setting.run()
    setting.run()
    assert (setting.current(), setting.pending()) == ("token-1", [])
    assert len(setting.api.made) == 1


def test_stale_pending_version_is_given_up_before_a_token_is_made() -> None:
    """The log warns of the token that it leaves behind, and the version is of no more use."""
    setting = Setting(moves_pending=False)
    setting.run("createSecret")
    setting.secrets.announce(SECRET, "next")
    setting.run(version="next")
    assert (setting.current(), setting.pending()) == ("token-2", [])
    assert setting.warnings == [f"version new never became current; {ORPHAN}"]
    with pytest.raises(RotationError, match="version new is neither pending nor current"):
        setting.run("createSecret")
    assert len(setting.api.made) == 2


def test_new_token_that_is_refused_does_not_block_the_next_rotation() -> None:
    setting = Setting()
    setting.run("createSecret")
    setting.api.refused.add("token-1")
    with pytest.raises(RotationError, match="refuses the new token"):
        setting.run()
    assert (setting.current(), setting.pending()) == ("old", [])
    with pytest.raises(RotationError, match="neither pending nor current"):
        setting.run()
    setting.secrets.announce(SECRET, "next")
    setting.run(version="next")
    assert setting.current() == "token-2"


@pytest.mark.parametrize("possible", [True, False])
def test_log_warns_of_an_orphan_token_only_where_one_is_possible(*, possible: bool) -> None:
    setting = Setting()
    setting.api.error = TokenApiError("POST broke", is_orphan_possible=possible)
    with pytest.raises(TokenApiError):
        setting.run()
    assert setting.warnings == [ORPHAN] * possible
    assert setting.secrets.count("PutSecretValue") == 0


def test_refused_credentials_change_nothing() -> None:
    setting = Setting()
    setting.api.error = CredentialsError("refused")
    with pytest.raises(CredentialsError):
        setting.run()
    assert (setting.current(), setting.warnings) == ("old", [])


@pytest.mark.parametrize("step", ["testSecret", "finishSecret"])
def test_version_without_a_token_is_neither_tried_nor_made_current(step: str) -> None:
    setting = Setting()
    with pytest.raises(RotationError, match="version new is neither pending nor current"):
        setting.run(step)
    assert setting.current() == "old"


def test_unknown_step_is_refused_by_name() -> None:
    with pytest.raises(RotationError, match="unknown step 'destroySecret'"):
        Setting().run("destroySecret")


@pytest.mark.parametrize(
    ("operation", "done"),
    [
        ("GetSecretValue", "read"),
        ("DescribeSecret", "described"),
        ("PutSecretValue", "written"),
        ("UpdateSecretVersionStage", "labelled"),
    ],
)
@pytest.mark.parametrize(
    ("make_error", "word"),
    [
        (lambda operation: refusal(operation, "AccessDenied"), "AccessDenied"),
        (
            lambda _: EndpointConnectionError(endpoint_url="https://marked"),
            "EndpointConnectionError",
        ),
    ],
    ids=["refused", "unreachable"],
)
def test_failed_call_is_named_with_aws_error(
    operation: str, done: str, make_error: Callable[[str], Exception], word: str
) -> None:
    setting = Setting()
    setting.secrets.errors[operation] = make_error(operation)
    with pytest.raises(RotationError, match=f"^secret token cannot be {done}: {word}$"):
        setting.run()
