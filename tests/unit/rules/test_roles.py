"""invites.rules.roles: which roles a person gets, and the file that says so."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from invites.errors import Code, RejectedError
from invites.rules.roles import ROLES_FILE, Choice, RoleRule, RoleRules, load_roles
from invites.signup import Facts
from invites.toml_reader import FileError
from support.rule_files import ROLES_SCHEMA, problems

TEACHERS = RoleRule("teachers", {"department": ("*education*",)}, ("Teacher",))
STAFF = RoleRule("staff", {"system": ("okta", "entra"), "employee_type": ("staff",)}, ("Editor",))
ADMINS = RoleRule("admins", {"groups": ("Space-Admins",), "system": ("okta",)}, ("Admin",))
ASKING = RoleRule("asking", {"roles": ("admin",), "tenant": ("/hr",)}, ("Admin",))
RULES = RoleRules((TEACHERS, STAFF, ADMINS, ASKING), allowed=frozenset({"Guest"}), default=("Art",))
ALL = replace(RULES, takes_all=True)

EDUCATOR = Facts("okta", department="Further Education", employee_type="Staff")

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

# Mistakes by which a file is none of the format: replaced text, its replacement, the loader's
# words, and the key that the schema names.
MALFORMED = [
    ('"all"', '"some"', "match is not one of first, all", "match"),
    ('name = "design"', "", r"rules\[0\].name is missing", "rules[0].name"),
    (
        'roles = ["Editor", "Artist"]',
        "roles = []",
        r"rules\[0\].roles is empty",
        "rules[0].roles",
    ),
    (
        "{ source",
        "{ system",
        r"rules\[0\].when.system is not one of department, employee_type",
        "rules[0].when.system",
    ),
    (
        "{ source",
        "{ self_asserted",
        r"rules\[0\].when.self_asserted is not one of",
        "rules[0].when.self_asserted",
    ),
    (
        '"okta"',
        "7",
        r"rules\[0\].when.source is not a list of texts",
        "rules[0].when.source",
    ),
    ('when = { roles = "artist" }', "when = {}", r"rules\[1\].when is empty", "rules[1].when"),
    (
        "trust_users = true",
        'trust_users = "yes"',
        r"rules\[1\].trust_users is neither",
        "rules[1].trust_users",
    ),
    ("default =", "defaults =", "defaults is not known", "defaults"),
    ("trust_users = true", "trusts = true", r"rules\[1\].trusts is not", "rules[1].trusts"),
]
# Mistakes that only the loader can see.
MEANINGLESS = [
    ('allow = ["Artist"]', 'allow = ["Artist", " ADMIN"]', "allow holds Admin"),
    ('allow = ["Artist"]', 'allow = ["Artist", "Ádmin"]', "allow holds Admin"),
    ('allow = ["Artist"]', 'allow = ["Artist "]', "allow holds a name that is too long, or"),
    ('default = ["Guest"]', 'default = ["Guest", "admin"]', "default holds Admin"),
    ('default = ["Guest"]', 'default = "Gue\\u200Bst"', "default holds a name"),
    ('roles = ["Editor"', 'roles = ["Edi\\u202Etor"', r"rules\[0\].roles holds a name"),
    ('roles = ["Editor"', 'roles = ["\uff21dmin"', r"rules\[0\].roles holds another spelling"),
    ('allow = ["Artist"]', "", r"rules\[1\].roles are not all in allow"),
]


def ours(*roles: str, tenant: str = "/crm") -> Facts:
    """Our own event, which asks for roles."""
    return Facts("canonical", tenant, roles=roles)


def roles_file(folder: Path, text: str = GOOD) -> Path:
    """A file of rules."""
    path = folder / "roles.toml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str = GOOD) -> RoleRules:
    """The rules of a file."""
    return load_roles(roles_file(folder, text), ("Default",))


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
def test_event_comes_before_first_fitting_rule_and_rule_before_default(
    facts: Facts, choice: Choice
) -> None:
    """What the event may not ask for is given by a rule alone."""
    assert RULES.choose(facts) == choice


def test_roles_of_all_fitting_rules_add_up_if_the_file_says_all() -> None:
    """Each role once, beside what the event may ask for."""
    assert ALL.choose(EDUCATOR) == Choice(("Teacher", "Editor"), "teachers and staff")
    asking = replace(EDUCATOR, roles=("Guest", "Teacher"))
    chosen = Choice(("Guest", "Teacher", "Editor"), "the event, and teachers and staff")
    assert ALL.choose(asking) == chosen


@pytest.mark.parametrize("role", ["Admin", "admin", " ADMIN "])
@pytest.mark.parametrize("rules", [RULES, ALL])
def test_our_own_event_that_asks_for_admin_without_a_rule_is_rejected(
    rules: RoleRules, role: str
) -> None:
    """The producer learns of it; the person is not invited with fewer roles."""
    with pytest.raises(RejectedError, match=r"^data\.roles ") as caught:
        rules.choose(ours("Guest", role))
    assert caught.value.code is Code.ROLE_NOT_ALLOWED


@pytest.mark.parametrize("fact", ["department", "groups", "roles", "employee_type"])
def test_a_fact_that_the_person_wrote_fits_no_rule_that_does_not_trust_users(fact: str) -> None:
    """Whatever the fact is."""
    rule = RoleRule("any", {fact: ("*",)}, ("Guest",))
    values = {"department": "x", "groups": ("x",), "roles": ("x",), "employee_type": "x"}
    given = Facts("cognito", **{fact: values[fact]})  # type: ignore[arg-type] # of its own type
    written = replace(given, self_asserted=frozenset({fact}))
    assert rule.fits(given)
    assert not rule.fits(written)
    assert replace(rule, trusts_users=True).fits(written)


def test_a_missing_fact_meets_no_condition() -> None:
    """Not even a pattern that matches every text."""
    assert not RoleRule("any", {"title": ("*",)}, ("Guest",)).fits(Facts("okta"))


def test_our_file_gives_everybody_the_default_and_takes_no_role_from_a_system() -> None:
    """As it comes."""
    assert load_roles(ROLES_FILE, ("Artist",)) == RoleRules(default=("Artist",))


def test_each_key_of_a_file_has_its_place_in_the_rules(tmp_path: Path) -> None:
    """The file's default comes before the deployment's."""
    design = RoleRule(
        "design",
        {"system": ("okta",), "department": ("design*", "art")},
        ("Editor", "Artist"),
    )
    themselves = RoleRule("say so themselves", {"roles": ("artist",)}, ("Artist",), True)
    expected = RoleRules((design, themselves), True, frozenset({"Artist"}), ("Guest",))
    assert loaded(tmp_path) == expected
    assert loaded(tmp_path, "") == RoleRules(default=("Default",))


@pytest.mark.parametrize("admin", ["Admin", "ADMIN"])
def test_a_rule_may_give_admin_in_plain_letters(tmp_path: Path, admin: str) -> None:
    """Nothing else may."""
    assert loaded(tmp_path, GOOD.replace("Editor", admin)).rules[0].roles == (admin, "Artist")


def test_the_example_in_our_file_loads(tmp_path: Path) -> None:
    """It is commented out, to be changed; the schema takes it, too."""
    text = ROLES_FILE.read_text(encoding="utf-8")
    path = roles_file(tmp_path, text[text.index("# [[rules]]") :].replace("# ", ""))
    (rule,) = load_roles(path, ("Artist",)).rules
    assert (rule.name, rule.roles) == ("teachers", ("Teacher",))
    assert problems(path, ROLES_SCHEMA) == []


@pytest.mark.parametrize(("old", "new", "words", "key"), MALFORMED)
def test_loader_and_schema_refuse_what_is_not_of_the_format(
    tmp_path: Path, old: str, new: str, words: str, key: str
) -> None:
    """Both name file and key: an editor shows the mistake before the function would."""
    assert old in GOOD
    path = roles_file(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(FileError, match=f"^roles.toml: {words}"):
        load_roles(path, ("Default",))
    assert any(found.startswith(f"roles.toml: {key}") for found in problems(path, ROLES_SCHEMA))


@pytest.mark.parametrize(("old", "new", "words"), MEANINGLESS)
def test_loader_refuses_what_only_looks_right(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    """No schema can see it."""
    assert old in GOOD
    path = roles_file(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(FileError, match=f"^roles.toml: {words}"):
        load_roles(path, ("Default",))
    assert problems(path, ROLES_SCHEMA) == []


@pytest.mark.parametrize("text", [GOOD, "", GOOD.replace('["Guest"]', '"Guest"')])
def test_loader_and_schema_take_what_is_of_the_format(tmp_path: Path, text: str) -> None:
    """The schema refuses nothing that the function takes."""
    path = roles_file(tmp_path, text)
    load_roles(path, ("Default",))
    assert problems(path, ROLES_SCHEMA) == []


def test_schema_has_the_facts_of_the_loader(tmp_path: Path) -> None:
    """Each of them loads, and no other is listed."""
    definitions = json.loads(ROLES_SCHEMA.read_text("utf-8"))["$defs"]
    facts = definitions["when"]["properties"]
    when = ", ".join(f'{fact} = "x"' for fact in facts)
    text = f'[[rules]]\nname = "all"\nwhen = {{ {when} }}\nroles = ["Artist"]'
    (rule,) = loaded(tmp_path, text).rules
    assert {*rule.when, "self_asserted"} == set(Facts.__slots__)
