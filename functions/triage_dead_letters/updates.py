"""One conditional update of a row of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of a row's attributes, by name, in DynamoDB's form.

    Attributes:
        put: Set, whatever they are.
        keep: Set unless they are there.
        remove: Removed.
        count: One more than it was; none if empty.
    """

    put: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, Any] = field(default_factory=dict)
    remove: Sequence[str] = ()
    count: str = ""

    def expression(self) -> str:
        """The UpdateExpression."""
        sets = [f"#{name} = :{name}" for name in self.put]
        sets += [f"#{name} = if_not_exists(#{name}, :{name})" for name in self.keep]
        if self.count:
            sets.append(f"#{self.count} = if_not_exists(#{self.count}, :zero) + :one")
        removes = [f"#{name}" for name in self.remove]
        parts = (("SET", sets), ("REMOVE", removes))
        return " ".join(f"{verb} {', '.join(names)}" for verb, names in parts if names)

    def names(self) -> dict[str, str]:
        """The ExpressionAttributeNames: many of the names are DynamoDB's own words."""
        counted = [self.count] if self.count else []
        return {f"#{name}": name for name in (*self.put, *self.keep, *self.remove, *counted)}

    def values(self) -> dict[str, Any]:
        """The ExpressionAttributeValues."""
        values = {f":{name}": value for name, value in (*self.put.items(), *self.keep.items())}
        return values | ({":zero": {"N": "0"}, ":one": {"N": "1"}} if self.count else {})
