"""triage_dead_letters.console.widget, and the pages of many letters that it draws."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from support.dead_letters import letter, make_triage, record
from support.widget import DARK, draw
from triage_dead_letters.console.html import text
from triage_dead_letters.console.widget import draw_act

# Every count of an answer of replay and discard.
ANSWER: dict[str, Any] = {
    "replayed": 0,
    "discarded": 0,
    "doneBefore": 0,
    "failed": {},
    "unsure": [],
    "undeleted": [],
    "notFound": [],
    "again": False,
}


def test_drawing_receives_no_letter() -> None:
    triage = make_triage([letter(n) for n in range(60)])
    assert "letter" in draw(triage)
    assert "letter" in draw(triage, page="letters", where={"code": "malformed_body"}, start=50)
    assert triage.queue.receives == 0


def test_a_list_masks_the_addresses_that_the_ledger_has() -> None:
    triage = make_triage([letter(1)])
    known = replace(record("letter-1"), detail="no ada@example.test here")
    triage.ledger.rows["letter-1"].record = known
    page = draw(triage, page="letters", where={})
    assert "ada@" not in page
    assert "no *** here" in page


def test_pages_do_not_grow_with_the_queue() -> None:
    """Lambda's answers have 6 MB at most."""
    triage = make_triage([letter(n) for n in range(5_000)])
    assert len(triage.view.listing().records) == 5_000
    assert len(draw(triage)) < 200_000
    assert len(draw(triage, page="letters", where={"code": "malformed_body"})) < 200_000


class RecordingAct:
    """Gives the same answer to every request, and remembers the requests."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer
        self.requests: list[Mapping[str, Any]] = []

    def __call__(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Remember the request."""
        self.requests.append(request)
        return self._answer


def test_an_action_takes_its_own_fields_of_the_forms() -> None:
    """A replay takes a correction, a discard a reason, and both take a name."""
    fields = {"by": "Ada", "why": "old", "email": "a@example.test", "roles": "Artist, Admin,"}
    event = {"widgetContext": {"forms": {"all": fields}}}
    act = RecordingAct(ANSWER)
    draw_act({**event, "action": "replay", "edit": "form"}, act, "arn:act")
    draw_act({**event, "action": "discard"}, act, "arn:act")
    edit = {"email": "a@example.test", "roles": ["Artist", "Admin"]}
    assert act.requests == [
        {"action": "replay", "edit": edit, "by": "Ada"},
        {"action": "discard", "why": "old", "by": "Ada"},
    ]


def test_an_error_is_escaped_and_says_that_nothing_was_done() -> None:
    act = RecordingAct({"error": '"><b onclick=x>\u202e&'})
    page = draw_act({**DARK, "action": "replay"}, act, "arn:act")
    assert text('"><b onclick=x>\u202e&') in page
    assert "Nothing was done" in page


def test_an_unknown_action_is_not_called() -> None:
    act = RecordingAct(ANSWER)
    assert "action: must be one of" in draw_act({**DARK, "action": "delete"}, act, "arn:act")
    assert act.requests == []


def test_a_scan_says_what_it_found() -> None:
    act = RecordingAct({"seen": 3, "new": 1, "left": 2, "finished": 0, "again": False})
    page = draw_act({**DARK, "action": "scan"}, act, "arn:act")
    for sentence in ("3 letters seen", "New on the list: 1.", "taken off the list: 2.", "Done"):
        assert sentence in page


def test_a_call_that_did_not_finish_can_be_continued() -> None:
    """A button makes the same request again."""
    some = {"replayed": 7, "failed": {"a": "not sent: x"}, "unsure": ["b"], "again": True}
    request = {"action": "replay", "where": {}}
    page = draw_act({**DARK, **request}, RecordingAct(ANSWER | some), "arn:act")
    for sentence in ("7 letters replayed.", "a not sent: x", "1 letter may have been sent before"):
        assert sentence in page
    assert text(json.dumps(request)) in page
