"""One run on the local AWS: signups, faults, killed workers, and what became of everybody."""

import contextlib
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from invites.sending.claim import person_key
from simulation.prove.proxy import FaultyAws
from simulation.prove.table import Line
from support.spacemedia.client import StandIn, Step
from support.stack import Stack

KILLS, BETWEEN_KILLS = 8, 2.0
SECONDS = 300.0
SOON = 200.0
MALFORMED = 20

_FAULTS = (
    {"status": 500},
    {"status": 503},
    {"status": 429, "headers": {"retry-after": "2"}},
    {"status": 302, "redirect": "/login"},
    {"html": "<h1>Whoops</h1>"},
    {"reset": "before"},
    {"reset": "after"},
    {"truncate": True},
)
_AMBIGUOUS = ("reset", "truncate")


class Run:
    """Sends signups, kills workers, and accounts for everybody."""

    def __init__(self, stack: Stack, api: StandIn, proxy: FaultyAws, seed: int) -> None:
        self._stack, self._api, self._proxy = stack, api, proxy
        self._random = random.Random(seed)  # noqa: S311 - not for secrecy
        self._unsure: set[str] = set()
        self._faults: Counter[str] = Counter()
        self.kills = 0

    def send(self, count: int) -> list[str]:
        """Send so many signups, some of whom the API will fail once, and some broken messages."""
        people = [f"proven-{number}@example.test" for number in range(count)]
        steps: list[Step] = []
        for email in self._random.sample(people, count // 10):
            fault = self._random.choice(_FAULTS)
            steps.append(Step(email=email, **fault))
            self._faults[f"api: {next(iter(fault.items()))}"] += 1
            if any(name in fault for name in _AMBIGUOUS):
                self._unsure.add(email)
        self._api.script(*steps)
        bodies = [json.dumps({"email": email}) for email in people]
        bodies += [f"{{broken {number}" for number in range(MALFORMED)]
        self._random.shuffle(bodies)
        for start in range(0, len(bodies), 10):
            self._stack.send_batch(bodies[start : start + 10])
        return people

    def kill_workers(self) -> None:
        """End processes that run the function, in the middle of whatever they do."""
        for _ in range(KILLS):
            time.sleep(BETWEEN_KILLS)
            for row in self._rows("in_progress"):
                self._proxy.unsure.add(row)
            for pid in worker_processes(self._stack.aws.folder)[:2]:
                os.kill(pid, signal.SIGKILL)
                self.kills += 1

    def wait(self) -> float:
        """Until no message is on its way, or not before long; the seconds that it took."""
        began = time.monotonic()
        while are_under_way(self._stack) and time.monotonic() - began < SECONDS:
            time.sleep(1)
        return time.monotonic() - began

    def account(self, people: Sequence[str]) -> Iterator[Line]:
        """What became of everybody, from the API's record, the queues and the ledger."""
        users, reasons = self._api.users(), self._stack.reasons()
        left = self._stack.messages("SignupQueueUrl")
        letters = self._stack.messages("DeadLetterQueueUrl")
        bodies = {message["Body"] for message in left}
        absent = [email for email in people if email not in users]
        lost = [email for email in absent if json.dumps({"email": email}) not in bodies]
        unexplained = [message for message in left if message["MessageId"] not in reasons]
        twice = [email for email in people if email in users and users[email].invited_count > 1]
        known = [email for email in twice if not self._is_unsure(email)]
        stops = {key for key, row in reasons.items() if row["verdict"] == "stop"}
        odd = [
            letter
            for letter in letters
            if letter["MessageId"] not in stops or "broken" not in letter["Body"]
        ]
        faults = sum((self._faults + self._proxy.faults).values())
        yield Line("on the local AWS: messages", f"{len(people) + MALFORMED:,}")
        yield Line("  faults of the API and of AWS", f"{faults:,}", "some", faults > 0)
        yield Line("  workers killed", str(self.kills), "some", self.kills > 0)
        yield Line("  waiting for a later try", str(len(left)))
        yield Line("  of which without a reason", str(len(unexplained)), "0", not unexplained)
        yield Line("  people lost", str(len(lost)), "0", not lost)
        yield Line("  invited twice, the answer lost", str(len(twice) - len(known)))
        yield Line("  invited twice, the answer known", str(len(known)), "0", not known)
        yield Line("  dead letters", str(len(letters)))
        yield Line("  dead letters that nothing explains", str(len(odd)), "0", not odd)

    def _is_unsure(self, email: str) -> bool:
        key = f"person#{person_key(self._api.url, email)}"
        return email in self._unsure or key in self._proxy.unsure

    def _rows(self, state: str) -> list[str]:
        """The keys of people in this state."""
        pages = self._stack.client("dynamodb").get_paginator("scan")
        rows = pages.paginate(TableName=self._stack.outputs["LedgerTableName"]).search("Items")
        return [row["pk"]["S"] for row in rows if row.get("state", {}).get("S") == state]


def are_under_way(stack: Stack) -> bool:
    """Whether any message is to be received soon; a late try is hours away."""
    soon = time.time() + SOON
    return any(message["VisibleAt"] < soon for message in stack.messages("SignupQueueUrl"))


def worker_processes(folder: Path) -> list[int]:
    """The processes of a local AWS that run a function: of a program in its folder, its own."""
    found: list[int] = []
    for process in Path("/proc").iterdir():
        # A process may end, or be somebody else's, while it is looked at.
        with contextlib.suppress(OSError):
            if process.name.isdigit() and str(folder).encode() in _program(process):
                found.append(int(process.name))
    return found


def _program(process: Path) -> bytes:
    return (process / "cmdline").read_bytes()
