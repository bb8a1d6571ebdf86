"""The reader of messages, made from the deployment's settings: all functions read alike."""

from collections.abc import Mapping

from aws_adapters.settings import SettingsError, comma_list
from invites.reading.reader import MessageReader, load_reader
from invites.rules.admission import Admission, AllowDenyList
from invites.rules.role_name import problem


def make_reader(environment: Mapping[str, str]) -> MessageReader:
    """Make the reader from the files of rules and these variables, which are comma lists.

    - DEFAULT_ROLES: at least one role; never Admin, which only a rule can give.
    - ALLOWED_EMAIL_DOMAINS, DENIED_EMAIL_DOMAINS; ALLOWED_TENANTS, DENIED_TENANTS;
      ALLOWED_SOURCES, DENIED_SOURCES: patterns. An empty list of allowed ones allows all.
    - UNVERIFIED_REFUSED_SOURCES: systems, or `*`.

    Raises:
        SettingsError: Naming the first variable that is missing or wrong.
        FileError: Naming the file and key that is wrong.
    """
    roles = comma_list(environment, "DEFAULT_ROLES")
    if not roles:
        raise SettingsError("DEFAULT_ROLES: at least one role is needed")
    if wrong := problem(roles):
        raise SettingsError(f"DEFAULT_ROLES: {wrong}")
    admission = Admission(
        _lists(environment, "EMAIL_DOMAINS"),
        _lists(environment, "TENANTS"),
        _lists(environment, "SOURCES"),
    )
    unverified = frozenset(comma_list(environment, "UNVERIFIED_REFUSED_SOURCES"))
    return load_reader(roles, admission, unverified)


def _lists(environment: Mapping[str, str], name: str) -> AllowDenyList:
    return AllowDenyList(
        frozenset(comma_list(environment, f"ALLOWED_{name}")),
        frozenset(comma_list(environment, f"DENIED_{name}")),
    )
