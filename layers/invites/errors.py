"""The errors of the domain.

InviteError
├── RejectedError     the message can never become an invite; it names the field at fault
├── CallError         the call to the API has no complete answer
│   ├── UnreachableError        it surely had no effect: no connection was made
│   └── BrokenCallError         it may have had its effect: the connection broke, or took too long
├── TokenError        there is no usable token
│   └── TokenUnavailableError   it cannot be read just now
├── CredentialsError  there is no usable API key and secret, or the API refuses them
├── TokenApiError     the API neither gives a token nor refuses one, or does not say if one works
├── RotationError     a step of a rotation cannot be taken
├── LedgerError       the ledger cannot be read or written
└── QueueError        the queue takes no messages

No message of these errors holds a value from a signup, a token or a secret: they are logged.
"""

from enum import StrEnum


class Code(StrEnum):
    """Why a person is not invited, or not yet: stable words for logs, metrics and the ledger."""

    # The message is at fault: it is dead-lettered.
    MALFORMED_BODY = "malformed_body"
    UNRECOGNISED_EVENT = "unrecognised_event"
    MISSING_EMAIL = "missing_email"
    INVALID_EMAIL = "invalid_email"
    UNVERIFIED_EMAIL = "unverified_email"
    NEEDS_LOOKUP = "needs_lookup"
    AMBIGUOUS_SOURCE = "ambiguous_source"
    ROLE_NOT_ALLOWED = "role_not_allowed"
    REFUSED_BY_API = "refused_by_api"
    # Something else was at fault until the retry limit: the message is dead-lettered all the same.
    RETRIES_EXHAUSTED = "retries_exhausted"
    PAUSED_TOO_LONG = "paused_too_long"
    # It is not a signup, or this deployment does not invite the person: it is ignored.
    NOT_A_SIGNUP = "not_a_signup"
    DOMAIN_NOT_ALLOWED = "domain_not_allowed"
    TENANT_NOT_ALLOWED = "tenant_not_allowed"
    SOURCE_NOT_ALLOWED = "source_not_allowed"
    # It is a further copy of a replayed dead letter: it is ignored.
    REPLAYED_TWICE = "replayed_twice"
    # Something else is at fault: the message is tried again.
    UNREACHABLE = "unreachable"
    INTERRUPTED = "interrupted"
    THROTTLED = "throttled"
    SERVER_ERROR = "server_error"
    BAD_REQUEST = "bad_request"
    UNAVAILABLE = "unavailable"
    WRONG_ENDPOINT = "wrong_endpoint"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a word, not a password
    TOKEN_UNUSABLE = "token_unusable"  # noqa: S105 - a word, not a password
    NOT_PERMITTED = "not_permitted"
    TOKEN_UNAVAILABLE = "token_unavailable"  # noqa: S105 - a word, not a password
    LEDGER_UNAVAILABLE = "ledger_unavailable"
    QUEUE_UNAVAILABLE = "queue_unavailable"
    INTERNAL_ERROR = "internal_error"
    # Nobody is at fault: the message waits.
    IN_PROGRESS = "in_progress"
    OUT_OF_TIME = "out_of_time"
    PACED = "paced"
    MASS_STOP = "mass_stop"


class InviteError(Exception):
    """Base of every error of the domain."""


class RejectedError(InviteError):
    """The message can never become an invite.

    Args:
        code: The stable reason.
        field: Path of the field at fault, as `data.email`; never its value.
        problem: What is wrong with it, as a clause: `is missing`.
    """

    def __init__(self, code: Code, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")
        self.code = code
        self.field = field


class CallError(InviteError):
    """The call to the API has no complete answer."""


class UnreachableError(CallError):
    """No connection was made (DNS, connect, TLS): the call surely had no effect."""


class BrokenCallError(CallError):
    """The connection broke or took too long: the call may have had its effect."""


class TokenError(InviteError):
    """There is no usable token; the message says which secret and what to do."""


class TokenUnavailableError(TokenError):
    """The token cannot be read just now."""


class CredentialsError(InviteError):
    """No usable API key and secret; the message says which secret and what to do."""


class TokenApiError(InviteError):
    """The API's answer about a token says nothing; the next try may bring an answer.

    Args:
        problem: What was called, and what was answered.
        is_orphan_possible: Whether the API may have made a token that nobody has stored.
    """

    def __init__(self, problem: str, *, is_orphan_possible: bool = False) -> None:
        super().__init__(problem)
        self.is_orphan_possible = is_orphan_possible


class RotationError(InviteError):
    """A step of a rotation cannot be taken; the message says which secret or version."""


class LedgerError(InviteError):
    """The ledger cannot be read or written."""


class QueueError(InviteError):
    """The queue takes no messages."""
