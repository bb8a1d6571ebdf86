"""What an invite is, and how a signup becomes one."""

from dataclasses import dataclass, field
from typing import Any

from invites.errors import Code, RejectedError
from invites.rules.address import normalise
from invites.rules.admission import Admission
from invites.rules.roles import RoleRules
from invites.signup import NotInvited, Signup


@dataclass(frozen=True, slots=True)
class Invite:
    """One person to be invited: the normalised address, and at least one role name.

    Attributes:
        chosen_by: What chose the roles, for the explanation. It does not count in comparisons.
    """

    email: str
    roles: tuple[str, ...]
    chosen_by: str = field(default="", compare=False)

    def payload(self) -> dict[str, Any]:
        """The body of `POST /api/v1/users`."""
        return {"email": self.email, "roles": list(self.roles)}


@dataclass(frozen=True, slots=True)
class InviteRules:
    """What a deployment decides on invites.

    Attributes:
        roles: Which roles a person gets.
        admission: Who is invited at all. It keeps a staging stack from inviting real people.
        unverified_refused: Systems whose unverified addresses are refused, beside those whose
            file refuses them; `*` for all.
    """

    roles: RoleRules
    admission: Admission = field(default_factory=Admission)
    unverified_refused: frozenset[str] = frozenset()


def to_invite(signup: Signup, rules: InviteRules) -> Invite | NotInvited:
    """Map a signup to its invite, or to the reason why nobody is invited.

    Raises:
        RejectedError: `invalid_email`, `unverified_email` or `role_not_allowed`.
    """
    email = normalise(signup.email, signup.email_field)
    if excluded := rules.admission.exclude_address(email):
        return excluded
    refuses = signup.refuses_unverified or rules.unverified_refused & {signup.facts.system, "*"}
    if refuses and signup.is_verified is False:
        raise RejectedError(Code.UNVERIFIED_EMAIL, signup.email_field, "is known to be unverified")
    choice = rules.roles.choose(signup.facts)
    return Invite(email, choice.roles, choice.by)
