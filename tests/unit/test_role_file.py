"""invites.rules.roles."""

from pathlib import Path

import pytest

from invites.rules.roles import ROLES_FILE, RoleRule, RoleRules, load_roles
from invites.toml_reader import FileError

GOOD = """
match = "all"
default = ["Guest"]
allow = ["Artist"]

[[rules]]
name = "design"
when = { source = "okta", department = ["design*", "art"] }
roles = ["Editor", "Artist"]

[[rules]]
name = "say so themselves"
when = { roles = "artist" }
roles = ["Artist"]
trust_users = true
"""


def rules(folder: Path, text: str) -> RoleRules:
    """The rules of a file."""
    path = folder / "roles.toml"
    path.write_text(text, encoding="utf-8")
    return load_roles(path, ("Default",))


def test_ours() -> None:
    """As it comes it gives everybody the deployment's default, and takes nobody's word."""
    assert load_roles(ROLES_FILE, ("Artist",)) == RoleRules(default=("Artist",))


def test_a_file(tmp_path: Path) -> None:
    """Each key has its place; its default comes before the deployment's."""
    design = RoleRule(
        "design",
        {"system": ("okta",), "department": ("design*", "art")},
        ("Editor", "Artist"),
    )
    themselves = RoleRule("say so themselves", {"roles": ("artist",)}, ("Artist",), True)
    expected = RoleRules((design, themselves), True, frozenset({"Artist"}), ("Guest",))
    assert rules(tmp_path, GOOD) == expected
    assert rules(tmp_path, "") == RoleRules(default=("Default",))


@pytest.mark.parametrize("admin", ["Admin", "ADMIN"])
def test_a_rule_may_give_admin(tmp_path: Path, admin: str) -> None:
    """It alone, and in plain letters."""
    text = GOOD.replace("Editor", admin)
    assert rules(tmp_path, text).rules[0].roles == (admin, "Artist")


def test_the_example_in_ours(tmp_path: Path) -> None:
    """What is commented out to be changed would load."""
    text = ROLES_FILE.read_text(encoding="utf-8")
    example = text[text.index("# [[rules]]") :].replace("# ", "")
    (rule,) = rules(tmp_path, example).rules
    assert (rule.name, rule.roles) == ("teachers", ("Teacher",))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"all"', '"some"', "match is not one of first, all"),
        ('allow = ["Artist"]', 'allow = ["Artist", " ADMIN"]', "allow holds Admin"),
        ('allow = ["Artist"]', 'allow = ["Artist", "Ádmin"]', "allow holds Admin"),
        ('allow = ["Artist"]', 'allow = ["Artist "]', "allow holds a name that is too long, not"),
        ('default = ["Guest"]', 'default = ["Guest", "admin"]', "default holds Admin"),
        ('default = ["Guest"]', 'default = "Gue\\u200Bst"', "default holds a name"),
        ('roles = ["Editor"', 'roles = ["Edi\\u202Etor"', r"rules\[0\].roles holds a name"),
        ('roles = ["Editor"', 'roles = ["\uff21dmin"', r"rules\[0\].roles holds another spelling"),
        ('allow = ["Artist"]', "", r"rules\[1\].roles are not all in allow"),
        ('name = "design"', "", r"rules\[0\].name is missing"),
        ('roles = ["Editor", "Artist"]', "roles = []", r"rules\[0\].roles is empty"),
        ("{ source", "{ system", r"rules\[0\].when.system is not one of department, employee_type"),
        ("{ source", "{ self_asserted", r"rules\[0\].when.self_asserted is not one of"),
        ('"okta"', "7", r"rules\[0\].when.source is not a list of texts"),
        ('when = { roles = "artist" }', "when = {}", r"rules\[1\].when is empty"),
        ("trust_users = true", 'trust_users = "yes"', r"rules\[1\].trust_users is neither"),
        ("default =", "defaults =", "defaults is not known"),
        ("trust_users = true", "trusts = true", r"rules\[1\].trusts is not known"),
    ],
)
def test_what_is_wrong(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """File and key are named."""
    assert old in GOOD
    with pytest.raises(FileError, match=f"^roles.toml: {problem}"):
        rules(tmp_path, GOOD.replace(old, new, 1))
