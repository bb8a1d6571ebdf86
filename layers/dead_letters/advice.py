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
        """Whether a letter can succeed as it is, so that all of its kind can."""
        return self.replay_helps == _LATER


_EDITED = "once corrected"
_LATER = "once the cause is gone"

_ADVICE = {
    Code.MALFORMED_BODY: Advice(
        "The body is not JSON that can be read, or a field has the wrong type.",
        "Mend the producer and have it send the event again, then discard the letter. "
        "For one person, correct it here: give address and roles.",
        _EDITED,
    ),
    Code.UNRECOGNISED_EVENT: Advice(
        "Nobody knows this type of event.",
        "If it is a signup, have its source described and deployed, then replay. Else stop "
        "sending it here, and discard.",
        _LATER,
    ),
    Code.MISSING_EMAIL: Advice(
        "The event has no address.",
        "Ask the source for the address, correct it here and replay.",
        _EDITED,
    ),
    Code.INVALID_EMAIL: Advice(
        "What it gives as its address is none.",
        "Find out the right one, correct it here and replay.",
        _EDITED,
    ),
    Code.NEEDS_LOOKUP: Advice(
        "It announces somebody whose address only its system knows.",
        "Look the person up there; give address and roles here, and replay. The detail says how "
        "the system can be made to send more.",
        _EDITED,
    ),
    Code.UNVERIFIED_EMAIL: Advice(
        "The event says that the address is not verified, and such are refused.",
        "If you know whose it is, give the address here, on your own word, and replay.",
        _EDITED,
    ),
    Code.AMBIGUOUS_SOURCE: Advice(
        "It could be the event of two systems.",
        "Tell their files apart by a mark and deploy, then replay; or correct it here.",
        _LATER,
    ),
    Code.ROLE_NOT_ALLOWED: Advice(
        "It asks for Admin, which no rule gives.",
        "Have a rule for it in roles.toml deployed, or correct the roles here; then replay.",
        _EDITED,
    ),
    Code.REFUSED_BY_API: Advice(
        "SpaceMedia refuses the invitation, a 400 twelve times. The detail has its words.",
        "A role that it does not know: correct the roles here, or have the role made, then replay.",
        _EDITED,
    ),
    Code.RETRIES_EXHAUSTED: Advice(
        "It failed for longer than a day, for the cause named.",
        "See that the cause is gone (the API's state, the alarms), then replay all of this kind.",
        _LATER,
    ),
    Code.PAUSED_TOO_LONG: Advice(
        "Sending was paused until the letter ran out of tries. With the cause mass_stop it was "
        "paused for one source or its roles, since SpaceMedia refused them.",
        "See that sending works again (token, ApiBaseUrl, the API, what the source sends), then "
        "replay all of this kind.",
        _LATER,
    ),
    CAUSE_UNKNOWN: Advice(
        "The function never ran for it, or could not write down why it failed.",
        "Look for errors at the function's start or end (a bad deployment, a time-out). Roll back, "
        "then replay all of this kind.",
        _LATER,
    ),
}

_OTHER = Advice(
    "The last thing that kept it from being invited.",
    "See that the cause is gone, then replay.",
    _LATER,
)


def advice(code: str) -> Advice:
    """What to do about letters with this reason."""
    return _ADVICE.get(code, _OTHER)


def summary(row: DeadLetterRecord) -> str:
    """One line for a list: which event it was, and what is wrong; no address."""
    event = f"Event {row.event_id}" if row.event_id else "An event"
    sender = f" of {row.source}" if row.source else ""
    return f"{event}{sender}. {advice(row.code).meaning}"
