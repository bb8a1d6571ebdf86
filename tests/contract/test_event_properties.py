"""The samples of all systems, changed: nobody else is invited, and nobody known is ignored."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.explain import explain
from support.build import READER, eventbridge, sns
from support.mutation import in_other_order, leaves, replaced, with_field
from support.samples import SAMPLES, name

INTRUDER = "intruder@elsewhere.test"
JSON_SAMPLES = [path for path in SAMPLES if path.suffix == ".json"]
DOCUMENTS = {path: json.loads(path.read_text(encoding="utf-8")) for path in JSON_SAMPLES}
TEXTS = {path: json.dumps(document) for path, document in DOCUMENTS.items()}
FOUND = {path: explain(text, READER) for path, text in TEXTS.items()}
INVITED = [path for path in JSON_SAMPLES if FOUND[path]["outcome"] == "invite"]
# Without refused people: their own place is where an address is missing or wrong.
NOBODY_REFUSED = [
    path
    for path in JSON_SAMPLES
    if all(
        explanation["outcome"] != "reject" for explanation in (FOUND[path], *FOUND[path]["parts"])
    )
]
CLOUD_EVENT = {"specversion": "1.0", "type": "relay", "source": "/relay", "id": "relay-1"}
# Values for fields that no system has.
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS | st.just(INTRUDER),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
)


def people(found: dict[str, Any]) -> set[str]:
    """The addresses that are invited."""
    return {invite["email"] for invite in found["invites"]}


@pytest.mark.parametrize("path", NOBODY_REFUSED, ids=name)
def test_an_intruders_address_in_any_place_but_the_persons_own_invites_no_intruder(
    path: Path,
) -> None:
    document, own = DOCUMENTS[path], people(FOUND[path])
    for place, value in leaves(document):
        if isinstance(value, str) and not _is_own(value, own):
            found = explain(json.dumps(replaced(document, place, INTRUDER)), READER)
            assert INTRUDER not in people(found), place
            assert found["reason"] != "internal_error", place


def _is_own(value: str, own: set[str]) -> bool:
    return not value or any(address.lower() in value.lower() for address in own)


@pytest.mark.parametrize("path", INVITED, ids=name)
def test_without_any_one_value_no_administrator_is_invited(path: Path) -> None:
    """The administrator who acted is not taken for the person."""
    document = DOCUMENTS[path]
    known = {value.lower() for _, value in leaves(document) if isinstance(value, str)}
    actors = {value for value in known if value.startswith("admin@")}
    for place, _ in leaves(document):
        found = explain(json.dumps(replaced(document, place, None)), READER)
        assert not people(found) & actors, place


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(INVITED),
    st.dictionaries(st.text(min_size=1, max_size=12).map("x-{}".format), VALUES, max_size=3),
    st.booleans(),
    st.lists(st.sampled_from(["sns", "eventbridge", "cloudevents"]), max_size=2),
)
def test_more_fields_another_order_and_envelopes_invite_the_same_people(
    path: Path, more: dict[str, Any], is_turned: bool, envelopes: list[str]
) -> None:
    document = DOCUMENTS[path]
    # The bare data may have no other fields, and are for the topic and the queue only; a list is
    # split before anybody looks into it.
    is_bare = path.stem == "signup-data-alone"
    for key, value in () if is_bare else more.items():
        document = with_field(document, key, value)
    if is_turned:
        document = in_other_order(document)
    for envelope in ["sns"] if is_bare or isinstance(document, list) else envelopes:
        document = sns(document) if envelope == "sns" else _wrapped(document, envelope)
    found = explain(json.dumps(document), READER)
    assert (found["outcome"], people(found)) == ("invite", people(FOUND[path]))


def _wrapped(document: dict[str, Any], envelope: str) -> dict[str, Any]:
    return eventbridge(document) if envelope == "eventbridge" else {**CLOUD_EVENT, "data": document}


def test_every_system_has_samples_and_one_that_invites_nobody() -> None:
    """A folder of samples for each source's file, and an event that is ignored or refused."""
    folders = {path.parent.name for path in SAMPLES}
    assert folders >= READER.registry.systems
    for system in READER.registry.systems:
        outcomes = {FOUND[path]["outcome"] for path in JSON_SAMPLES if path.parent.name == system}
        assert outcomes - {"invite"}, system


def test_no_sample_is_recognised_as_another_systems() -> None:
    """Except unrecognised samples and a signed token."""
    for path in JSON_SAMPLES:
        system = path.parent.name
        if system in READER.registry.systems and not isinstance(DOCUMENTS[path], str):
            found = FOUND[path]["parts"] or [FOUND[path]]
            known = {
                explanation["source"]
                for explanation in found
                if explanation["reason"] != "unrecognised_event"
            }
            assert known <= {system}, path
