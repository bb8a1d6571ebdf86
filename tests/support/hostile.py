"""Bodies made to hurt: to become millions of messages, to fill the memory, to take long to read."""

import json
from collections.abc import Sequence
from typing import Any

from support.build import cloud_event, eventbridge, signup, sns

# Amazon SQS, message quotas.
MESSAGE_BYTES = 1024 * 1024

# Entra ID's and BambooHR's lists are recognised by these fields, in their first element only.
AUDIT = {
    "category": "AuditLogs",
    "operationName": "Add user",
    "properties": {"targetResources": [1]},
}
_EMPLOYEE = {"action": "Created", "id": 1, "timestamp": 1}


def written(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def list_in_list(records: int = 2200, employees: int = 7500) -> str:
    """A body that, split and split again, is (records - 1) * employees messages."""
    return written(two_lists([{}] * (records - 1), [{}] * (employees - 1)))


def two_lists(records: Sequence[object], employees: Sequence[object]) -> dict[str, Any]:
    """A CloudEvent that is Entra ID's list; each of its parts but the first is BambooHR's list."""
    event = cloud_event({"employees": [_EMPLOYEE, *employees]}, kind="x")
    return {**event, "records": [AUDIT, *records]}


def large_head(count: int = 5000, length: int = 200_000) -> str:
    """A list in an EventBridge event whose source has `length` characters; each part repeats it."""
    event = eventbridge({"records": [AUDIT, *[{}] * (count - 1)]})
    return written({**event, "source": "s" * length})


def large_rest(count: int = 10_000, length: int = 6400) -> str:
    """A list beside a long text with one emoji, so that Python takes 4 bytes a character."""
    rest = "x" * length + "\N{ARTIST PALETTE}"
    return written({"records": [AUDIT, *[{}] * (count - 1)], "rest": rest})


def stuffed(begin: str, filling: str, end: str) -> str:
    """A body as long as SQS takes, in which one text is repeated."""
    room = MESSAGE_BYTES - len((begin + end).encode())
    return begin + filling * (room // len(filling.encode())) + end


def _scim(emails: int) -> str:
    """An event in which a dozen expressions look at each e-mail address."""
    data = {"userName": "ada", "emails": [{}] * emails}
    events = {"urn:ietf:params:scim:event:prov:create:full": {"data": data}}
    return written({"jti": "1", "iss": "https://scim.example.test", "events": events})


def in_sns(body: str) -> str:
    """The body as an SNS notification brings it."""
    return written({**sns(None), "Message": body})


# Each is slow to parse, to recognise, to search or to show.
SLOW = {
    "numbers": stuffed("[", "0,", "0]"),
    "objects in a list": stuffed("[", '{"":{}},', "{}]"),
    "objects in an object": stuffed('{"a":[', '{"":0},', "0]}"),
    "floats": stuffed('{"a":[', "1e9,", "0]}"),
    "keys": written(dict.fromkeys(map(str, range(90_000)), 0)),
    "lists in each other": "[" * MESSAGE_BYTES,
    "objects in each other": '{"a":' * (MESSAGE_BYTES // 5),
    "envelopes in each other": in_sns(in_sns(in_sns(stuffed('{"email":"', "\\", '"}')[:100_000]))),
    "half characters": stuffed('[{"email":"', "\\ud800", '"}]'),
    "whole characters, escaped": stuffed('[{"email":"', "\\ud83d\\ude00", '"}]'),
    "a long address": stuffed('{"email":"', "a", '@example.test"}'),
    "a long token": stuffed("eyJ", "a", ".a.a"),
    "a long type": stuffed('[{"specversion":"1.0","source":"/x","id":"1","type":"', "é", '"}]'),
    "10,000 unrecognised events": "[" + '{"event":{},"type":"A"},' * 9_999 + "{}]",
    "people": stuffed("[", f"{written(signup())},", "{}]"),
    "SCIM events with many emails": stuffed("[", f"{_scim(200)},", "{}]"),
    "SCIM events with more emails than are looked through": stuffed("[", f"{_scim(5000)},", "{}]"),
    "a list that repeats much": large_head(80, 200_000),
    "a list that would repeat too much": large_head(),
    "a list in a list": list_in_list(),
}
