"""invites.invite."""

import pytest

from invites.errors import Code, RejectedError
from invites.invite import Invite, InviteRules, to_invite
from invites.signup import Ignored, Signup

ALL = InviteRules(default_roles=("Artist", "Guest"))
STAGING = InviteRules(("Artist",), frozenset({"example.test", "xn--bcher-kva.test"}))


def test_the_roles_of_the_event_go_first() -> None:
    """The default roles are for a signup that asks for none."""
    asked = to_invite(Signup("Ada@Example.Test", ("Editor",)), ALL)
    silent = to_invite(Signup("ada@example.test", ()), ALL)
    assert asked == Invite("ada@example.test", ("Editor",))
    assert silent == Invite("ada@example.test", ("Artist", "Guest"))


def test_the_payload() -> None:
    """The body of the call has the address and the roles, and nothing else."""
    payload = Invite("ada@example.test", ("Artist",)).payload()
    assert payload == {"email": "ada@example.test", "roles": ["Artist"]}


@pytest.mark.parametrize("email", ["ada@EXAMPLE.test", "ada@bücher.test"])
def test_an_allowed_domain(email: str) -> None:
    """Domains are compared in the form in which addresses are sent."""
    assert isinstance(to_invite(Signup(email, ()), STAGING), Invite)


@pytest.mark.parametrize(
    "email",
    [
        "ada@sub.example.test",
        "ada@notexample.test",
        "ada@example.test.evil.test",
        "example.test@other.test",
    ],
)
def test_a_domain_that_is_not_allowed(email: str) -> None:
    """Only the very domains are allowed: no subdomain, no name that ends alike."""
    detail = "the address is outside AllowedEmailDomains"
    assert to_invite(Signup(email, ()), STAGING) == Ignored(Code.DOMAIN_NOT_ALLOWED, detail)


def test_an_address_that_is_none() -> None:
    """It is rejected also where its domain would be ignored: it may be a typing error."""
    with pytest.raises(RejectedError) as caught:
        to_invite(Signup("ada at other.test", ()), STAGING)
    assert (caught.value.code, caught.value.field) == (Code.INVALID_EMAIL, "data.email")
