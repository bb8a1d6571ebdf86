"""Admission: who is shut out of invitations on purpose, by the deployment's lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from invites.address import domain
from invites.errors import Code
from invites.signup import Ignored, Signup


@dataclass(frozen=True, slots=True)
class Lists:
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

    domains: Lists = Lists()
    tenants: Lists = Lists()
    sources: Lists = Lists()

    def shut_out(self, signup: Signup, email: str) -> Ignored | None:
        """Why the person is not invited; None if nothing shuts them out.

        Args:
            signup: The signup.
            email: Its address, in the form in which it would be sent.
        """
        facts = signup.facts
        for lists, value, code, what in (
            (self.sources, facts.system, Code.SOURCE_NOT_ALLOWED, "source"),
            (self.tenants, facts.tenant, Code.TENANT_NOT_ALLOWED, "tenant"),
            (self.domains, domain(email), Code.DOMAIN_NOT_ALLOWED, "address's domain"),
        ):
            if not lists.admits(value):
                return Ignored(code, f"the {what} is shut out by the deployment's lists")
        return None


def _matches(value: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(value.lower(), one.lower()) for one in patterns)
