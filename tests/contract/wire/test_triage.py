"""view and act take and give what `values.toml` says, and write it to the ledger and the queue."""

import hashlib
import html
import json
import re
import time
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import pytest

from contract.wire.deployed import ACT, VALUES, VIEW, Account, Environment
from contract.wire.shown import matches, paths, shown

TRIAGE = VALUES["triage"]
BUTTON = re.compile(
    r'<cwdb-action action="call" endpoint="([^"]+)" display="(\w+)"[^>]*>(.*?)</cwdb-action>'
)
FIELD = re.compile(r'<input type="text" name="(\w+)"')
ADA = "ada@example.test"
# The letters' bodies, by the word that stands for the letter's id below.
LETTERS: dict[str, object] = {
    "CORRECTED": "prose",
    "INVITED": {"email": ADA, "roles": ["Artist"]},
    "DISCARDED": {"type": "com.example.left"},
    "KEPT": {"type": "com.example.kept"},
    "SHOWN": {"email": "ada", "roles": ["Artist"]},
}


@dataclass(frozen=True, slots=True)
class Triage:
    """What was asked of the functions, and what came of it, by name."""

    account: Account
    view: Environment
    act: Environment
    words: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def ask(self, name: str, function: Environment, **request: object) -> None:
        """Ask for JSON."""
        self.answers[name] = function.invoke(request)

    def draw(self, name: str, function: Environment, request: object, **form: str) -> None:
        """Ask for a page, as CloudWatch does, with what is filled in."""
        asked = request if isinstance(request, dict) else {}
        context = {"theme": "light", "forms": {"all": form}}
        page = function.invoke({**asked, TRIAGE["console"]["context"]: context})
        self.pages[name] = self.worded(page)

    def id(self, word: str) -> str:
        """A letter's id."""
        return next(message_id for message_id, known in self.words.items() if known == word)

    def worded(self, text: str) -> str:
        """A text, with the words for letters' ids."""
        for message_id, word in self.words.items():
            text = text.replace(message_id, word)
        return text

    def buttons(self) -> set[str]:
        """Each button of any page: its function, where the answer goes, and its parameters."""
        names = {VIEW: "view", ACT: "act"}
        any_letter = re.compile("|".join(LETTERS))
        return {
            any_letter.sub("ID", f"{names[arn]} {display} {html.unescape(parameters)}")
            for page in self.pages.values()
            for arn, display, parameters in BUTTON.findall(page)
        }


def put_letters(triage: Triage) -> None:
    """Letters in the queue, and rows on letters that are not there."""
    account, sqs = triage.account, triage.account.client("sqs")
    origin = {"origin": {"DataType": "String", "StringValue": "test"}}
    for word, body in LETTERS.items():
        text = body if isinstance(body, str) else json.dumps(body)
        sent = sqs.send_message(
            QueueUrl=account.letters, MessageBody=text, MessageAttributes=origin
        )
        triage.words[sent["MessageId"]] = word
    now = int(time.time())
    account.put(
        **TRIAGE["row_that_is_read"], sent_at=now - 900, first_tried=now - 800, last_tried=now
    )
    account.put(
        pk="message#redriven",
        dead_letter="yes",
        code="any",
        sent_at=now - 900,
        last_tried=now - 900,
    )
    person = hashlib.sha256(f"{account.api.url}\n{ADA}".encode()).hexdigest()
    account.put(pk=f"person#{person}", state="invited", roles=["Artist"], expires_at=now + 1000)


@pytest.fixture(scope="module")
def triage(account: Account) -> Triage:
    """An operator's day: some requests of JSON, some buttons of the console."""
    view = Environment(account, "ViewDeadLettersFunction")
    act = Environment(account, "ReplayDeadLettersFunction")
    triage = Triage(account, view, act)
    put_letters(triage)
    triage.ask("scan", act, action="scan", by="Ada")
    triage.ask("list", view, action="list", where=TRIAGE["where"], next=None)
    triage.ask("show", view, action="show", messageId=triage.id("SHOWN"))
    triage.ask("dry_run", act, action="replay", where={"code": "cause_unknown"}, dryRun=True)
    triage.draw("overview", view, {})
    triage.draw(
        "letters", view, {"page": "letters", "where": {"code": "cause_unknown"}, "start": 0}
    )
    triage.draw("letter", view, {"action": "show", "messageId": triage.id("SHOWN")})
    triage.draw(
        "result",
        act,
        {"action": "replay", "messageIds": [triage.id("CORRECTED")], "edit": "form"},
        **TRIAGE["console"]["form"],
    )
    triage.ask(
        "replay", act, action="replay", messageIds=[triage.id("INVITED")], again=True, by="Ada"
    )
    triage.ask(
        "discard",
        act,
        action="discard",
        messageIds=[triage.id("DISCARDED")],
        why="No signup.",
        by="Ada",
    )
    edit = {"email": "grace@example.test", "roles": []}
    triage.ask(
        "edit", act, action="replay", messageIds=[triage.id("SHOWN")], edit=edit, dryRun=False
    )
    triage.ask("show_absent", view, action="show", messageId="nobody")
    triage.ask("describe", view, describe=True)
    triage.ask("unknown_action", act, action="none")
    triage.ask("unknown_field", act, action="scan", force=True)
    return triage


@pytest.mark.parametrize("name", TRIAGE["answers"])
def test_answers_have_the_listed_fields(triage: Triage, name: str) -> None:
    """An answer has these fields; it may have more."""
    found = json.loads(triage.worded(json.dumps(triage.answers[name])))
    assert set(TRIAGE["answers"][name]) - set(paths(found)) == set()


def test_only_unknown_requests_are_refused(triage: Triage) -> None:
    """All requests were understood, but for an unknown action and an unknown field."""
    failed = {name for name, answer in triage.answers.items() if "error" in answer}
    assert failed == {"unknown_action", "unknown_field"}


def test_a_row_is_read_as_listed(triage: Triage) -> None:
    """The row's attributes come back in these fields; each condition of `where` holds of it."""
    (letter,) = triage.answers["list"]["deadLetters"]
    flat = {"reason." + name: value for name, value in letter["reason"].items()} | {
        name: value for name, value in letter.items() if name != "reason"
    }
    expected = TRIAGE["letter_that_is_read"]
    assert flat.keys() == expected.keys()
    for name, pattern in expected.items():
        assert fnmatchcase(str(flat[name]), pattern), name


@pytest.mark.parametrize("name", TRIAGE["rows"])
def test_rows_of_the_ledger_are_as_listed(triage: Triage, name: str) -> None:
    """A row has these attributes, with their types and values."""
    rows = {
        triage.worded(key): shown(row, {key: triage.worded(key)})
        for key, row in triage.account.rows().items()
    }
    expected = TRIAGE["rows"][name]
    found = rows[expected["pk"].removeprefix("S ")]
    assert matches(found, expected), found


def test_claim_is_deleted_of_a_person_who_is_to_be_invited_again(triage: Triage) -> None:
    assert not [key for key in triage.account.rows() if key.startswith("person#")]


def test_replayed_messages_are_marked(triage: Triage) -> None:
    """They have their attributes and a mark: the letter's id, a word, the number of the try."""
    name, mark = VALUES["message_attributes"]["replay"], VALUES["message_attributes"]["mark"]
    replayed = {}
    for message in triage.account.take(triage.account.queue):
        attributes = {
            key: attribute["StringValue"] for key, attribute in message["MessageAttributes"].items()
        }
        assert attributes.keys() == {"origin", name}
        word = triage.worded(attributes[name]).partition("/")[0]
        assert fnmatchcase(triage.worded(attributes[name]), mark.replace("LETTER", word))
        replayed[word] = json.loads(triage.worded(message["Body"]))
    bodies = TRIAGE["replayed"]
    assert replayed == {word: json.loads(body) for word, body in bodies.items()}


def test_buttons_call_as_listed(triage: Triage) -> None:
    """The console's buttons call these functions with these requests; there may be more."""
    assert set(TRIAGE["console"]["buttons"]) - triage.buttons() == set()


def test_forms_have_the_listed_fields(triage: Triage) -> None:
    """Each page has these fields, which CloudWatch hands over with a button."""
    for name, fields in TRIAGE["console"]["fields"].items():
        assert set(fields) - set(FIELD.findall(triage.pages[name])) == set(), name


def test_triage_writes_no_log(triage: Triage) -> None:
    """The triage writes no line: letters pass through it."""
    assert triage.view.lines() == triage.act.lines() == []
