"""Sanctum's tokens: `{id}|{40 random characters}{crc32 of them}`."""

import hashlib
import secrets
import string
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

_ALPHABET = string.ascii_letters + string.digits
_RANDOM_LENGTH = 40
# Enough to tell tokens apart in a report, too little to use one.
_FINGERPRINT_LENGTH = 12


@lru_cache(maxsize=1024)
def fingerprint(secret: str) -> str:
    """Return the name under which reports mention a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


@dataclass(frozen=True, slots=True)
class Token:
    """A personal access token."""

    id: int
    plain: str
    # Epoch seconds; None never expires.
    expires: float | None
    abilities: list[str]

    @property
    def expires_at(self) -> str | None:
        """The expiry as the API words it."""
        if self.expires is None:
            return None
        return datetime.fromtimestamp(self.expires, UTC).isoformat(timespec="seconds")

    def can(self, ability: str) -> bool:
        """Whether the token has the ability."""
        return "*" in self.abilities or ability in self.abilities

    def report(self) -> dict[str, Any]:
        """Describe the token to a test, which may know the token itself."""
        return {
            "id": self.id,
            "token": self.plain,
            "fingerprint": fingerprint(self.plain),
            "expires_at": self.expires_at,
            "abilities": self.abilities,
        }


class Tokens:
    """The tokens in force; any number of them at once."""

    def __init__(self) -> None:
        self._by_plain: dict[str, Token] = {}
        self._issued = 0

    def issue(self, ttl: float | None, abilities: list[str], plain: str | None = None) -> Token:
        """Make a token, or take over a given text as one."""
        self._issued += 1
        expires = None if ttl is None else time.time() + ttl
        token = Token(self._issued, plain or _new_plain(self._issued), expires, abilities)
        self._by_plain[token.plain] = token
        return token

    def find(self, plain: str) -> Token | None:
        """Return the token if it is in force."""
        token = self._by_plain.get(plain)
        if token is None or (token.expires is not None and token.expires <= time.time()):
            return None
        return token

    def revoke(self, reference: str) -> int:
        """Revoke by id or by fingerprint, or all with `*`; return how many."""
        names = {plain: (str(t.id), fingerprint(plain), "*") for plain, t in self._by_plain.items()}
        revoked = [plain for plain, known in names.items() if reference in known]
        for plain in revoked:
            del self._by_plain[plain]
        return len(revoked)

    def report(self) -> list[dict[str, Any]]:
        """List the tokens, expired ones among them."""
        return [token.report() for token in self._by_plain.values()]


def _new_plain(number: int) -> str:
    entropy = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM_LENGTH))
    return f"{number}|{entropy}{zlib.crc32(entropy.encode()):08x}"
