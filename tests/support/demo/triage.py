"""The end of the demo: a dead letter is explained, corrected and replayed into an invite."""

from support.demo.screen import Screen
from support.demo.watch import PATIENCE_SECONDS
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import Triage
from support.waiting import wait_until

# The sample whose address is not valid, and the address that the operator finds out.
REASON = "invalid_email"
EDIT = {"email": "corrected@example.test", "roles": ["Artist"]}


def mend_a_letter(stack: Stack, api: StandIn, screen: Screen) -> bool:
    """Do what an operator does; whether the person is invited at its end."""
    triage = Triage(stack)
    listed = triage.view(action="list")
    screen.line(f"{listed['total']} dead letters: {listed['byReason']}")
    (letter, *_) = triage.view(action="list", where={"code": REASON})["deadLetters"]
    shown = triage.view(action="show", messageId=letter["messageId"])
    explained = shown["explanation"]
    screen.line(f"letter  {letter['messageId']} {letter['summary']}")
    screen.line(f"explain {explained['outcome']}: {explained['detail']}")
    answer = triage.act(action="replay", messageIds=[letter["messageId"]], edit=EDIT, by="demo")
    screen.line(f"replay  {answer['replayed']} letter, corrected: {EDIT}")
    try:
        wait_until(lambda: EDIT["email"] in api.users(), "the invitation", PATIENCE_SECONDS)
    except TimeoutError as error:
        screen.line(str(error))
        return False
    left = triage.view(action="list")["total"]
    screen.line(f"invited {EDIT['email']}; {left} dead letters are left")
    return bool(left == listed["total"] - 1)
