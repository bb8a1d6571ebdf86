"""Reading roles.toml."""

from dataclasses import fields
from pathlib import Path

from invites.role_name import problem
from invites.roles import RoleRule, RoleRules
from invites.signup import Facts
from invites.toml_reader import Table

# What a rule may look at. `source` is what everybody else calls the system.
_FACTS = {
    **{one.name: one.name for one in fields(Facts) if one.name not in {"system", "user_written"}},
    "source": "system",
}


def load_roles(path: Path, default: tuple[str, ...]) -> RoleRules:
    """Load the rules on roles.

    Args:
        path: The file.
        default: For whom no rule gives a role, unless the file has a default of its own.

    Raises:
        FileError: Naming the file and the key at fault.
    """
    table = Table.read(path)
    allowed = frozenset(_names(table, "allow"))
    rules = RoleRules(
        rules=tuple(_rule(one, allowed) for one in table.tables("rules")),
        takes_all=table.choice("match", {"first": False, "all": True}),
        allowed=allowed,
        default=_names(table, "default") or default,
    )
    table.end()
    return rules


def _rule(table: Table, allowed: frozenset[str]) -> RoleRule:
    when = table.table("when")
    rule = RoleRule(
        name=table.text("name"),
        when={_fact(when, key): when.texts(key, least=1) for key in when.values},
        roles=_names(table, "roles", by_rule=True),
        trusts_users=table.flag("trust_users"),
    )
    if not rule.when:
        raise table.error("when", "is empty; who fits no rule gets the default")
    if rule.trusts_users and not allowed.issuperset(rule.roles):
        raise table.error("roles", "are not all in allow, which trust_users needs")
    table.end()
    return rule


def _names(table: Table, key: str, *, by_rule: bool = False) -> tuple[str, ...]:
    """Names of roles; a rule has at least one."""
    names = table.texts(key, least=int(by_rule))
    if wrong := problem(names, by_rule=by_rule):
        raise table.error(key, wrong)
    return names


def _fact(when: Table, key: str) -> str:
    if key not in _FACTS:
        raise when.error(key, f"is none of {', '.join(sorted(_FACTS))}")
    return _FACTS[key]
