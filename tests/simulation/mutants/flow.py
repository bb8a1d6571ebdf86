"""Mistakes in the batch: what is kept, put back and told, and in which order."""

from simulation.mutants.mutant import Mutant

_BATCH = "layers/invites/batch.py"
_SQS = "functions/send_invites/sqs.py"
_LEDGER = "layers/aws_adapters/ledger/reasons.py"

FLOW = [
    Mutant(
        "the key of the answer is misspelt",
        _SQS,
        'return {"batchItemFailures": [',
        'return {"batchItemFailure": [',
    ),
    Mutant(
        "the key of an item of the answer is misspelt",
        _SQS,
        '[{"itemIdentifier": message_id} for',
        '[{"itemIdentifer": message_id} for',
    ),
    Mutant(
        "the answer names only messages that are tried again",
        _SQS,
        "if job.disposition.fate is not Fate.DELETE)\n    return",
        "if job.disposition.fate is Fate.RETRY)\n    return",
    ),
    Mutant(
        "nothing is put back: the visibility is not set",
        _BATCH,
        "batch.unsettled |= self._queue.hide(jobs)",
        "pass",
    ),
    Mutant(
        "a stop is answered before its reason is written",
        _BATCH,
        "if outcome.verdict is Verdict.STOP:\n                return",
        "if False:\n                return",
        "dynamodb: outage",
    ),
    Mutant(
        "reasons are not written",
        _BATCH,
        "if not outcome.verdict.fails or job.is_known_stop:",
        "if True:",
    ),
    Mutant(
        "stops of earlier receives are not looked up",
        _BATCH,
        "        if not again:\n            return\n",
        "        if True:\n            return\n",
    ),
    Mutant(
        "the ledger cannot be read, and the message is judged anew",
        _BATCH,
        "                job.outcome = _ledger_unavailable(error)\n",
        "                pass\n",
        "dynamodb: outage",
    ),
    Mutant(
        "keys that were left unread count as not there",
        _LEDGER,
        'if answer.get("UnprocessedKeys"):',
        "if False:",
        "dynamodb: keys left unread",
    ),
    Mutant(
        "any reason of an earlier receive is taken for a stop",
        _LEDGER,
        'is_stop = row.get("verdict", {}).get("S") == Verdict.STOP',
        "is_stop = True",
    ),
    Mutant(
        "a later reason overwrites a stop",
        _LEDGER,
        'ConditionExpression="attribute_not_exists(pk) OR #verdict <> :stop",',
        'ConditionExpression="attribute_not_exists(pk) OR #verdict <> :code",',
    ),
    Mutant(
        "a list is done before its parts are sent",
        _BATCH,
        "            return Outcome(Verdict.RETRY, Code.QUEUE_UNAVAILABLE, str(error))",
        "            pass",
        "sqs: part of a batch refused",
    ),
    Mutant(
        "a part of a list is split again",
        "functions/send_invites/sqs.py",
        'is_part=PART_OF in record.get("messageAttributes", {}),',
        "is_part=False,",
    ),
    Mutant(
        "parts that SQS refuses one by one are not noticed",
        _SQS,
        'return next((entry["Code"] for entry in answer.get("Failed", [])), None)',
        "return None",
        "sqs: part of a batch refused",
    ),
    Mutant(
        "a message without a trace is read with the others",
        _BATCH,
        "for job in sorted(untraced, key=lambda _: self._random_fraction()):",
        "for job in ():",
        "lambda: a body ends the function",
    ),
    Mutant(
        "messages without a trace are always worked on in the same order",
        _BATCH,
        "sorted(untraced, key=lambda _: self._random_fraction())",
        "sorted(untraced, key=lambda job: job.message.body)",
        "lambda: a body ends the function",
    ),
    Mutant(
        "what is done before a message without a trace is not deleted",
        _BATCH,
        "            batch.unsettled |= self._queue.delete([job])\n",
        "",
        "lambda: a body ends the function",
    ),
]
