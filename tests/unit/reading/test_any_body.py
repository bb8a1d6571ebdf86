"""Any body at all: it is read, or rejected with a reason; nothing else can happen."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from invites.errors import Code
from invites.invite import Invite
from invites.outcome import Verdict
from invites.reading.canonical import CREATED
from invites.reading.splitting import SplitEvents
from invites.retry import Fate
from support.build import (
    DEADLINE,
    READER,
    InlineExecutor,
    cloud_event,
    eventbridge,
    message,
    processor,
    sns,
)
from support.fakes import FakeSender, MemoryLedger
from support.hostile import two_lists
from support.samples import JSON_TEXTS

OBJECTS = [text for text in JSON_TEXTS if isinstance(json.loads(text), dict)]

# Half characters and control characters among them.
ANY_TEXT = st.text(st.characters(), max_size=40)
SNS_KEYS = ("Type", "TopicArn", "Message", "MessageId")
BUS_KEYS = ("detail", "detail-type", "source", "id")
CLOUD_EVENT_KEYS = ("specversion", "type", "data", "data_base64")
DATA_KEYS = ("email", "roles", "name")
KEYS = st.sampled_from((*SNS_KEYS, *BUS_KEYS, *CLOUD_EVENT_KEYS, *DATA_KEYS))
TEXTS = st.one_of(
    ANY_TEXT,
    st.sampled_from([CREATED, "Notification", "ada@example.test", "{}", "e30=", "1.0"]),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.one_of(KEYS, ANY_TEXT), inner, max_size=6)
    ),
    max_leaves=20,
)
WRAPPED = st.recursive(
    ANY_JSON,
    lambda inner: st.one_of(
        inner.map(sns),
        inner.map(eventbridge),
        inner.map(cloud_event),
        st.lists(inner, min_size=1, max_size=3),
        st.lists(inner, max_size=2).map(lambda several: two_lists(several, several)),
    ),
    max_leaves=3,
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A sample of which a piece is replaced by something else."""
    text = draw(st.sampled_from(JSON_TEXTS))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 30)))
    return text[:start] + draw(st.one_of(TEXTS, ANY_JSON.map(json.dumps))) + text[end:]


@st.composite
def replaced(draw: st.DrawFn) -> str:
    """A sample of which one field, at any depth, has another value or is gone."""
    event: dict[str, Any] = json.loads(draw(st.sampled_from(OBJECTS)))
    inner = event
    while True:
        key = draw(st.sampled_from(sorted(inner)))
        value = inner[key]
        if not (isinstance(value, dict) and value and draw(st.booleans())):
            break
        inner = value
    if draw(st.booleans()):
        del inner[key]
    else:
        inner[key] = draw(ANY_JSON)
    return json.dumps(event)


BODIES = st.one_of(
    ANY_TEXT, ANY_JSON.map(json.dumps), WRAPPED.map(json.dumps), mutated(), replaced()
)


@settings(max_examples=1500, deadline=None)
@given(BODIES, st.booleans())
def test_any_body_is_invited_split_ignored_or_stopped(body: str, is_part: bool) -> None:
    """An invite has an address and a role; a stop has words, and is no fault of ours."""
    content = READER.read(body, is_part=is_part).content
    if isinstance(content, Invite):
        assert "@" in content.email
        assert content.email == content.email.strip().lower()
        assert content.roles
        json.dumps(content.payload()).encode("ascii")
    elif isinstance(content, SplitEvents):
        assert not is_part
        assert len(list(content)) == len(content) > 0
        inner = [READER.read(part, is_part=True).content for part in content]
        assert not any(isinstance(content, SplitEvents) for content in inner)
    elif content.verdict is Verdict.IGNORED:
        assert content.code is Code.NOT_A_SIGNUP
    else:
        # Neither a fault of ours, nor one without words.
        assert content.verdict is Verdict.STOP
        assert content.detail


@settings(max_examples=100, deadline=None)
@given(st.lists(BODIES, max_size=10), st.integers(1, 3), st.booleans())
def test_any_batch_has_a_result_for_each_message_and_deletes_only_what_is_done(
    bodies: list[str], receives: int, is_up: bool
) -> None:
    """Every message of a batch has its result, and only what is done is deleted."""
    sender, ledger = FakeSender(), MemoryLedger(is_readable=is_up, is_writable=is_up)
    batch = [message(body, number, receives) for number, body in enumerate(bodies)]
    jobs = processor(sender, ledger, InlineExecutor()).process(batch, DEADLINE).jobs
    assert [job.message for job in jobs] == batch
    deleted = [job for job in jobs if job.disposition.fate is Fate.DELETE]
    done = (Verdict.INVITED, Verdict.IGNORED, Verdict.SPLIT)
    assert all(job.outcome.verdict in done for job in deleted)
    invited = [job for job in jobs if job.outcome.verdict is Verdict.INVITED]
    assert len(sender.sent) == len(invited)
    assert Code.INTERNAL_ERROR not in {job.outcome.code for job in jobs}
