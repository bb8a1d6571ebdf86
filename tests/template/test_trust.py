"""docs/explanation/trust.md: its numbers are those of template and code.

So are those of docs/how-to/erase-a-person.md, and its command works.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from aws_adapters.ledger.rows import REASON_DAYS, person_row_key
from invites.api.transport import MAX_ANSWER_BYTES, Deadlines
from invites.reading.splitting import MAX_BYTES, MAX_PARTS
from invites.retry import MAX_HIDE_SECONDS
from invites.sending.claim import person_key
from template.reading import ROOT, Template

HOUR = 3600
DAY = 24 * HOUR
DOCUMENT = (ROOT / "docs" / "explanation" / "trust.md").read_text(encoding="utf-8")
HOW_TO = (ROOT / "docs" / "how-to" / "erase-a-person.md").read_text(encoding="utf-8")
# Without their line breaks.
PROSE = " ".join(DOCUMENT.split())
HOW_TO_PROSE = " ".join(HOW_TO.split())
# Amazon DynamoDB, PointInTimeRecoverySpecification: unless RecoveryPeriodInDays says less.
BACKUP_DAYS = 35


def kept(where: str) -> str:
    """What the table says of how long something is kept there."""
    rows = [line.split("|") for line in DOCUMENT.splitlines() if line.startswith(f"| {where} |")]
    ((*_, how_long, _),) = rows
    return how_long.strip()


@pytest.mark.parametrize(
    ("where", "queue"),
    [
        ("signup queue", "SignupQueue"),
        ("dead-letter queue", "DeadLetterQueue"),
        ("undelivered queue", "UndeliveredQueue"),
    ],
)
def test_how_long_queues_keep_bodies(template: Template, where: str, queue: str) -> None:
    """Their retention."""
    days = template.properties(queue)["MessageRetentionPeriod"] // DAY
    assert f"{days} days" in kept(where)


def test_how_long_the_ledger_remembers(template: Template) -> None:
    """People as RememberDays says, reasons for REASON_DAYS, and backups for as long as AWS does."""
    days = template.parameters["RememberDays"]
    told = f"`RememberDays`: {days['Default']} days unless set, {days['MinValue']} at least"
    assert kept("ledger, `person#…`") == told
    assert kept("ledger, `message#…`") == f"{REASON_DAYS} days after the last change"
    assert f"stays for {REASON_DAYS} days" in HOW_TO_PROSE
    recovery = template.properties("Ledger")["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}
    assert kept("ledger, its backups") == f"{BACKUP_DAYS} days"
    assert f"backups for {BACKUP_DAYS} days" in HOW_TO_PROSE


def test_how_long_logs_and_events_are_kept(template: Template) -> None:
    """Logs as LogRetentionDays says, events of the bus for as long as its rule tries."""
    days = template.parameters["LogRetentionDays"]["Default"]
    assert kept("logs") == f"`LogRetentionDays`: {days} days unless set"
    (target,) = template.properties("SignupRule")["Targets"]
    age = target["RetryPolicy"]["MaximumEventAgeInSeconds"]
    assert kept("rule of the event bus") == f"{age // DAY} day"


def test_how_much_a_message_and_an_answer_can_cause() -> None:
    """The bounds that are promised are those of the code."""
    assert f"at most {MAX_PARTS:,} messages of {MAX_BYTES // 1024**2} MiB" in PROSE
    assert f"a call takes {Deadlines().total:.0f} s at most" in PROSE
    assert f"kept to for {(MAX_HIDE_SECONDS + HOUR - 1) // HOUR} h at most" in PROSE
    assert f"read up to {MAX_ANSWER_BYTES // 1024} KiB" in PROSE


def test_what_it_names_is_there(template: Template) -> None:
    """Parameters, outputs, alarms and roles' rights are called as the template calls them."""
    names = set(re.findall(r"`([A-Z][A-Za-z]+)`", DOCUMENT))
    known = {*template.parameters, *template.outputs, *template.resources, "RolesDiffer"}
    assert names <= known, names - known
    assert len(names) > 20


def test_only_the_rotation_reads_key_and_secret(template: Template) -> None:
    """And only it and `send_invites` the token, as the section on secrets says."""
    readers = {
        (statement.found_in, str(statement.body["Resource"]))
        for statement in template.statements("Allow")
        if "secretsmanager:GetSecretValue" in statement.actions()
    }
    token, credentials = {"Fn::GetAtt": ["TokenSecret", "Id"]}, {"Ref": "ApiCredentialsSecretArn"}
    assert readers == {
        ("SendInvitesRole", str(token)),
        ("RotateTokenRole", str(token)),
        ("RotateTokenRole", str(credentials)),
    }


def test_the_key_of_a_person_to_be_erased() -> None:
    """The command prints the key of the row that holds the claim, whatever the spelling."""
    (code,) = re.findall(r"python -c '\n(.*?)' https://", HOW_TO, re.DOTALL)
    endpoint = "https://enterprise.spacemedia.uk"
    key = person_row_key(person_key(endpoint, "ada@xn--bcher-kva.test"))["pk"]["S"]
    command = [sys.executable, "-c", re.sub("^ +", "", code, flags=re.MULTILINE)]
    for email in ("ada@xn--bcher-kva.test", " Ada@Bücher.test"):
        done = subprocess.run(  # noqa: S603 - the document's own code
            [*command, endpoint, email],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": str(Path(ROOT, "layers")), "PYTHONUTF8": "1"},
        )
        assert done.stdout.strip() == key
