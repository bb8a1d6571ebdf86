"""What each reason means, what to do about it, and whether a replay helps."""

from dataclasses import dataclass

from dead_letters.letter import CAUSE_UNKNOWN, DeadLetterRecord
from invites.errors import Code


@dataclass(frozen=True, slots=True)
class Advice:
    """Plain sentences for the operator.

    Attributes:
        meaning: What the reason means.
        todo: What to do.
        replay_helps: When a replay helps, as the end of a sentence.
    """

    meaning: str
    todo: str
    replay_helps: str

    @property
    def is_worth_replaying(self) -> bool:
        """Whether letters with this reason can succeed unchanged, all at once."""
        return self.replay_helps == _ONCE_CAUSE_IS_GONE


_ONCE_CORRECTED = "once corrected"
_ONCE_CAUSE_IS_GONE = "once the cause is gone"

_ADVICE = {
    Code.MALFORMED_BODY: Advice(
        "The body is not valid JSON, or a field has the wrong type.",
        "Fix the producer and have it send the event again, then discard the letter. "
        "For one person, correct the letter here: give address and roles.",
        _ONCE_CORRECTED,
    ),
    Code.UNRECOGNISED_EVENT: Advice(
        "This type of event is not known.",
        "If it is a signup, have its source described and deployed, then replay. Otherwise stop "
        "the producer from sending it, and discard the letter.",
        _ONCE_CAUSE_IS_GONE,
    ),
    Code.MISSING_EMAIL: Advice(
        "The event has no address.",
        "Ask the source for the address, correct the letter here and replay.",
        _ONCE_CORRECTED,
    ),
    Code.INVALID_EMAIL: Advice(
        "The address is not valid.",
        "Find out the right address, correct the letter here and replay.",
        _ONCE_CORRECTED,
    ),
    Code.NEEDS_LOOKUP: Advice(
        "The event names a person without an address; only the system that sent it has the "
        "address.",
        "Look the person up in that system, give address and roles here, and replay. The detail "
        "says how the system can be made to send more.",
        _ONCE_CORRECTED,
    ),
    Code.UNVERIFIED_EMAIL: Advice(
        "The event says that the address is not verified, and unverified addresses are refused.",
        "If you know whose address it is, give it here on your own word, and replay.",
        _ONCE_CORRECTED,
    ),
    Code.AMBIGUOUS_SOURCE: Advice(
        "The event fits two systems.",
        "Have a mark that tells the two apart added to their files and deployed, then replay; or "
        "correct the letter here.",
        _ONCE_CAUSE_IS_GONE,
    ),
    Code.ROLE_NOT_ALLOWED: Advice(
        "The event asks for the role Admin, and no rule gives it.",
        "Have a rule for it in roles.toml deployed, or correct the roles here; then replay.",
        _ONCE_CORRECTED,
    ),
    Code.REFUSED_BY_API: Advice(
        "SpaceMedia refused the invitation; a 400 was tried twelve times. The detail has "
        "SpaceMedia's words.",
        "If SpaceMedia does not know a role, correct the roles here or have the role made, then "
        "replay.",
        _ONCE_CORRECTED,
    ),
    Code.RETRIES_EXHAUSTED: Advice(
        "Sending failed for longer than a day, with the cause in the detail.",
        "Check that the cause is gone (the API's state, the alarms), then replay all of this kind.",
        _ONCE_CAUSE_IS_GONE,
    ),
    Code.PAUSED_TOO_LONG: Advice(
        "Sending was paused until the message ran out of tries. The cause mass_stop means that it "
        "was paused for one source or its roles, because SpaceMedia refused them.",
        "Check that sending works again (token, ApiBaseUrl, the API, what the source sends), then "
        "replay all of this kind.",
        _ONCE_CAUSE_IS_GONE,
    ),
    CAUSE_UNKNOWN: Advice(
        "The function never ran for the message, or could not write down why it failed.",
        "Look for errors at the function's start or end (a bad deployment, a time-out). Roll back, "
        "then replay all of this kind.",
        _ONCE_CAUSE_IS_GONE,
    ),
}

_OTHER = Advice(
    "The last try failed for this reason, and the message had no tries left.",
    "Check that the cause is gone, then replay.",
    _ONCE_CAUSE_IS_GONE,
)


def advice(code: str) -> Advice:
    """What to do about letters with this reason."""
    return _ADVICE.get(code, _OTHER)


def summary(record: DeadLetterRecord) -> str:
    """One line for a list: which event it was, and what is wrong; without an address."""
    event = f"Event {record.event_id}" if record.event_id else "An event"
    source = f" of {record.source}" if record.source else ""
    return f"{event}{source}. {advice(record.code).meaning}"
