"""The script: what is to happen to the next calls instead of, or besides, the usual."""

from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, Literal, get_type_hints

from support.spacemedia.answers import Answer, json_answer, message, redirect, text_answer
from support.spacemedia.calls import Call
from support.spacemedia.shapes import ShapeError, check_fields

_FIRST_ERROR = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens to the calls that match; without conditions, to any call.

    Attributes:
        email: Only a call whose body has exactly this `email`.
        path: Only a call of exactly this path.
        method: Only a call with this method.
        times: For how many calls; None is for ever.
        status: Answer with this status (and, without a body, with Laravel's text for an error).
        headers: Headers to add to the answer, or to the usual one.
        json: Answer with this JSON (status 200 unless given).
        text: Answer with this plain text.
        html: Answer with this page.
        delay: Seconds to wait before the answer or the fault, after the effect.
        reset: TCP RST in place of an answer, "before" or "after" the effect.
        truncate: Send only so many bytes of the body (True: half of it), then close.
        drip: Seconds between the single bytes of the answer, headers included; then close.
        close: Close the connection without an answer.
        hang: Never answer; a reset of the stand-in ends it.
        redirect: Answer with this Location (status 302 unless given).
        effect: Whether the call has its usual effect, if not as `takes_effect` says.
    """

    email: str | None = None
    path: str | None = None
    method: str | None = None
    times: int | None = 1
    status: int | None = None
    headers: dict[str, str] | None = None
    json: object = None
    text: str | None = None
    html: str | None = None
    delay: float = 0.0
    reset: Literal["before", "after"] | None = None
    truncate: bool | int = False
    drip: float = 0.0
    close: bool = False
    hang: bool = False
    redirect: str | None = None
    effect: bool | None = None

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise ShapeError("times must be at least 1, or null")
        if self.reset is not None and self.effect is not None:
            raise ShapeError("reset says by itself whether there is an effect")

    @property
    def replaces(self) -> bool:
        """Whether the usual answer is replaced by one of the step's own."""
        return any(x is not None for x in (self.status, self.json, self.text, self.html)) or bool(
            self.redirect
        )

    @property
    def takes_effect(self) -> bool:
        """Whether the call does what it usually does, be it seen by the caller or not."""
        if self.effect is not None:
            return self.effect
        if self.reset is not None:
            return self.reset == "after"
        return not (self.replaces or self.close or self.hang)

    def matches(self, call: Call) -> bool:
        """Whether the step is for this call."""
        given = call.body.get("email") if isinstance(call.body, dict) else None
        return (
            self.email in (None, given)
            and self.path in (None, call.path)
            and self.method in (None, call.method)
        )

    def answer(self, usual: Answer) -> Answer:
        """Return what is to be sent: the usual answer, or the step's own."""
        return (self._own() if self.replaces else usual).with_headers(self.headers or {})

    def to_json(self) -> dict[str, Any]:
        """Return the fields that were set; 0 bytes are not False, though they are equal."""
        given = asdict(self).items()
        return {n: v for n, v in given if v != _DEFAULTS[n] or type(v) is not type(_DEFAULTS[n])}

    def _own(self) -> Answer:
        if self.redirect:
            return redirect(self.redirect, self.status or 302)
        if self.json is not None:
            return json_answer(self.status or 200, self.json)
        if self.html is not None:
            return text_answer(self.status or 200, self.html)
        if self.text is not None:
            return text_answer(self.status or 200, self.text, "text/plain")
        status = self.status or 200
        return message(status) if status >= _FIRST_ERROR else Answer(status)


_DEFAULTS = {f.name: f.default for f in fields(Step) if f.default is not MISSING}
_HINTS = get_type_hints(Step)
USUAL = Step(times=None)


def parse_step(given: object) -> Step:
    """Make a step of JSON.

    Raises:
        ShapeError: It has an unknown field, a wrong type, or contradicts itself.
    """
    return Step(**check_fields(given, _HINTS))
