"""Mistakes in time: the function's end, waits, pauses, the rate limit; and in the token's life."""

from simulation.mutants.mutant import Mutant

_COURIER = "layers/invites/sending/dispatcher.py"
_DISPOSITION = "layers/invites/retry.py"
_TOKENS = "functions/send_invites/token_source.py"
_PACING = "layers/aws_adapters/ledger/rate_limit.py"

PACING = [
    Mutant(
        "the function's end is forgotten",
        _COURIER,
        "return deadline - self._limits.settle_seconds - self._limits.call_seconds",
        "return deadline + 3600",
    ),
    Mutant(
        "the pause after a failure is forgotten",
        _COURIER,
        "if reason := self.breaker.open_reason(now):",
        "if False:",
    ),
    Mutant(
        "one person in a batch twice is sent for side by side",
        _COURIER,
        "people = [job for job in ready if firsts[job.invite.email] is job]",
        "people = ready",
    ),
    Mutant(
        "the backoff does not grow",
        "layers/invites/retry.py",
        "2.0 ** min(receive_count - 1, 12)",
        "1.0",
    ),
    Mutant(
        "a message is made visible at once, whatever it failed of",
        _DISPOSITION,
        "math.ceil(min(wait, MAX_HIDE_SECONDS))",
        "0",
    ),
    Mutant(
        "the API's wait is kept to beyond what SQS allows",
        _DISPOSITION,
        "math.ceil(min(wait, MAX_HIDE_SECONDS))",
        "math.ceil(wait * 40)",
        "api: maintenance",
    ),
    Mutant(
        "a message that is tried too often is deleted",
        "layers/invites/retry.py",
        "return Outcome(Verdict.STOP, code, last.detail",
        "return Outcome(Verdict.IGNORED, code, last.detail",
        "lambda: sending stopped for days",
    ),
    Mutant(
        "the age of a message is forgotten",
        "layers/invites/retry.py",
        " and now - message.sent_at < limit.seconds:",
        ":",
        "lambda: sending stopped for days, api: outage of days",
    ),
    Mutant(
        "the last receive is forgotten",
        "layers/invites/retry.py",
        "if message.receive_count < limit.receives and now",
        "if now",
        "api: outage of days",
    ),
    Mutant(
        "a token is used though the API refused it",
        "layers/invites/sending/sender.py",
        "renewed = self._tokens.refresh(refused=token)",
        "renewed = token",
        "token: revoked",
    ),
    Mutant(
        "a refused token is tried again though it is still the same",
        "layers/invites/sending/sender.py",
        "return outcome if renewed == token else self._try(",
        "return self._try(",
        "token: new one refused as well",
        found_by=13,
    ),
    Mutant(
        "who waits for a claim comes again the moment that it ends, to the second",
        "layers/invites/sending/sender.py",
        "wait = max(0.0, claim.until - self._now()) + CLAIM_SECOND",
        "wait = max(0.0, claim.until - self._now())",
        "lambda: cut off",
    ),
    Mutant(
        "the token is never read again",
        _TOKENS,
        "if self._token and (self._token.text != refused or was_refreshed):",
        "if self._token:",
        "token: revoked",
    ),
    Mutant(
        "no rotation is asked for",
        "functions/send_invites/token_renewal.py",
        "notes = self._renew(now)",
        "pass",
        "token: revoked",
    ),
    Mutant(
        "slots are not reserved, only looked at",
        _PACING,
        "                self._write(state)\n",
        "                pass\n",
    ),
    Mutant(
        "two environments may take the same slots",
        _PACING,
        'ConditionExpression=condition if known else "attribute_not_exists(pk)",',
        'ConditionExpression="next_slot <> :line" if known else "attribute_not_exists(nothing)",',
    ),
    Mutant(
        "a call may begin when its slot is over",
        "layers/invites/sending/sender.py",
        "if now > slot_end:",
        "if now < 0:",
        "aws: look-up in DNS hangs",
        found_by=229,
    ),
    Mutant(
        "a second call after a throttled one has no slot",
        _COURIER,
        "                job.slot = None\n",
        "                pass\n",
        "api: throttle",
    ),
    Mutant(
        "a throttled call is repeated for as long as there is time",
        _COURIER,
        "is_patient = job.throttled < MAX_THROTTLED_CALLS",
        "is_patient = True",
        "api: 429 with a short wait",
    ),
    Mutant(
        "an address is written to the log",
        "layers/invites/sending/sender.py",
        'text = "somebody else is inviting this person just now"',
        'text = f"somebody else is inviting {invite.email} just now"',
    ),
    Mutant(
        "what waits for the API's throttle comes again as often as the API says",
        _COURIER,
        "return Outcome(Verdict.RETRY, Code.THROTTLED, text, next_try=",
        "return Outcome(Verdict.RETRY, Code.PACED, text, next_try=",
        "api: throttle",
    ),
]
