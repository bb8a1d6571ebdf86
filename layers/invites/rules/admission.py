"""Admission: who is shut out of invitations on purpose, by the deployment's lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from invites.errors import Code
from invites.rules.address import domain
from invites.signup import NotInvited

_LISTED = "shut out by the deployment's lists"


@dataclass(frozen=True, slots=True)
class AllowDenyList:
    """Who may, and who may not; patterns with `*` and `?` as wildcards, case aside.

    Attributes:
        allow: Empty for all.
        deny: Comes before `allow`.
    """

    allow: frozenset[str] = frozenset()
    deny: frozenset[str] = frozenset()

    def admits(self, value: str) -> bool:
        """Whether the value is in no way shut out."""
        if _matches(value, self.deny):
            return False
        return not self.allow or _matches(value, self.allow)


@dataclass(frozen=True, slots=True)
class Admission:
    """Lists of e-mail domains, of tenants, and of sources (names of systems)."""

    domains: AllowDenyList = AllowDenyList()
    tenants: AllowDenyList = AllowDenyList()
    sources: AllowDenyList = AllowDenyList()

    def exclude_event(self, system: str, tenant: str) -> NotInvited | None:
        """Why nobody whom an event announces is invited; None if they may be."""
        if not self.sources.admits(system):
            return NotInvited(Code.SOURCE_NOT_ALLOWED, f"the source is {_LISTED}")
        if not self.tenants.admits(tenant):
            return NotInvited(Code.TENANT_NOT_ALLOWED, f"the tenant is {_LISTED}")
        return None

    def exclude_address(self, email: str) -> NotInvited | None:
        """Why a person is not invited, by the address in the form in which it would be sent."""
        if not self.domains.admits(domain(email)):
            return NotInvited(Code.DOMAIN_NOT_ALLOWED, f"the address's domain is {_LISTED}")
        return None


def _matches(value: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(value.lower(), pattern.lower()) for pattern in patterns)
