"""What each permission of the triage's roles is for."""

import json
import uuid

from stack.scene import Scene
from support.letters import put_letters
from support.triage import bad_event


def listed(scene: Scene) -> None:
    """View lists a letter, and how many there are."""
    (letter,) = put_letters(scene.stack, [bad_event(f"/exercise/{uuid.uuid4()}")])
    scene.triage.act(action="scan")
    answer = scene.triage.view(action="list")
    assert letter in [row["messageId"] for row in answer["deadLetters"]]


def show(scene: Scene) -> None:
    """View shows a letter, and the next one finds it at once."""
    (letter,) = put_letters(scene.stack, ["prose"])
    assert scene.triage.view(action="show", messageId=letter)["body"] == "prose"
    assert all(letter["IsVisible"] for letter in scene.triage.letters())


def replay(scene: Scene) -> None:
    """Act sends letters back: one by its id, the rest by a filter."""
    email = scene.someone()
    first, second = put_letters(scene.stack, [json.dumps({"email": email}), "prose"])
    assert scene.triage.act(action="scan")["new"] == 2
    assert scene.triage.act(action="replay", messageIds=[first])["replayed"] == 1
    scene.is_invited(email)
    assert scene.triage.act(action="replay", where={})["replayed"] == 1
    assert not {first, second} & {letter["MessageId"] for letter in scene.triage.letters()}


def look(scene: Scene) -> None:
    """Act looks through all letters for one that is not there, and leaves the others visible."""
    put_letters(scene.stack, ["prose"])
    answer = scene.triage.act(action="replay", messageIds=["nobody"])
    assert (answer["notFound"], answer["again"]) == (["nobody"], False)
    assert all(letter["IsVisible"] for letter in scene.triage.letters())


def again(scene: Scene) -> None:
    """Act forgets that somebody was invited, and has them invited anew."""
    email = scene.someone()
    scene.stack.send(json.dumps({"email": email}))
    scene.is_invited(email)
    scene.wait_until(lambda: (scene.row(email) or {}).get("state") == {"S": "invited"}, "the row")
    (letter,) = put_letters(scene.stack, [json.dumps({"email": email})])
    answer = scene.triage.act(action="replay", messageIds=[letter], again=True)
    assert answer["replayed"] == 1
