"""Mistakes in what the API's answers mean, and in what follows from it."""

from simulation.mutants.mutant import Mutant

_VERDICT = "layers/invites/api/response.py"
_BREAKERS = "layers/invites/sending/scoped_breakers.py"
_ROWS = {
    "408": ("HTTPStatus.REQUEST_TIMEOUT: (Verdict.RETRY", "RETRY"),
    "409": ("HTTPStatus.CONFLICT: (Verdict.RETRY", "RETRY"),
    "429": ("HTTPStatus.TOO_MANY_REQUESTS: (Verdict.RETRY", "RETRY"),
    "402": ("HTTPStatus.PAYMENT_REQUIRED: (Verdict.RETRY", "RETRY"),
    "403": ("HTTPStatus.FORBIDDEN: (Verdict.RETRY", "RETRY"),
    "401": ("HTTPStatus.UNAUTHORIZED: (Verdict.PAUSE", "PAUSE"),
    "503": ("HTTPStatus.SERVICE_UNAVAILABLE: (Verdict.PAUSE", "PAUSE"),
    "404": ("HTTPStatus.NOT_FOUND: (Verdict.PAUSE", "PAUSE"),
    "405": ("HTTPStatus.METHOD_NOT_ALLOWED: (Verdict.PAUSE", "PAUSE"),
    "419": ("PAGE_EXPIRED: (Verdict.PAUSE", "PAUSE"),
}

VERDICTS = [
    *(
        Mutant(
            f"{status} is taken for a refusal of the person",
            _VERDICT,
            row,
            row.removesuffix(was) + "STOP",
            f"api: status {status}",
        )
        for status, (row, was) in _ROWS.items()
    ),
    Mutant(
        "a 500 is taken for a refusal of the person",
        _VERDICT,
        'Verdict.RETRY, Code.SERVER_ERROR, "the API failed"',
        'Verdict.STOP, Code.SERVER_ERROR, "the API failed"',
        "api: status 500",
    ),
    Mutant(
        "a 303 is counted as a success",
        _VERDICT,
        '    match content:\n        case {"data"',
        '    if status == 303:\n        return Verdict.INVITED, None, ""\n'
        '    match content:\n        case {"data"',
        "api: status 303",
    ),
    Mutant(
        "any 2xx is a success, whatever it holds",
        _VERDICT,
        'case {"data": [{"email": str()}]} if HTTPStatus.OK',
        "case _ if HTTPStatus.OK",
        "api: 200 with a page",
    ),
    Mutant(
        "any 422 means that the address is taken",
        _VERDICT,
        'case {"errors": {"email": [text], **others}} if (\n'
        "            status == HTTPStatus.UNPROCESSABLE_ENTITY"
        " and text == email_taken and not others",
        "case _ if (\n            status == HTTPStatus.UNPROCESSABLE_ENTITY",
    ),
    Mutant(
        "what is no documented answer is taken for a refusal",
        _VERDICT,
        "return Verdict.PAUSE, Code.WRONG_ENDPOINT, ",
        "return Verdict.STOP, Code.WRONG_ENDPOINT, ",
        "api: status 302",
    ),
    Mutant(
        "a refusal is tried again",
        _VERDICT,
        'return Verdict.STOP, Code.REFUSED_BY_API, "the API refuses"',
        'return Verdict.RETRY, Code.REFUSED_BY_API, "the API refuses"',
    ),
    Mutant(
        "a broken connection counts as invited",
        _VERDICT,
        "Verdict.RETRY, Code.INTERRUPTED, str(answer), next_try",
        "Verdict.INVITED, None, str(answer), next_try",
        "api: reset before the effect",
    ),
    Mutant(
        "after a broken connection the API is taken to be done with the call",
        _VERDICT,
        "str(answer), next_try=NextTry(in_doubt=True)",
        "str(answer), next_try=NextTry(in_doubt=False)",
        "api: too slow to wait for",
    ),
    Mutant(
        "no connection is the message's fault",
        _VERDICT,
        "return Outcome(Verdict.PAUSE, Code.UNREACHABLE, str(answer))",
        "return Outcome(Verdict.STOP, Code.UNREACHABLE, str(answer))",
        "api: no connection",
    ),
    Mutant(
        "400 is taken for a refusal of the person",
        _VERDICT,
        "return Verdict.RETRY, Code.BAD_REQUEST, ",
        "return Verdict.STOP, Code.REFUSED_BY_API, ",
        "api: status 400",
    ),
    Mutant(
        "a bad request is tried for as long as anything else",
        "layers/invites/retry.py",
        "bad_requests >= MAX_BAD_REQUESTS",
        "bad_requests >= 1000",
    ),
    Mutant(
        "refusals that are counted in a pause are dead letters",
        _BREAKERS,
        "return replace(outcome, verdict=Verdict.PAUSE, code=Code.MASS_STOP)",
        "return outcome",
        "api: refuses everybody for hours",
    ),
    Mutant(
        "refusals pause nobody",
        _BREAKERS,
        "        bulkhead.circuit.open(cause, now)\n",
        "",
        "api: refuses everybody for hours",
    ),
    Mutant(
        "what the API says goes into the log",
        _VERDICT,
        "if names_other else meaning\n",
        "if names_other else meaning + answer.body.decode()\n",
    ),
]
