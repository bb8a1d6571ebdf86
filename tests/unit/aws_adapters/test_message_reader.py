"""aws_adapters.settings: the rules that a deployment sets by variables."""

import pytest

from aws_adapters.message_reader import make_reader
from aws_adapters.settings import SettingsError
from invites.rules.admission import Admission, AllowDenyList
from support.environment import RULES

LISTS = sorted(RULES.keys() - {"DEFAULT_ROLES"})


def test_empty_lists_let_everybody_in() -> None:
    """Verified or not."""
    rules = make_reader(RULES).rules
    assert rules.admission == Admission()
    assert (rules.roles.default, rules.unverified_refused) == (("Artist",), frozenset())


def test_each_list_is_split_at_commas_and_has_its_place() -> None:
    """White space and empty items are dropped."""
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


def test_systems_are_those_of_the_files() -> None:
    """The catalogue is that of the files."""
    assert "okta" in make_reader(RULES).registry.systems


@pytest.mark.parametrize("value", ["", " ", ","])
def test_empty_default_roles_are_refused(value: str) -> None:
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
def test_default_role_that_nobody_may_have_is_refused(value: str, problem: str) -> None:
    """It would be everybody's."""
    with pytest.raises(SettingsError, match=f"^DEFAULT_ROLES: {problem}"):
        make_reader(RULES | {"DEFAULT_ROLES": value})


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("value", [None, ",", " , ,"])
def test_missing_list_or_one_of_commas_alone_is_refused(name: str, value: str | None) -> None:
    """Only a list that is there and empty limits nothing: a slip may not open the gate."""
    environment = {key: text for key, text in RULES.items() if key != name}
    if value is not None:
        environment[name] = value
    with pytest.raises(SettingsError, match=f"^{name}: "):
        make_reader(environment)
