"""PartiQL, as far as the ledger uses it; another statement is an error, not a guess.

Amazon DynamoDB Developer Guide, "PartiQL insert statements" and "PartiQL update statements".
"""

import re
from collections.abc import Sequence
from typing import Any

from simulation.world.aws.expressions import Item

_INSERT = re.compile(r"""INSERT INTO "[^"]+" VALUE \{('\w+': \?(, '\w+': \?)*)\}""")
_UPDATE = re.compile(r"""UPDATE "[^"]+"(( SET "?\w+"? = \?)+) WHERE pk = \?""")


def is_an_insert(statement: str) -> bool:
    """Whether the statement makes a row, and never changes a row that is there."""
    return _INSERT.fullmatch(statement) is not None


def statement_row(statement: str, parameters: Sequence[Any]) -> Item:
    """The row that a statement writes, or the part of it; its key is in it.

    Raises:
        ValueError: It is neither an insert nor an update that is known.
    """
    if found := _INSERT.fullmatch(statement):
        names = re.findall(r"'(\w+)'", found[1])
    elif found := _UPDATE.fullmatch(statement):
        names = [*re.findall(r'SET "?(\w+)"? =', found[1]), "pk"]
    else:
        raise ValueError(f"no statement that is known: {statement}")
    return dict(zip(names, parameters, strict=True))
