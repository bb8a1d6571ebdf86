"""Admission: whom the deployment invites, by its lists of systems, tenants and domains."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from invites.errors import Code
from invites.rules.address import domain
from invites.signup import NotInvited

_LISTED = "shut out by the deployment's lists"


@dataclass(frozen=True, slots=True)
class AllowDenyList:
    """Patterns of what is let in and of what is not; `*` and `?` are wildcards, case aside.

    Attributes:
        allow: What is let in; empty for all.
        deny: What is not, even if `allow` has it.
    """

    allow: frozenset[str] = frozenset()
    deny: frozenset[str] = frozenset()

    def admits(self, value: str) -> bool:
        """Whether the lists let the value in."""
        if _matches(value, self.deny):
            return False
        return not self.allow or _matches(value, self.allow)


@dataclass(frozen=True, slots=True)
class Admission:
    """A list each for e-mail domains, tenants, and sources (the names of systems)."""

    domains: AllowDenyList = AllowDenyList()
    tenants: AllowDenyList = AllowDenyList()
    sources: AllowDenyList = AllowDenyList()

    def exclude_event(self, system: str, tenant: str) -> NotInvited | None:
        """Why nobody is invited by an event; None if its system and tenant are let in."""
        if not self.sources.admits(system):
            return NotInvited(Code.SOURCE_NOT_ALLOWED, f"the source is {_LISTED}")
        if not self.tenants.admits(tenant):
            return NotInvited(Code.TENANT_NOT_ALLOWED, f"the tenant is {_LISTED}")
        return None

    def exclude_address(self, email: str) -> NotInvited | None:
        """Why an address, in the form in which it is sent, is not invited; None if it is let in."""
        if not self.domains.admits(domain(email)):
            return NotInvited(Code.DOMAIN_NOT_ALLOWED, f"the address's domain is {_LISTED}")
        return None


def _matches(value: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(value.lower(), pattern.lower()) for pattern in patterns)
