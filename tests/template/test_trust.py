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
def test_document_has_the_retention_of_the_queues(
    template: Template, where: str, queue: str
) -> None:
    days = template.properties(queue)["MessageRetentionPeriod"] // DAY
    assert f"{days} days" in kept(where)


def test_document_has_the_times_of_the_ledger(template: Template) -> None:
    """People as RememberDays says, reasons for REASON_DAYS, and backups for as long as AWS does."""
    days = template.parameters["RememberDays"]
    row = f"`RememberDays`: {days['Default']} days unless set, {days['MinValue']} at least"
    assert kept("ledger, `person#…`") == row
    assert kept("ledger, `message#…`") == f"{REASON_DAYS} days after the last change"
    assert f"stays for {REASON_DAYS} days" in HOW_TO_PROSE
    recovery = template.properties("Ledger")["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}
    assert kept("ledger, its backups") == f"{BACKUP_DAYS} days"
    assert f"backups for {BACKUP_DAYS} days" in HOW_TO_PROSE


def test_document_has_the_retention_of_logs_and_events(template: Template) -> None:
    """Logs as LogRetentionDays says, events of the bus for as long as its rule tries."""
    days = template.parameters["LogRetentionDays"]["Default"]
    assert kept("logs") == f"`LogRetentionDays`: {days} days unless set"
    (target,) = template.properties("SignupRule")["Targets"]
    age = target["RetryPolicy"]["MaximumEventAgeInSeconds"]
    assert kept("rule of the event bus") == f"{age // DAY} day"


def test_document_has_the_bounds_of_messages_and_answers() -> None:
    assert f"at most {MAX_PARTS:,} messages of {MAX_BYTES // 1024**2} MiB" in PROSE
    assert f"a call takes {Deadlines().total:.0f} s at most" in PROSE
    assert f"kept to for {(MAX_HIDE_SECONDS + HOUR - 1) // HOUR} h at most" in PROSE
    assert f"read up to {MAX_ANSWER_BYTES // 1024} KiB" in PROSE


def test_names_in_the_document_are_those_of_the_template(template: Template) -> None:
    """Parameters, outputs, alarms and rights."""
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


def test_command_prints_the_key_of_a_person_whatever_the_spelling() -> None:
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
