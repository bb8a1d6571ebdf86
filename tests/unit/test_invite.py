"""invites.invite."""

from dataclasses import replace

import pytest

from invites.errors import Code, RejectedError
from invites.invite import Invite, InviteRules, to_invite
from invites.rules.admission import Admission, AllowDenyList
from invites.rules.roles import RoleRules
from invites.signup import Facts, NotInvited, Signup

ALL = InviteRules(RoleRules(default=("Artist", "Guest")))
STAGING = replace(
    ALL,
    admission=Admission(domains=AllowDenyList(frozenset({"example.test", "xn--bcher-kva.test"}))),
)


def test_default_roles_are_for_a_signup_that_asks_for_none() -> None:
    """The default roles are for a signup that asks for none."""
    asked = to_invite(Signup("Ada@Example.Test", Facts("canonical", roles=("Editor",))), ALL)
    silent = to_invite(Signup("ada@example.test"), ALL)
    assert asked == Invite("ada@example.test", ("Editor",))
    assert silent == Invite("ada@example.test", ("Artist", "Guest"))


def test_payload_has_address_and_roles_and_nothing_else() -> None:
    """The body of the call has the address and the roles, and nothing else."""
    payload = Invite("ada@example.test", ("Artist",)).payload()
    assert payload == {"email": "ada@example.test", "roles": ["Artist"]}


@pytest.mark.parametrize("email", ["ada@EXAMPLE.test", "ada@bücher.test"])
def test_allowed_domain_is_compared_in_the_form_that_is_sent(email: str) -> None:
    """Domains are compared in the form in which addresses are sent."""
    assert isinstance(to_invite(Signup(email), STAGING), Invite)


@pytest.mark.parametrize(
    "email",
    [
        "ada@sub.example.test",
        "ada@notexample.test",
        "ada@example.test.evil.test",
        "example.test@other.test",
    ],
)
def test_domain_that_is_not_the_very_one_is_ignored(email: str) -> None:
    """No subdomain, and no name that ends alike."""
    detail = "the address's domain is shut out by the deployment's lists"
    assert to_invite(Signup(email), STAGING) == NotInvited(Code.DOMAIN_NOT_ALLOWED, detail)


def test_invalid_address_is_rejected_before_its_domain_is_looked_at() -> None:
    """It may be a typing error."""
    with pytest.raises(RejectedError) as caught:
        to_invite(Signup("ada at other.test"), STAGING)
    assert (caught.value.code, caught.value.field) == (Code.INVALID_EMAIL, "data.email")


def test_invite_keeps_what_chose_the_roles_but_does_not_send_it() -> None:
    """It is kept for whoever asks why, and is no part of the invite."""
    silent = to_invite(Signup("ada@example.test"), ALL)
    assert isinstance(silent, Invite)
    assert (silent.chosen_by, "by" in str(silent.payload())) == ("default", False)


@pytest.mark.parametrize("refusing", [{"okta"}, {"*"}, {"okta", "auth0"}])
def test_unverified_address_is_refused_where_the_deployment_says_so(refusing: set[str]) -> None:
    """Where the event does not say whether, the person is invited."""
    rules = replace(ALL, unverified_refused=frozenset(refusing))
    facts = Facts("okta")
    with pytest.raises(RejectedError) as caught:
        to_invite(Signup("ada@example.test", facts, "user.email", is_verified=False), rules)
    assert (caught.value.code, caught.value.field) == (Code.UNVERIFIED_EMAIL, "user.email")
    for verified in (True, None):
        found = to_invite(Signup("ada@example.test", facts, is_verified=verified), rules)
        assert isinstance(found, Invite)


def test_unverified_address_of_another_system_is_for_its_file_to_decide() -> None:
    """Its file decides."""
    rules = replace(ALL, unverified_refused=frozenset({"okta"}))
    signup = Signup("ada@example.test", Facts("auth0"), is_verified=False)
    assert isinstance(to_invite(signup, rules), Invite)
    with pytest.raises(RejectedError):
        to_invite(replace(signup, refuses_unverified=True), rules)
