"""triage_dead_letters.handler."""

import json

from support.dead_letters import letter, make_triage
from support.widget import ParsedPage, draw
from triage_dead_letters.handler import sendable

SHOW = {"action": "show", "messageId": "letter-1"}


def test_an_answer_has_no_lone_surrogates() -> None:
    """Lambda writes it as UTF-8, and without escapes since Python 3.12."""
    body = '{"email": "\\ud800@x.test", "roles": ["\\udfff", "a\\u202e, b"], "name": "\\ud83d"}'
    answer = sendable(make_triage([letter(1, body)]).view.answer(SHOW))
    assert json.loads(json.dumps(answer, ensure_ascii=False).encode())["body"] == body
    assert answer["explanation"]["hint"]["email"] == "\N{REPLACEMENT CHARACTER}@x.test"


def test_a_page_has_no_lone_surrogates() -> None:
    body = '{"email": "\\ud800@x.test", "roles": ["\\udfff", "a\\u202e, b"], "name": "\\ud83d"}'
    page = draw(make_triage([letter(1, body)]), **SHOW)
    values = ParsedPage(page.encode().decode()).values
    assert values["email"] == "\N{REPLACEMENT CHARACTER}@x.test"
    assert values["roles"] == "\N{REPLACEMENT CHARACTER}, a\u202e\N{REPLACEMENT CHARACTER} b"
