"""Roles: which of SpaceMedia's roles a person gets, by the rules of roles.toml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path

from invites.errors import Code, RejectedError
from invites.rules.role_name import is_admin, problem
from invites.signup import CANONICAL, Facts
from invites.toml_reader import Table


@dataclass(frozen=True, slots=True)
class RoleRule:
    """The roles of a person whose facts fit.

    Attributes:
        name: For the explanation.
        when: By fact, patterns with `*` and `?` as wildcards, case aside. Each fact must match one
            of its patterns; of a fact that is a list, one value must.
        roles: What the person gets.
        trusts_users: Whether a fact that the person could fill in counts.
    """

    name: str
    when: Mapping[str, tuple[str, ...]]
    roles: tuple[str, ...]
    trusts_users: bool = False

    def fits(self, facts: Facts) -> bool:
        """Whether the facts meet every condition."""
        return all(self._meets(fact, patterns, facts) for fact, patterns in self.when.items())

    def _meets(self, fact: str, patterns: tuple[str, ...], facts: Facts) -> bool:
        if fact in facts.self_asserted and not self.trusts_users:
            return False
        found: str | tuple[str, ...] = getattr(facts, fact)
        values = found if isinstance(found, tuple) else (found,)
        return any(
            fnmatchcase(value.lower(), pattern.lower())
            for value in values
            if value
            for pattern in patterns
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The roles that a person gets, and what chose them, for the explanation."""

    roles: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class RoleRules:
    """All rules on roles.

    Attributes:
        rules: In the order of the file.
        takes_all: Whether all rules that fit count; otherwise the first.
        allowed: Roles that are taken from an event of an identity or HR system as they stand.
            Never Admin in any spelling; a rule alone gives it.
        default: For a person to whom nothing else gives a role. Never Admin, either.
    """

    rules: tuple[RoleRule, ...] = ()
    takes_all: bool = False
    allowed: frozenset[str] = frozenset()
    default: tuple[str, ...] = ()

    def choose(self, facts: Facts) -> Choice:
        """Choose the roles.

        The roles that the event asks for in SpaceMedia's words come before the rules, and the rules
        before the default. Our own event may ask for any role but Admin, since only its producers
        can send it. In an event of another system the role names are that system's, and count only
        if they are allowed.

        Raises:
            RejectedError: `role_not_allowed`, if our own event asks for Admin and no rule gives it.
        """
        fitting = [rule for rule in self.rules if rule.fits(facts)]
        fitting = fitting if self.takes_all else fitting[:1]
        given = _unique(role for rule in fitting for role in rule.roles)
        standing = tuple(role for role in facts.roles if self._stands(role, facts))
        withheld = [role for role in facts.roles if role not in standing]
        granted = tuple(role for role in given if self.takes_all or role in withheld)
        if facts.system == CANONICAL and any(role not in given for role in withheld):
            raise RejectedError(
                Code.ROLE_NOT_ALLOWED, "data.roles", "asks for Admin without a rule"
            )
        names = " and ".join(rule.name for rule in fitting)
        if standing:
            by = f"the event, and {names}" if granted else "the event"
            return Choice(_unique((*standing, *granted)), by)
        return Choice(given, names) if given else Choice(self.default, "default")

    def _stands(self, role: str, facts: Facts) -> bool:
        if facts.system == CANONICAL:
            return not is_admin(role)
        return role in self.allowed


def _unique(roles: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(roles))


ROLES_FILE = Path(__file__).with_name("roles.toml")

# What a rule may look at, by its key. The file calls a system its source.
_FACTS = {
    "source": "system",
    **{
        fact.name: fact.name
        for fact in fields(Facts)
        if fact.name not in {"system", "self_asserted"}
    },
}


def load_roles(path: Path, default: tuple[str, ...]) -> RoleRules:
    """Load the rules on roles.

    Args:
        path: The file.
        default: For a person to whom no rule gives a role, unless the file has its own default.

    Raises:
        FileError: Naming the file and the key at fault.
    """
    table = Table.read(path)
    allowed = frozenset(_names(table, "allow"))
    rules = RoleRules(
        rules=tuple(_rule(rule, allowed) for rule in table.tables("rules")),
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
        when={_fact(when, key): when.texts(key, min_items=1) for key in when.values},
        roles=_names(table, "roles", by_rule=True),
        trusts_users=table.flag("trust_users"),
    )
    if not rule.when:
        raise table.error("when", "is empty; a person who fits no rule gets the default")
    if rule.trusts_users and not allowed.issuperset(rule.roles):
        raise table.error("roles", "are not all in allow, which trust_users needs")
    table.end()
    return rule


def _names(table: Table, key: str, *, by_rule: bool = False) -> tuple[str, ...]:
    """Names of roles; a rule has at least one."""
    names = table.texts(key, min_items=int(by_rule))
    if wrong := problem(names, by_rule=by_rule):
        raise table.error(key, wrong)
    return names


def _fact(when: Table, key: str) -> str:
    if key not in _FACTS:
        raise when.error(key, f"is not one of {', '.join(sorted(_FACTS))}")
    return _FACTS[key]
