"""E-mail addresses: checked by a library, and written in one form.

Nothing is looked up in DNS. The invitation itself shows whether the mailbox exists, and a look-up
for every signup would be one more thing that can fail.
"""

from email_validator import EmailNotValidError, validate_email

from invites.errors import Code, RejectedError

# RFC 5321 allows 254 characters. The library checks that exactly, but only after work that grows
# with the text, so that much longer ones are refused before.
MAX_LENGTH = 320


def normalise(text: str, field: str) -> str:
    """Return the address as it is sent: trimmed, in lower case, its domain in ASCII (IDNA).

    RFC 5321 lets a mail server tell upper and lower case apart, but no server in use does, and two
    spellings of one address would make two users.

    Raises:
        RejectedError: `invalid_email`, naming the field and what is wrong, never the address.
    """
    trimmed = text.strip()
    if len(trimmed) > MAX_LENGTH:
        raise RejectedError(Code.INVALID_EMAIL, field, "is too long for an e-mail address")
    try:
        # test_environment: events of a staging stack have addresses in the reserved domain .test.
        address = validate_email(trimmed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        # The library's own text quotes the characters that it refuses.
        raise RejectedError(Code.INVALID_EMAIL, field, "is not an e-mail address") from error
    return f"{address.local_part.lower()}@{address.ascii_domain.lower()}"


def is_same_address(text: str, other: str) -> bool:
    """Whether two texts name one address: both would be sent in the same form.

    A text that is not an address is the same only as itself.
    """
    try:
        # The API mostly repeats what it was sent; then the library's check need not run.
        return text == other or normalise(text, "text") == normalise(other, "other")
    except RejectedError:
        return False


def local_part(address: str) -> str:
    """The part before the last at sign."""
    return address.rpartition("@")[0]


def domain(address: str) -> str:
    """The part after the last at sign."""
    return address.rpartition("@")[2]
