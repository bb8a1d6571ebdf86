"""The token secret: its versions, and their labels."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aws_adapters.token_secret import format_value
from invites.token import Token
from simulation.plan import HOUR
from simulation.world.issued_tokens import IssuedTokens

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"


@dataclass(slots=True)
class SecretVersion:
    """A version; one that was only announced has no value."""

    value: str | None = None
    created_at: datetime | None = None
    labels: set[str] = field(default_factory=set)


class TokenSecret:
    """The secret.

    Attributes:
        versions: By id.
        on_rotate: Begins a rotation; until somebody rotates, it does nothing.
    """

    def __init__(self, issued: IssuedTokens, now: Callable[[], float]) -> None:
        self._issued = issued
        self._now = now
        self._ids = itertools.count(1)
        self.versions: dict[str, SecretVersion] = {}
        self.on_rotate: Callable[[], None] = lambda: None

    def labelled(self, label: str) -> str | None:
        """The id of the version that has a label, which is one at most."""
        versions = self.versions.items()
        return next((key for key, version in versions if label in version.labels), None)

    @property
    def is_being_rotated(self) -> bool:
        """Whether a version is to become the current one that is not yet: so AWS sees it."""
        return self.labelled(PENDING) not in (None, self.labelled(CURRENT))

    def renew(self, seconds: float = 30 * 24 * HOUR) -> None:
        """Somebody stores a new token by hand."""
        version_id = self._new_id()
        self.put(version_id, format_value(Token(*self._issued.make(seconds))), PENDING)
        self.move(CURRENT, version_id)
        self.versions[version_id].labels.discard(PENDING)

    def announce(self) -> str:
        """A version that is to become the current one; its id."""
        version_id = self._new_id()
        self.versions[version_id] = SecretVersion()
        self.move(PENDING, version_id)
        return version_id

    def put(self, version_id: str, value: str, label: str) -> bool:
        """Store a value; False if the version has another value, which AWS never changes."""
        kept = self.versions.setdefault(version_id, SecretVersion())
        if kept.value not in (None, value):
            return False
        # Secrets Manager tells whole seconds.
        kept.value, kept.created_at = value, datetime.fromtimestamp(int(self._now()), UTC)
        self.move(label, version_id)
        return True

    def move(self, label: str, version_id: str) -> None:
        """Move a label; whoever had AWSCURRENT before has AWSPREVIOUS then."""
        before = self.labelled(label)
        if before:
            self.versions[before].labels.discard(label)
        self.versions[version_id].labels.add(label)
        if label == CURRENT and before and before != version_id:
            self.move(PREVIOUS, before)

    def _new_id(self) -> str:
        return f"version-{next(self._ids)}"
