"""invites.rules.roles: which roles whom is given."""

from dataclasses import replace

import pytest

from invites.errors import Code, RejectedError
from invites.rules.roles import Choice, RoleRule, RoleRules
from invites.signup import Facts

TEACHERS = RoleRule("teachers", {"department": ("*education*",)}, ("Teacher",))
STAFF = RoleRule("staff", {"system": ("okta", "entra"), "employee_type": ("staff",)}, ("Editor",))
ADMINS = RoleRule("admins", {"groups": ("Space-Admins",), "system": ("okta",)}, ("Admin",))
ASKING = RoleRule("asking", {"roles": ("admin",), "tenant": ("/hr",)}, ("Admin",))
RULES = RoleRules((TEACHERS, STAFF, ADMINS, ASKING), allowed=frozenset({"Guest"}), default=("Art",))
ALL = replace(RULES, takes_all=True)

EDUCATOR = Facts("okta", department="Further Education", employee_type="Staff")


def ours(*roles: str, tenant: str = "/crm") -> Facts:
    """Our own event, which asks for roles."""
    return Facts("canonical", tenant, roles=roles)


@pytest.mark.parametrize(
    ("facts", "choice"),
    [
        (Facts("okta"), Choice(("Art",), "default")),
        (EDUCATOR, Choice(("Teacher",), "teachers")),
        (replace(EDUCATOR, department="Sales"), Choice(("Editor",), "staff")),
        (replace(EDUCATOR, department="", system="clerk"), Choice(("Art",), "default")),
        (Facts("okta", groups=("all", "space-admins")), Choice(("Admin",), "admins")),
        (Facts("auth0", groups=("space-admins",)), Choice(("Art",), "default")),
        (Facts("auth0", roles=("Guest", "Owner")), Choice(("Guest",), "the event")),
        (Facts("auth0", roles=("Admin", "admin")), Choice(("Art",), "default")),
        (ours("Owner"), Choice(("Owner",), "the event")),
        (ours("Admin", tenant="/hr"), Choice(("Admin",), "asking")),
        (ours("Guest", "Admin", tenant="/hr"), Choice(("Guest", "Admin"), "the event, and asking")),
    ],
)
def test_the_first_rule_that_fits(facts: Facts, choice: Choice) -> None:
    """What the event may ask for, then the first rule, then the default."""
    assert RULES.choose(facts) == choice


def test_all_rules_that_fit() -> None:
    """Their roles together, each once, beside what the event may ask for."""
    assert ALL.choose(EDUCATOR) == Choice(("Teacher", "Editor"), "teachers and staff")
    asking = replace(EDUCATOR, roles=("Guest", "Teacher"))
    chosen = Choice(("Guest", "Teacher", "Editor"), "the event, and teachers and staff")
    assert ALL.choose(asking) == chosen


@pytest.mark.parametrize("role", ["Admin", "admin", " ADMIN "])
@pytest.mark.parametrize("rules", [RULES, ALL])
def test_admin_without_a_rule(rules: RoleRules, role: str) -> None:
    """A producer that asks for it is told so; the person is not invited as less."""
    with pytest.raises(RejectedError, match=r"^data\.roles ") as caught:
        rules.choose(ours("Guest", role))
    assert caught.value.code is Code.ROLE_NOT_ALLOWED


@pytest.mark.parametrize("fact", ["department", "groups", "roles", "employee_type"])
def test_what_the_person_wrote(fact: str) -> None:
    """It fits no rule, unless the rule trusts it."""
    rule = RoleRule("any", {fact: ("*",)}, ("Guest",))
    values = {"department": "x", "groups": ("x",), "roles": ("x",), "employee_type": "x"}
    told = Facts("cognito", **{fact: values[fact]})  # type: ignore[arg-type] # of its own type
    written = replace(told, self_asserted=frozenset({fact}))
    assert rule.fits(told)
    assert not rule.fits(written)
    assert replace(rule, trusts_users=True).fits(written)


def test_a_fact_that_is_missing() -> None:
    """It meets no condition, not even one that anything would meet."""
    assert not RoleRule("any", {"title": ("*",)}, ("Guest",)).fits(Facts("okta"))
