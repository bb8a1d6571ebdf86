"""Mistakes in sending dead letters anew, and in telling their copies apart."""

from simulation.fault_kinds import TRIAGE
from simulation.mutants.mutant import Mutant

_REPLAY = "layers/dead_letters/replay.py"
_COPIES = "layers/invites/batch.py"
_LEDGER = "layers/aws_adapters/ledger/reasons.py"
_DONE = "done = {*self.report.replayed, *self.report.already_done}"
_SEND = "        deliveries = self._deps.signup_queue.send(prepared)\n"

REPLAYS = [
    Mutant(
        "a letter is deleted though it was not sent",
        _REPLAY,
        _DONE,
        _DONE + " | set(self.report.failed)",
        f"{TRIAGE}, sqs: part of a batch refused",
    ),
    Mutant(
        "a letter is noted as sent before it is",
        _REPLAY,
        _SEND,
        "        for message in prepared:\n"
        '            self._deps.writer.complete_replay(message.letter.message_id, "not-yet")\n'
        + _SEND,
        f"{TRIAGE}, sqs: outage",
    ),
    Mutant(
        "letters are deleted before they are sent",
        _REPLAY,
        _SEND,
        "        taken = [message.letter for message in prepared]\n"
        "        delete_letters(self._deps.queue, taken, self.report)\n" + _SEND,
        f"{TRIAGE}, sqs: outage",
    ),
    Mutant(
        "a letter that is being sent counts as sent",
        "layers/dead_letters/letter.py",
        "return self in (State.SENT, State.DISCARDED)",
        "return self in (State.SENDING, State.SENT, State.DISCARDED)",
        f"{TRIAGE}, sqs: outage",
    ),
    Mutant(
        "a letter that may have been sent is not sent again",
        _REPLAY,
        "if attributes is None and start.before is State.SENDING:",
        "if start.before is State.SENDING:",
        f"{TRIAGE}, sqs: outage",
    ),
    Mutant(
        "a letter is sent without its mark",
        _REPLAY,
        "kept = letter.attributes if attributes is None else attributes",
        "kept = letter.attributes",
        TRIAGE,
    ),
    Mutant(
        "no replayed message counts",
        _COPIES,
        "if job.message.replay is None or self._ledger.accepts(job.message.replay):",
        "if job.message.replay is None or not self._ledger.accepts(job.message.replay):",
        TRIAGE,
    ),
    Mutant(
        "a replayed message that comes a second time is taken for a copy",
        _LEDGER,
        '"(attribute_not_exists(accepted_attempt) OR accepted_attempt = :attempt)",',
        '"attribute_not_exists(accepted_attempt)",',
        TRIAGE,
    ),
    Mutant(
        "a second copy counts as well",
        _LEDGER,
        'return bool(condition_item(error).get("replay_token") != {"S": mark.token})',
        "return True",
        f"{TRIAGE}, sqs: answer lost",
    ),
    Mutant(
        "a replayed message is dropped when the ledger is down",
        _COPIES,
        "return _ledger_unavailable(error)\n        text",
        "return Outcome(Verdict.IGNORED, Code.REPLAYED_TWICE)\n        text",
        f"{TRIAGE}, dynamodb: outage",
    ),
    Mutant(
        "a person is forgotten while somebody invites them",
        "layers/aws_adapters/ledger/forget_claim.py",
        '_INVITED = "#state = :invited"',
        '_INVITED = "(#state <> :invited OR #state = :invited)"',
        TRIAGE,
    ),
]
