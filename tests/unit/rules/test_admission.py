"""invites.rules.admission."""

import pytest

from invites.errors import Code
from invites.rules.admission import Admission, AllowDenyList


def exclusion_code(admission: Admission) -> Code | None:
    """Why the person is not invited."""
    of_event = admission.exclude_event("okta", "northwind")
    found = of_event or admission.exclude_address("ada@example.test")
    return found.code if found else None


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("domains", "example.test", Code.DOMAIN_NOT_ALLOWED),
        ("tenants", "northwind", Code.TENANT_NOT_ALLOWED),
        ("sources", "okta", Code.SOURCE_NOT_ALLOWED),
    ],
)
def test_what_is_denied_or_not_among_the_allowed_is_ignored(
    kind: str, value: str, code: Code
) -> None:
    """Whom the list of the denied names, or that of the allowed does not, is ignored."""
    named, other = frozenset({value.upper()}), frozenset({"other"})
    assert exclusion_code(Admission(**{kind: AllowDenyList(allow=named)})) is None
    assert exclusion_code(Admission(**{kind: AllowDenyList(deny=other)})) is None
    assert exclusion_code(Admission(**{kind: AllowDenyList(allow=other)})) is code
    assert exclusion_code(Admission(**{kind: AllowDenyList(deny=named)})) is code
    assert exclusion_code(Admission(**{kind: AllowDenyList(allow=named, deny=named)})) is code


def test_star_stands_for_anything_but_a_domain_is_no_subdomain_of_itself() -> None:
    """A star stands for anything; the domain itself is not one of its subdomains."""
    below = AllowDenyList(allow=frozenset({"*.example.test"}))
    assert below.admits("a.example.test")
    assert not below.admits("example.test")
    assert not below.admits("a.example.test.evil.test")


def test_unknown_tenant_is_none_of_the_allowed() -> None:
    """It is none of those that are allowed."""
    lists = AllowDenyList(allow=frozenset({"northwind"}))
    found = Admission(tenants=lists).exclude_event("okta", "")
    assert found
    assert found.code is Code.TENANT_NOT_ALLOWED
