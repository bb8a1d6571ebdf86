"""Reading roles.toml."""

from dataclasses import fields
from pathlib import Path

from invites.roles import ADMIN, RoleRule, RoleRules
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
    allowed = frozenset(table.texts("allow"))
    if any(role.strip().lower() == ADMIN for role in allowed):
        raise table.error("allow", "holds Admin, which only a rule can give")
    rules = RoleRules(
        rules=tuple(_rule(one, allowed) for one in table.tables("rules")),
        takes_all=table.choice("match", {"first": False, "all": True}),
        allowed=allowed,
        default=table.texts("default") or default,
    )
    table.end()
    return rules


def _rule(table: Table, allowed: frozenset[str]) -> RoleRule:
    when = table.table("when")
    rule = RoleRule(
        name=table.text("name"),
        when={_fact(when, key): when.texts(key, least=1) for key in when.values},
        roles=table.texts("roles", least=1),
        trusts_users=table.flag("trust_users"),
    )
    if not rule.when:
        raise table.error("when", "is empty; who fits no rule gets the default")
    if rule.trusts_users and not allowed.issuperset(rule.roles):
        raise table.error("roles", "are not all in allow, which trust_users needs")
    table.end()
    return rule


def _fact(when: Table, key: str) -> str:
    if key not in _FACTS:
        raise when.error(key, f"is none of {', '.join(sorted(_FACTS))}")
    return _FACTS[key]
