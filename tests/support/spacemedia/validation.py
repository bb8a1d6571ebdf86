"""The validator of the invite, with Laravel's texts."""

import re
from collections.abc import Iterable
from typing import Any

Errors = dict[str, list[str]]

# Laravel's default rule is the RFC's syntax: no dot in the domain is needed, other scripts are
# welcome, and quotes are possible. Comments and address literals are left out.
_ATOM = r"[^\s@()<>\[\],;:\\\"\x00-\x1f\x7f]"
_WORD = rf"(?:(?!\.){_ATOM})+"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_EMAIL = re.compile(rf'(?:{_WORD}(?:\.{_WORD})*|"(?:[^"\\\r\n]|\\.)+")@{_LABEL}(?:\.{_LABEL})*')


def clean_email(value: object) -> object:
    """Trim as Laravel's middleware does; an empty string becomes null."""
    return (value.strip() or None) if isinstance(value, str) else value


def check_invite(given: dict[str, Any], known_roles: list[str]) -> Errors:
    """Apply all rules that need no look at the users already there."""
    email, roles = _check_email(clean_email(given.get("email"))), given.get("roles")
    return {**({"email": [email]} if email else {}), **dict(_check_roles(roles, known_roles))}


def summary(errors: Errors) -> str:
    """Say the first error and how many more there are, as Laravel's exception does."""
    texts = [text for per_field in errors.values() for text in per_field]
    more = len(texts) - 1
    return (
        f"{texts[0]} (and {more} more {'error' if more == 1 else 'errors'})" if more else texts[0]
    )


def _check_email(email: object) -> str | None:
    if email is None:
        return "The email field is required."
    if not isinstance(email, str) or not _EMAIL.fullmatch(email):
        return "The email field must be a valid email address."
    return None


def _check_roles(roles: object, known: list[str]) -> Iterable[tuple[str, list[str]]]:
    if roles is None or roles in ("", [], {}):
        return [("roles", ["The roles field is required."])]
    # To PHP a JSON object is an array too, with the names as its keys.
    pairs = roles.items() if isinstance(roles, dict) else None
    if isinstance(roles, list):
        pairs = dict(enumerate(roles)).items()
    if pairs is None:
        return [("roles", ["The roles field must be an array."])]
    wrong = [key for key, role in pairs if role not in known]
    return [(f"roles.{key}", [f"The selected roles.{key} is invalid."]) for key in wrong]
