"""`python -m invites.explain --json` says what `values.toml` says."""

import json
import subprocess
import sys
from typing import Any

import pytest

from contract.wire.deployed import ROOT, VALUES
from contract.wire.shown import paths

EXPLAIN = VALUES["explain"]
CANONICAL = json.loads((ROOT / "events/canonical/signup.json").read_text(encoding="utf-8"))


def _sns(inner: object) -> dict[str, Any]:
    head = {"Type": "Notification", "MessageId": "id", "TopicArn": "arn"}
    return {**head, "Message": json.dumps(inner)}


def _eventbridge(inner: object) -> dict[str, Any]:
    return {"id": "id", "detail-type": "type", "source": "source", "detail": inner}


def _sqs(inner: object) -> dict[str, Any]:
    return {"messageId": "id", "eventSource": "aws:sqs", "body": json.dumps(inner)}


def _cloud_event(inner: object) -> dict[str, Any]:
    return {"specversion": "1.0", "id": "id", "type": "type", "source": "/source", "data": inner}


MESSAGES = {
    "invite": _sns(_sqs(_cloud_event(_eventbridge(CANONICAL)))),
    "ignore": {**CANONICAL, "type": "uk.spacemedia.signup.updated"},
    "reject": {**CANONICAL, "data": {}},
    "nearest": {"type": "user.created", "object": "event", "data": {"id": "user_1"}},
    "list": [CANONICAL],
}


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The lines that the command prints, by message."""
    folder = tmp_path_factory.mktemp("messages")
    for name, message in MESSAGES.items():
        (folder / name).write_text(json.dumps(message), encoding="utf-8")
    done = subprocess.run(  # noqa: S603 - this project's own command
        [
            sys.executable,
            "-m",
            "invites.explain",
            "--json",
            *(str(folder / name) for name in MESSAGES),
        ],
        env={"PYTHONPATH": str(ROOT / "layers")},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(MESSAGES, lines, strict=True))


@pytest.mark.parametrize("name", MESSAGES)
def test_explanations_have_all_fields(explained: dict[str, dict[str, Any]], name: str) -> None:
    """Empty ones, too."""
    assert sorted(explained[name]) == EXPLAIN["fields"]


def test_parts_are_explained_like_messages(explained: dict[str, dict[str, Any]]) -> None:
    """Only the field `file` is missing."""
    (part,) = explained["list"]["parts"]
    assert sorted({*part, "file"}) == EXPLAIN["fields"]


def test_inner_fields_are_as_listed(explained: dict[str, dict[str, Any]]) -> None:
    """The fields of the objects in `invites` and `nearest`."""
    held = (
        {name: explanation[name] for name in ("invites", "nearest")}
        for explanation in explained.values()
    )
    found = {path.replace("[]", "") for field in held for path in paths(field) if "." in path}
    assert sorted(found) == EXPLAIN["inner_fields"]


@pytest.mark.parametrize("name", MESSAGES)
def test_words_are_as_listed(explained: dict[str, dict[str, Any]], name: str) -> None:
    """The words that are not free text."""
    expected = EXPLAIN["values"][name]
    assert {key: explained[name][key] for key in expected} == expected
