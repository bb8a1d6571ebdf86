"""Hostile bodies in the console: they are shown, and do nothing."""

import json

import pytest
from playwright.sync_api import Page, expect

from console.conftest import Open
from support.stack import Stack
from support.triage import Triage

# Amazon SQS, message quotas: bytes of a message.
MAX_BYTES = 1024 * 1024

MARKUP = (
    "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
    "</pre></div><style>* { display: none }</style>\"'&"
)
ACTION = (
    '<a class="btn" id="trap">Press me</a><cwdb-action action="call" endpoint="x" '
    'display="popup">{"action": "replay", "where": {}}</cwdb-action>'
)
HOSTILE = {
    "markup": (MARKUP, MARKUP[:30]),
    "an action of its own": (ACTION, '<cwdb-action action="call"'),
    "control characters": ("a\rb\x85c", "a<U+000D>b<U+0085>c"),
    "right to left": ("pay \u202e gnp.exe \u2066", "pay <U+202E> gnp.exe <U+2066>"),
    "invisible characters": ("a\u3164b\ufe0fc\U000e0041", "a<U+3164>b<U+FE0F>c<U+E0041>"),
    "another script": ("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
    "1 MiB": ("<" * MAX_BYTES, f"{MAX_BYTES - 20_000:,} characters more"),
}


@pytest.mark.parametrize(("body", "seen"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_body_is_shown_as_text(
    triage: Triage, stack: Stack, open_console: Open, body: str, seen: str
) -> None:
    """None of it becomes an element, and none of it runs."""
    page = _open(triage, stack, open_console, body, {})
    expect(page.locator("#popup pre")).to_contain_text(seen)
    assert page.title() == "Dead letters"
    assert page.locator("#trap, #popup img, #popup script").count() == 0
    endpoints = page.locator("cwdb-action").evaluate_all(
        "all => all.map(action => action.getAttribute('endpoint'))"
    )
    assert endpoints
    assert all(endpoint.startswith("arn:aws:lambda:") for endpoint in endpoints)
    expect(page.get_by_text("Replay corrected")).to_be_visible()


def test_attributes_and_the_forms_values_are_shown_as_text(
    triage: Triage, stack: Stack, open_console: Open
) -> None:
    body = json.dumps({"email": '"><img src=x>"@example.test', "roles": ['"><img src=x>']})
    page = _open(triage, stack, open_console, body, {"origin": MARKUP})
    expect(page.locator("#popup dl")).to_contain_text("<script>")
    assert page.locator("#popup img, #popup script").count() == 0
    assert page.title() == "Dead letters"


def _open(
    triage: Triage, stack: Stack, open_console: Open, body: str, attributes: dict[str, str]
) -> Page:
    """Put a letter with this body into the queue, list it and open it."""
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs["DeadLetterQueueUrl"],
        MessageBody=body,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    )
    triage.act_until_done(action="scan")
    page = open_console()
    page.get_by_text("Show letters").click()
    page.get_by_text("Open", exact=True).click()
    expect(page.locator("#popup pre")).to_be_visible()
    return page
