"""The files of rules that come with the code: sources/*.toml and roles.toml."""

from pathlib import Path

from invites.admission import Admission
from invites.invite import InviteRules
from invites.reading import Reader
from invites.recognition.catalogue import Catalogue
from invites.recognition.source_file import load_sources
from invites.role_file import load_roles

SOURCES = Path(__file__).with_name("sources")
ROLES = Path(__file__).with_name("roles.toml")


def load_reader(
    default_roles: tuple[str, ...],
    admission: Admission = Admission(),  # noqa: B008 - cannot be changed
    unverified_refused: frozenset[str] = frozenset(),
) -> Reader:
    """Load all files.

    Args:
        default_roles: For whom nothing else gives a role.
        admission: Who is shut out.
        unverified_refused: Systems of which unverified addresses are refused; `*` for all.

    Raises:
        FileError: Naming the file and the key at fault.
    """
    rules = InviteRules(load_roles(ROLES, default_roles), admission, unverified_refused)
    return Reader(Catalogue(load_sources(SOURCES)), rules)
