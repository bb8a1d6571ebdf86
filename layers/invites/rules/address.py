"""E-mail addresses: checked by a library, written in one form.

No DNS: whether a mailbox exists is for the API's mail to find out, and a look-up in the way of
every signup would be one more thing to fail.
"""

from email_validator import EmailNotValidError, validate_email

from invites.errors import Code, RejectedError

# RFC 5321 allows 254 characters; the library checks that exactly, after work that grows with
# the text. The margin is for white space around it.
MAX_LENGTH = 320


def normalise(text: str, field: str) -> str:
    """Return the address as it is sent: trimmed, in lower case, its domain in ASCII (IDNA).

    Lower case although RFC 5321 lets a mail server tell cases apart: none in use does, and two
    spellings of one address would make two users.

    Raises:
        RejectedError: `invalid_email`, naming the field and what is wrong, never the address.
    """
    trimmed = text.strip()
    if len(trimmed) > MAX_LENGTH:
        raise RejectedError(Code.INVALID_EMAIL, field, "is too long for an e-mail address")
    try:
        # test_environment: the reserved domain .test is what staging events are made with.
        address = validate_email(trimmed, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        # Not the library's own text: it quotes the characters that it refuses.
        raise RejectedError(Code.INVALID_EMAIL, field, "is not an e-mail address") from error
    return f"{address.local_part.lower()}@{address.ascii_domain.lower()}"


def is_same_address(text: str, other: str) -> bool:
    """Whether two texts name one address: they would be sent in the same form.

    A text that is not an address is the same as none but itself.
    """
    try:
        # Mostly the API repeats what it was sent, and the library's check need not run.
        return text == other or normalise(text, "text") == normalise(other, "other")
    except RejectedError:
        return False


def local_part(address: str) -> str:
    """The part before the last at sign."""
    return address.rpartition("@")[0]


def domain(address: str) -> str:
    """The part after the last at sign."""
    return address.rpartition("@")[2]
