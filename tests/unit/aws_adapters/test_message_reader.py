"""aws_adapters.settings: the rules that a deployment sets by variables."""

import pytest

from aws_adapters.message_reader import make_reader
from aws_adapters.settings import SettingsError
from invites.rules.admission import Admission, AllowDenyList
from support.environment import RULES

LISTS = sorted(RULES.keys() - {"DEFAULT_ROLES"})


def test_none_of_them() -> None:
    """Empty lists let everybody in, verified or not."""
    rules = make_reader(RULES).rules
    assert rules.admission == Admission()
    assert (rules.roles.default, rules.unverified_refused) == (("Artist",), frozenset())


def test_all_of_them() -> None:
    """Lists are split at commas, white space and empty items dropped; each has its place."""
    given = {name: f" {name.lower()}-1,, {name.lower()}-2 ," for name in RULES}
    rules = make_reader(given).rules

    def both(name: str) -> frozenset[str]:
        return frozenset({f"{name}-1", f"{name}-2"})

    assert rules.admission == Admission(
        domains=AllowDenyList(both("allowed_email_domains"), both("denied_email_domains")),
        tenants=AllowDenyList(both("allowed_tenants"), both("denied_tenants")),
        sources=AllowDenyList(both("allowed_sources"), both("denied_sources")),
    )
    assert rules.roles.default == ("default_roles-1", "default_roles-2")
    assert rules.unverified_refused == both("unverified_refused_sources")


def test_the_systems() -> None:
    """The catalogue is that of the files."""
    assert "okta" in make_reader(RULES).registry.systems


@pytest.mark.parametrize("value", ["", " ", ","])
def test_no_default_role(value: str) -> None:
    """An invite has at least one role."""
    with pytest.raises(SettingsError, match=r"^DEFAULT_ROLES: "):
        make_reader(RULES | {"DEFAULT_ROLES": value})


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("Artist, Admin", "holds Admin, which only a rule can give"),
        ("Ádmin", "holds Admin"),
        ("Admin\u200b", "holds Admin"),
        ("Artist\u200b", "holds a name that is too long, or has invisible"),
        ("x" * 101, "holds a name that is too long"),
    ],
)
def test_a_default_role_that_nobody_may_have(value: str, problem: str) -> None:
    """The function does not start with it: it would be everybody's."""
    with pytest.raises(SettingsError, match=f"^DEFAULT_ROLES: {problem}"):
        make_reader(RULES | {"DEFAULT_ROLES": value})


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("value", [None, ",", " , ,"])
def test_a_list_that_names_nothing(name: str, value: str | None) -> None:
    """Only a list that is there and empty limits nothing: a slip may not open the gate."""
    environment = {key: one for key, one in RULES.items() if key != name}
    if value is not None:
        environment[name] = value
    with pytest.raises(SettingsError, match=f"^{name}: "):
        make_reader(environment)
