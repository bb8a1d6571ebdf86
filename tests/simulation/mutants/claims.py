"""Mistakes in who may call for a person, and in what is written of it, and when."""

from simulation.mutants.mutant import Mutant

_SENDING = "layers/invites/sending/sender.py"
_CLAIMS = "layers/aws_adapters/ledger/claims.py"
_ROWS = "layers/aws_adapters/ledger/claims.py"
_BATCHED = "layers/aws_adapters/ledger/batched_claims.py"
_SETTLED = "return self._settle(invite, claim, self._call(invite, token, deadline, slot_end))"

CLAIMS = [
    Mutant(
        "a success is not written to the ledger",
        _SENDING,
        "is Verdict.INVITED:\n                self._claims.complete(invite)",
        "is Verdict.INVITED:\n                pass",
    ),
    Mutant(
        "a success is written before the call",
        _SENDING,
        _SETTLED,
        "self._claims.complete(invite)\n            " + _SETTLED,
        "api: status 500",
    ),
    Mutant(
        "the claim is made after the call",
        _SENDING,
        "            claim = self._claims.claim(invite, deadline)\n",
        "            early = self._call(invite, token, deadline, slot_end)\n"
        "            claim = self._claims.claim(invite, deadline)\n"
        "            if claim.state is ClaimState.OURS:\n"
        "                return self._settle(invite, claim, early)\n",
    ),
    Mutant(
        "a completed claim is not looked at",
        _SENDING,
        "if claim.state is ClaimState.INVITED:",
        "if False:",
    ),
    Mutant(
        "somebody else's claim is not looked at",
        _SENDING,
        "if claim.state is ClaimState.ELSEWHERE:",
        "if False:",
    ),
    Mutant(
        "who is being invited elsewhere counts as invited",
        _SENDING,
        "return Outcome(Verdict.RETRY, Code.IN_PROGRESS, text, next_try=NextTry(wait))",
        "return Outcome(Verdict.ALREADY_INVITED)",
        "api: status 500",
    ),
    Mutant(
        "the claim is given up after a success too",
        _SENDING,
        "self._claims.complete(invite)\n            elif outcome.verdict is Verdict.ALREADY",
        "self._claims.release(invite, claim)\n            elif outcome.verdict is Verdict.ALREADY",
    ),
    Mutant(
        "a claim is never given up",
        _SENDING,
        "self._claims.release(invite, claim)\n        except",
        "pass\n        except",
    ),
    Mutant(
        "the claim is given up though the call may still be at work",
        _SENDING,
        "elif outcome.next_try.in_doubt:\n",
        "elif False:\n",
        "api: too slow to wait for",
    ),
    Mutant(
        "a call may begin when it could outlive its claim",
        _SENDING,
        "if (now := self._now()) + WORK_SECONDS > deadline:",
        "if (now := self._now()) < 0:",
        "api: too slow to wait for, aws: look-up in DNS hangs, sqs: delivered twice, "
        "api: reset after the effect, lambda: time-out",
    ),
    Mutant(
        "a call may begin though a server may be at work on it beyond its claim",
        _SENDING,
        "if (now := self._now()) + WORK_SECONDS > deadline:",
        "if (now := self._now()) + self._call_seconds > deadline:",
        "api: too slow to wait for, aws: look-up in DNS hangs, sqs: delivered twice, "
        "api: reset after the effect, lambda: time-out",
    ),
    Mutant(
        "the ledger is down, and the call is made all the same",
        _SENDING,
        "            claim = self._claims.claim(invite, deadline)\n",
        "            try:\n                claim = self._claims.claim(invite, deadline)\n"
        "            except LedgerError:\n"
        '                claim = Claim(ClaimState.OURS, "", deadline, ())\n',
        "dynamodb: outage",
    ),
    Mutant(
        "the ledger is down, and that counts as done",
        _SENDING,
        "return Outcome(Verdict.RETRY, Code.LEDGER_UNAVAILABLE, str(error))",
        "return Outcome(Verdict.ALREADY_INVITED)",
        "dynamodb: outage",
    ),
    Mutant(
        "people are known by event, not by address",
        _ROWS,
        "person_row_key(person_key(self._endpoint, invite.email))",
        "person_row_key(person_key(self._new_owner(), invite.email))",
    ),
    Mutant(
        "two people whose addresses case folding makes one have one claim",
        "layers/invites/sending/claim.py",
        'return hashlib.sha256(f"{endpoint}\\n{email}".encode()).hexdigest()',
        'return hashlib.sha256(f"{endpoint}\\n{email.casefold()}".encode()).hexdigest()',
    ),
    Mutant(
        "an exact row is taken for one of when keys folded case",
        _ROWS,
        "if IS_EXACT in row or int(",
        "if int(",
    ),
    Mutant(
        "claims are never free again",
        _CLAIMS,
        " OR (#state = :in_progress AND held_until < :now)",
        "",
        "lambda: cut off",
    ),
    Mutant(
        "claims are free at once",
        _CLAIMS,
        "AND held_until < :now)",
        "AND held_until > :now)",
    ),
    Mutant(
        "a claim ends before its function",
        _ROWS,
        '"held_until": number(math.ceil(until)),',
        '"held_until": number(self.now()),',
    ),
    Mutant(
        "who gives up a claim does not look whose it is",
        _CLAIMS,
        'ConditionExpression="#owner = :owner AND #state = :in_progress",',
        'ConditionExpression="#owner <> :in_progress",',
    ),
    Mutant(
        "a claim that is in the way is taken for one's own",
        _ROWS,
        'ClaimState.OURS if row["owner"]["S"] == owner else ClaimState.ELSEWHERE',
        "ClaimState.OURS",
    ),
    Mutant(
        "a claim of one's own, made by a repeated call, is taken for somebody else's",
        _ROWS,
        'ClaimState.OURS if row["owner"]["S"] == owner else ClaimState.ELSEWHERE',
        "ClaimState.ELSEWHERE",
        "dynamodb: answer lost",
    ),
    Mutant(
        "of a batch of claims all count as made",
        _BATCHED,
        'return ["Error" not in response for response in answer["Responses"]]',
        'return [True for _ in answer["Responses"]]',
    ),
    Mutant(
        "a batch that the ledger did not take counts as written",
        _BATCHED,
        "return [False] * len(parameters)",
        "return [True] * len(parameters)",
        "dynamodb: outage",
    ),
    Mutant(
        "addresses are told apart by their case",
        "layers/invites/rules/address.py",
        'return f"{address.local_part.lower()}@{address.ascii_domain.lower()}"',
        'return f"{address.local_part}@{address.ascii_domain}"',
    ),
]
