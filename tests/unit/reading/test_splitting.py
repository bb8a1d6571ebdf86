"""invites.reading.envelope: a list is many events."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.errors import Code, RejectedError
from invites.reading.envelope import Event, unwrap
from invites.reading.splitting import MAX_PARTS, MESSAGE_BYTES, PART_OVERHEAD, SplitEvents
from support.build import cloud_event, eventbridge, signup, sns

# Amazon SQS, SendMessage: the characters that a message may hold.
FOR_SQS = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
TEXTS = st.text(st.characters(), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: TEXTS | st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)
ELEMENTS = st.dictionaries(TEXTS, VALUES, max_size=3)


def parts(body: object) -> tuple[str, ...]:
    """The parts of a body that is a list."""
    many = unwrap(body if isinstance(body, str) else json.dumps(body))
    assert isinstance(many, SplitEvents)
    return tuple(many)


def test_each_event_of_a_list_becomes_the_body_of_a_message() -> None:
    """The parts are the events, in order, each the body of a message."""
    events = [signup(number) for number in range(3)]
    assert [json.loads(body) for body in parts(events)] == events
    assert [unwrap(body) for body in parts(events)] == [Event(event) for event in events]


def test_list_in_an_envelope_is_split_alike() -> None:
    """A producer may publish a list to the topic."""
    events = [signup(number) for number in range(3)]
    assert parts(sns(events)) == parts(events)


@pytest.mark.parametrize("element", [{}, {"email": 1}, {"prose": None}, sns(signup())])
def test_any_object_becomes_a_part(element: object) -> None:
    """What is wrong with it is for its own message to say: the others are invited."""
    bodies = parts([signup(), element])
    assert [json.loads(body) for body in bodies] == [signup(), element]


@pytest.mark.parametrize(
    "text", ["\ud800", "é\udfff", "\ud83c\udfa8", "\ud7ff\ud800\ue000", "\ufffe", "\ufffd\uffff"]
)
def test_characters_that_sqs_refuses_stay_escaped(text: str) -> None:
    """They are legal JSON, and came escaped."""
    (body,) = parts(json.dumps([{"name": text}]))
    assert json.loads(body) == {"name": json.loads(json.dumps(text))}
    assert FOR_SQS.fullmatch(body)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ([], "body is an empty list"),
        ([[]], "body[0] is not a JSON object"),
        ([signup(), [signup()]], "body[1] is not a JSON object"),
        ([signup(), {}, signup(), 7, "prose"], "body[3] is not a JSON object"),
        ([None], "body[0] is not a JSON object"),
        (sns([]), "Message is an empty list"),
        (sns([{}, "prose"]), "Message[1] is not a JSON object"),
        ("[" + "{}," * MAX_PARTS + "{}]", f"body lists over {MAX_PARTS} events"),
        ("[" + "0," * MAX_PARTS + "0]", "body[0] is not a JSON object"),
    ],
)
def test_list_with_no_event_too_many_or_anything_else_is_refused_whole(
    body: object, problem: str
) -> None:
    """No people, or more than fit, or what can be nobody's event: the list is refused whole."""
    with pytest.raises(RejectedError) as caught:
        parts(body)
    assert (caught.value.code, str(caught.value)) == (Code.MALFORMED_BODY, problem)


def test_the_largest_list_is_split() -> None:
    """The largest list is split."""
    assert parts("[" + "{}," * (MAX_PARTS - 1) + "{}]") == ("{}",) * MAX_PARTS


@pytest.mark.parametrize(("too_long", "index"), [(0, None), (1, 1)])
def test_event_too_long_for_a_message_with_its_attribute_is_refused_and_named(
    too_long: int, index: int | None
) -> None:
    """Each part has its attribute: what is too long for both is refused, and named."""
    length = MESSAGE_BYTES - PART_OVERHEAD + too_long
    event = {"é": "x" * (length - len('{"é":""}'.encode()))}
    body = json.dumps([{}, event], ensure_ascii=False)
    if index is None:
        assert [len(part.encode()) for part in parts(body)] == [2, length]
    else:
        with pytest.raises(
            RejectedError, match=r"^body\[1\] is too long for a message of its own$"
        ):
            parts(body)


def test_parts_can_be_iterated_twice_and_know_their_number() -> None:
    """They know how many they are without making any."""
    many = unwrap(json.dumps([signup(1), signup(2)]))
    assert isinstance(many, SplitEvents)
    assert (len(many), list(many)) == (2, list(many))


def test_event_with_a_list_as_its_detail_or_data_is_no_envelope() -> None:
    """EventBridge and CloudEvents know no lists there."""
    bodies = (eventbridge([signup()]), cloud_event([signup()], "com.example.wrapped"))
    assert [unwrap(json.dumps(body)) for body in bodies] == [Event(body) for body in bodies]


@settings(max_examples=300, deadline=None)
@given(st.lists(ELEMENTS, min_size=1, max_size=5))
def test_any_part_means_what_its_event_means_and_sqs_takes_it(elements: list[object]) -> None:
    """All parts together are no longer than the list."""
    body = json.dumps(elements)
    bodies = parts(body)
    assert [json.loads(part) for part in bodies] == elements
    assert all(FOR_SQS.fullmatch(part) for part in bodies)
    assert sum(len(part.encode()) for part in bodies) <= len(body)


@pytest.mark.parametrize("text", ["é", "\ud7ff", "\ue000", "\ufffd", "\U00010000", "\U0010ffff"])
def test_characters_that_sqs_takes_are_not_escaped(text: str) -> None:
    """Escaped they would be longer."""
    assert parts([{"name": text}]) == (f'{{"name":"{text}"}}',)
