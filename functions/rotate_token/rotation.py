"""The four steps of a rotation. Each may be repeated, also after a step that failed halfway."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from aws_adapters.token_secret import format_value, parse_value
from invites.errors import RotationError, TokenApiError, TokenError
from invites.token import Token
from rotate_token.versions import CURRENT, PENDING, Version

if TYPE_CHECKING:
    from invites.api.token_client import Credentials, TokenApi
    from rotate_token.versions import TokenVersions


# The API documents no way to revoke a token: a lost one is valid until its end, if it has one.
ORPHAN = "at most one token is left at SpaceMedia that nobody has"


class TokenRotation:
    """Runs the steps.

    Args:
        versions: The versions of the token secret.
        credentials: Reads key and secret; raises CredentialsError.
        api: Makes tokens and tries them.
        log_info: Logs what was done.
        log_warning: Logs what an operator may have to look into.
    """

    def __init__(
        self,
        versions: "TokenVersions",
        credentials: "Callable[[], Credentials]",
        api: "TokenApi",
        log_info: Callable[[str], None],
        log_warning: Callable[[str], None],
    ) -> None:
        self._versions = versions
        self._credentials = credentials
        self._api = api
        self._log_info = log_info
        self._log_warning = log_warning
        self._steps = {
            "createSecret": self._create,
            "setSecret": self._set,
            "testSecret": self._test,
            "finishSecret": self._finish,
        }

    def run_step(self, step: str, version_id: str) -> None:
        """Run a step for the version that is to become the current one.

        Raises:
            InviteError: The step failed. Secrets Manager tries again by itself.
        """
        if step not in self._steps:
            raise RotationError(f"unknown step {step!r:.40}")
        self._steps[step](version_id)

    def _create(self, version_id: str) -> None:
        """Have a token made, unless an earlier try has stored one."""
        version = self._versions.read(version_id)
        if version.value is not None:
            self._require_in_use(version_id, version)
            self._log_info("the version has a token: nothing to create")
            return
        credentials = self._credentials()
        self._drop_stale_pending(version_id)
        self._log_info(f"having a token made; unless it is noted as stored, {ORPHAN}")
        self._versions.put_pending(version_id, format_value(self._exchange(credentials)))
        self._log_info("the token is stored")

    def _exchange(self, credentials: "Credentials") -> Token:
        try:
            return self._api.exchange(credentials)
        except TokenApiError as error:
            if error.is_orphan_possible:
                self._log_warning(ORPHAN)
            raise

    def _set(self, _version_id: str) -> None:
        """Nothing to do: the API has made the token, so it knows it."""

    def _test(self, version_id: str) -> None:
        """Try the token. A refused one loses AWSPENDING, which would block all later rotations."""
        version = self._versions.read(version_id)
        self._require_in_use(version_id, version)
        if self._api.accepts(self._token(version_id, version)):
            return
        if CURRENT not in version.labels:
            self._versions.drop_pending(version_id)
        raise RotationError("the API refuses the new token: it is given up; rotate again")

    def _finish(self, version_id: str) -> None:
        """Make the version the current one."""
        version = self._versions.read(version_id)
        self._require_in_use(version_id, version)
        self._token(version_id, version)
        if CURRENT not in version.labels:
            labels = self._versions.labels().items()
            previous_id = next((key for key, names in labels if CURRENT in names), None)
            self._versions.make_current(version_id, previous_id)
            self._log_info("the new token is the current one")
        # AWS may remove AWSPENDING by itself or not. If it stays, it blocks the next rotation.
        if PENDING in self._versions.labels().get(version_id, ()):
            self._versions.drop_pending(version_id)

    def _drop_stale_pending(self, version_id: str) -> None:
        """Take AWSPENDING off other versions, left by rotations that never ended."""
        for other_id, labels in self._versions.labels().items():
            if other_id != version_id and PENDING in labels:
                self._versions.drop_pending(other_id)
                if CURRENT not in labels:
                    self._log_warning(f"version {other_id} never became current; {ORPHAN}")

    def _require_in_use(self, version_id: str, version: Version) -> None:
        """Refuse a version that was given up: AWS lets no version be written twice."""
        if not {CURRENT, PENDING} & set(version.labels):
            raise RotationError(f"version {version_id} is neither pending nor current")

    def _token(self, version_id: str, version: Version) -> Token:
        try:
            return parse_value(self._versions.secret_name, version.value or "")
        except TokenError as error:
            raise RotationError(f"version {version_id}: {error}") from error
