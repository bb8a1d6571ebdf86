"""A secret and an API for the steps of a rotation, which a test can break off anywhere."""

from typing import TYPE_CHECKING, Any, cast

from invites.api.token_client import Credentials
from invites.token import Token
from rotate_token.rotation import TokenRotation
from rotate_token.versions import CURRENT, PENDING, Version
from unit.crashes import Crasher

if TYPE_CHECKING:
    from invites.errors import InviteError

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
PREVIOUS = "AWSPREVIOUS"


class Versions:
    """The secret's versions, with AWS's rules: nothing is written twice, a label is on one."""

    secret_name = "token"  # noqa: S105 - a name

    def __init__(self, crasher: Crasher, *, moves_pending: bool) -> None:
        self._call = crasher.call
        self._moves_pending = moves_pending
        self.values: dict[str, str] = {}
        self.by_id: dict[str, set[str]] = {}

    def read(self, version_id: str) -> Version:
        """As TokenVersions."""
        labels = sorted(self.by_id.get(version_id, ()))
        return cast("Version", self._call(lambda: Version(self.values.get(version_id), labels)))

    def labels(self) -> dict[str, list[str]]:
        """As TokenVersions."""
        found = {key: sorted(labels) for key, labels in self.by_id.items() if labels}
        return cast("dict[str, list[str]]", self._call(lambda: found))

    def put_pending(self, version_id: str, value: str) -> None:
        """As TokenVersions."""

        def put() -> None:
            assert self.values.setdefault(version_id, value) == value
            if self._moves_pending:
                self._remove(PENDING)
            self.by_id.setdefault(version_id, set()).add(PENDING)

        self._call(put)

    def make_current(self, version_id: str, before: str | None) -> None:
        """As TokenVersions."""

        def move() -> None:
            assert before == next((k for k, v in self.by_id.items() if CURRENT in v), None)
            self._remove(CURRENT)
            self.by_id[version_id].add(CURRENT)
            if before:
                self._remove(PREVIOUS)
                self.by_id[before].add(PREVIOUS)

        self._call(move)

    def drop_pending(self, version_id: str) -> None:
        """As TokenVersions."""
        assert PENDING in self.by_id[version_id]
        self._call(lambda: self.by_id[version_id].remove(PENDING))

    def _remove(self, label: str) -> None:
        for labels in self.by_id.values():
            labels.discard(label)


class Api:
    """Makes tokens, and takes those that it made."""

    def __init__(self, crasher: Crasher) -> None:
        self._call = crasher.call
        self.made: list[Token] = []
        self.refused: set[str] = set()
        self.error: InviteError | None = None

    def exchange(self, _credentials: Credentials) -> Token:
        """As TokenApi."""

        def make() -> Token:
            self.made.append(Token(f"token-{len(self.made) + 1}", 2e9))
            return self.made[-1]

        if self.error:
            raise self.error
        return cast("Token", self._call(make))

    def accepts(self, token: Token) -> bool:
        """As TokenApi."""
        assert token in self.made
        return bool(self._call(lambda: token.text not in self.refused))


class Setting:
    """A secret that was rotated once; then the rotation of a version that is announced."""

    def __init__(self, *, is_first: bool = False, moves_pending: bool = True) -> None:
        self.crasher = Crasher()
        self.versions = Versions(self.crasher, moves_pending=moves_pending)
        self.api = Api(self.crasher)
        self.notes: list[str] = []
        self.warnings: list[str] = []
        if not is_first:
            self.versions.by_id["old"] = {CURRENT}
            self.versions.values["old"] = '{"token": "old"}'
        self.announce("new")

    def announce(self, version_id: str) -> None:
        """As Secrets Manager begins."""
        self.versions.by_id[version_id] = {PENDING}

    def take(self, *steps: str, version: str = "new") -> None:
        """Take steps; all of them if none is named."""
        rotation = TokenRotation(
            cast("Any", self.versions),
            lambda: Credentials("key", "secret", "credentials"),
            cast("Any", self.api),
            self.notes.append,
            self.warnings.append,
        )
        for step in steps or STEPS:
            rotation.run_step(step, version)

    def current(self) -> str:
        """The current version."""
        (found,) = [key for key, labels in self.versions.by_id.items() if CURRENT in labels]
        return found

    def pending(self) -> list[str]:
        """The pending versions."""
        return [key for key, labels in self.versions.by_id.items() if PENDING in labels]
