"""What an invite is, and the rules that make one of a signup."""

from dataclasses import dataclass
from typing import Any

from invites.address import domain, normalise
from invites.errors import Code
from invites.signup import Ignored, Signup


@dataclass(frozen=True, slots=True)
class Invite:
    """One person to be invited: the normalised address, and at least one role name."""

    email: str
    roles: tuple[str, ...]

    def payload(self) -> dict[str, Any]:
        """The body of `POST /api/v1/users`."""
        return {"email": self.email, "roles": list(self.roles)}


@dataclass(frozen=True, slots=True)
class InviteRules:
    """What a deployment decides.

    Attributes:
        default_roles: For a signup that asks for no role.
        allowed_domains: E-mail domains that are invited, in lower case; empty for all. Others
            are ignored, which keeps a staging stack from writing to real people.
    """

    default_roles: tuple[str, ...]
    allowed_domains: frozenset[str] = frozenset()


def to_invite(signup: Signup, rules: InviteRules) -> Invite | Ignored:
    """Map a signup to its invite, or to the reason why there is none.

    Raises:
        RejectedError: `invalid_email`.
    """
    email = normalise(signup.email, "data.email")
    if rules.allowed_domains and domain(email) not in rules.allowed_domains:
        return Ignored(Code.DOMAIN_NOT_ALLOWED, "the address is outside AllowedEmailDomains")
    return Invite(email, signup.roles or rules.default_roles)
