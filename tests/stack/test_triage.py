"""The triage of dead letters: listed, shown, replayed, discarded."""

import json

from support.letters import take_letter
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import Triage, bad_event
from support.waiting import wait_until


def test_a_letter_is_listed_and_shown(triage: Triage, source: str) -> None:
    """With its reason, its end and what today's rules say; once seen, it is there for the next."""
    (letter,) = triage.make_letters([bad_event(source)])
    listed = triage.view(action="list", where={"source": source})
    (row,) = listed["deadLetters"]
    assert (row["messageId"], row["source"]) == (letter, source)
    detail = "data.email is missing"
    assert row["reason"] == {"code": "missing_email", "detail": detail, "status": None}
    assert row["expires"] > row["lastTried"] >= row["firstSeen"]
    assert listed["byReason"] == {"missing_email": 1}
    shown = triage.view(action="show", messageId=letter)
    assert json.loads(shown["body"])["source"] == source
    assert shown["explanation"]["reason"] == "missing_email"
    assert all(message["IsVisible"] for message in triage.letters())


def test_listing_receives_nothing(triage: Triage, source: str) -> None:
    """However often it is done, no letter's receive count moves."""
    triage.make_letters([bad_event(source)])
    before = [(letter["MessageId"], letter["ReceiveCount"]) for letter in triage.letters()]
    for _ in range(3):
        triage.view(action="list")
    triage.act(action="replay", where={}, dryRun=True)
    assert [(letter["MessageId"], letter["ReceiveCount"]) for letter in triage.letters()] == before


def test_a_letter_is_corrected_and_replayed(
    triage: Triage, api: StandIn, stack: Stack, source: str
) -> None:
    """The person is invited with what the operator gave; the ledger says who did it."""
    (letter,) = triage.make_letters([bad_event(source)])
    edit = {"email": "corrected@example.test", "roles": ["Artist"]}
    answer = triage.act(action="replay", messageIds=[letter], edit=edit, by="Ada")
    assert (answer["replayed"], answer["again"]) == (1, False)
    wait_until(lambda: "corrected@example.test" in api.users(), "the person to be invited")
    row = stack.reasons()[letter]
    assert (row["state"], row["handled_by"]) == ("sent", "Ada")
    assert row["replayed_as"] == answer["replayedAs"][letter]
    assert triage.view(action="list", where={"source": source})["deadLetters"] == []
    assert not triage.has_letters(letter)


def test_only_what_the_filter_matches_is_replayed(triage: Triage, source: str) -> None:
    """A dry run says what would be; the rest of the queue is as it was."""
    letters = triage.make_letters([bad_event(source), bad_event(source), "prose"])
    where = {"source": source, "code": "missing_email"}
    assert triage.act(action="replay", where=where, dryRun=True)["wouldReplay"] == 2
    answers = triage.act_until_done(action="replay", where=where)
    assert sum(answer["replayed"] for answer in answers) == 2
    assert triage.has_letters(letters[2])
    wait_until(lambda: len(_listed(triage, source)) == 2, "them to fail again")
    assert not {*_listed(triage, source)} & {*letters}


def test_a_letter_keeps_body_and_attributes(triage: Triage, stack: Stack, source: str) -> None:
    """A replay that fails again comes back as it was sent, with the mark beside."""
    body = bad_event(source)
    letter = stack.send(body, {"origin": "unit 7"})
    wait_until(lambda: triage.has_letters(letter), "the letter")
    new = triage.act(action="replay", messageIds=[letter])["replayedAs"][letter]
    wait_until(lambda: triage.has_letters(new), "the letter to come back")
    shown = triage.view(action="show", messageId=new)
    assert shown["body"] == body
    assert shown["attributes"]["origin"] == {"type": "String", "value": "unit 7"}
    assert shown["attributes"]["replay-of"]["value"].startswith(f"{letter}/")


def test_the_redrive_of_sqs_still_works_after_a_replay(
    triage: Triage, stack: Stack, source: str
) -> None:
    """A letter that was replayed and failed again is no second copy when SQS's console sends it."""
    (letter,) = triage.make_letters([bad_event(source)])
    new = triage.act(action="replay", messageIds=[letter])["replayedAs"][letter]
    wait_until(lambda: triage.has_letters(new), "the letter to come back")
    redriven = _redrive(stack, new)
    wait_until(lambda: triage.has_letters(redriven), "it to be judged once more")


def test_a_replay_with_again_invites_somebody_a_second_time(
    triage: Triage, api: StandIn, stack: Stack, source: str
) -> None:
    """The ledger forgets that the person was invited, so that the API is asked again."""
    body = bad_event(source, email="removed@example.test", roles=["Artist"])
    stack.send(body)
    wait_until(lambda: _calls(api, "removed@example.test") == 1, "the first call")
    wait_until(lambda: not stack.messages("SignupQueueUrl"), "the message to be done")
    url = stack.outputs["DeadLetterQueueUrl"]
    letter = stack.client("sqs").send_message(QueueUrl=url, MessageBody=body)["MessageId"]
    assert triage.act(action="replay", messageIds=[letter], again=True)["replayed"] == 1
    wait_until(lambda: _calls(api, "removed@example.test") == 2, "the second call")


def test_a_discarded_letter_is_gone_and_the_ledger_says_why(
    triage: Triage, stack: Stack, source: str
) -> None:
    """It is gone, and the ledger knows why."""
    (letter,) = triage.make_letters([bad_event(source)])
    assert "why" in triage.act(action="discard", messageIds=[letter])["error"]
    answer = triage.act(action="discard", messageIds=[letter], why="a test run", by="Ada")
    assert (answer["discarded"], answer["notFound"]) == (1, [])
    row = stack.reasons()[letter]
    assert (row["state"], row["why"], row["handled_by"]) == ("discarded", "a test run", "Ada")
    assert not triage.has_letters(letter)
    assert _listed(triage, source) == []


def test_a_request_that_makes_no_sense_is_refused_and_does_nothing(triage: Triage) -> None:
    """Each is refused with a sentence, and does nothing."""
    requests: list[dict[str, object]] = [
        {"action": "replay"},
        {"action": "replay", "where": {}, "dryrun": True},
        {"action": "replay", "where": {}, "edit": {"email": "ada@example.test"}},
        {"action": "replay", "where": {"kind": "x"}},
        {"action": "delete"},
    ]
    before = {letter["MessageId"] for letter in triage.letters()}
    for request in requests:
        assert triage.act(**request)["error"]
    assert {letter["MessageId"] for letter in triage.letters()} == before


def _listed(triage: Triage, source: str) -> list[str]:
    page = triage.view(action="list", where={"source": source})
    return [letter["messageId"] for letter in page["deadLetters"]]


def _redrive(stack: Stack, message_id: str) -> str:
    """As SQS does it: body and attributes are kept, the id is new."""
    letter = take_letter(stack, message_id).message
    answer = stack.client("sqs").send_message(
        QueueUrl=stack.outputs["SignupQueueUrl"],
        MessageBody=letter["Body"],
        MessageAttributes=letter["MessageAttributes"],
    )
    return str(answer["MessageId"])


def _calls(api: StandIn, email: str) -> int:
    bodies = [request.body for request in api.requests()]
    return sum(isinstance(body, dict) and body.get("email") == email for body in bodies)
