"""A producer learns what became of its events from the topic of outcomes."""

import json
from typing import Any

from support.stack import Stack
from support.waiting import wait_until


def test_each_outcome_is_published_once_and_without_an_address(stack: Stack, heard: Any) -> None:  # noqa: ANN401 - a function that reads
    """Invited, invited already, ignored and refused: each is told once, without an address."""
    family = "uk.spacemedia.signup."
    head = {"specversion": "1.0", "source": "/crm"}
    person = {"data": {"email": "heard@example.test"}}
    invited = stack.send(json.dumps({**head, "type": f"{family}created", "id": "a", **person}))
    wait_until(lambda: invited in heard(), "the first outcome")
    again = stack.send(json.dumps({**head, "type": f"{family}created", "id": "b", **person}))
    editor = {"data": {**person["data"], "roles": ["Editor"]}}
    differs = stack.send(json.dumps({**head, "type": f"{family}created", "id": "e", **editor}))
    updated = stack.send(json.dumps({**head, "type": f"{family}updated", "id": "c", **person}))
    refused = stack.send(json.dumps({**head, "type": f"{family}created", "id": "d", "data": {}}))
    wait_until(lambda: {again, differs, updated, refused} <= heard().keys(), "the others")
    # Until the refused one is a dead letter, each receive might tell it anew.
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "the queue to be empty")
    found = heard()
    keys = ("eventId", "source", "tenant", "outcome", "code", "rolesDiffer")
    sent = (invited, again, updated, refused, differs)
    assert [tuple(found[message_id][key] for key in keys) for message_id in sent] == [
        ("a", "canonical", "/crm", "invited", None, False),
        ("b", "canonical", "/crm", "already_invited", None, False),
        ("c", "canonical", "/crm", "ignored", "not_a_signup", False),
        ("d", "canonical", "/crm", "stop", "missing_email", False),
        ("e", "canonical", "/crm", "already_invited", None, True),
    ]
    assert "heard@" not in json.dumps(found)
