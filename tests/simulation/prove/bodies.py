"""Fuzzed bodies: samples with other values in them, and texts that were never an event."""

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from invites.errors import Code
from invites.invite import Invite
from invites.outcome import Verdict
from invites.reading.splitting import MAX_PARTS, SplitEvents
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
from support.mutation import leaves, replaced
from support.samples import JSON_TEXTS

CHUNK = 2000
BATCH = 10

_ODD: list[Any] = [
    *(None, True, False, 0, -1, 1e308, "", " ", "{}", "[]", "null", "1.0", "\ud800", "\x00", "@"),
    *("a@b", "a@b.test", "ada@example.test", "Ada <ada@example.test>", "a" * 400, "%00", "e30="),
    *({}, [], {"email": "ada@example.test"}, [{"email": "ada@example.test"}], [[]], {"": None}),
]
_WRAPS: tuple[Callable[[object], object], ...] = (
    cloud_event,
    eventbridge,
    sns,
    lambda event: [event],
    lambda event: [event, event],
    lambda event: two_lists([event, event], [event, event]),
    lambda event: {"data": event},
    json.dumps,
)
_CHARACTERS = '{}[]",:\\ \n\t0123456789eE+-.truefalsn\ud83d\u0000\u2028é@'


def any_body(draw: random.Random) -> str:
    """A body that nobody should send."""
    match draw.randrange(4):
        case 0:
            return _spoilt(draw.choice(JSON_TEXTS), draw)
        case 1:
            return json.dumps(_changed(json.loads(draw.choice(JSON_TEXTS)), draw))
        case 2:
            inner = _changed(json.loads(draw.choice(JSON_TEXTS)), draw)
            return json.dumps(draw.choice(_WRAPS)(draw.choice(_WRAPS)(inner)))
    return "".join(draw.choices(_CHARACTERS, k=draw.randrange(60)))


def _spoilt(text: str, draw: random.Random) -> str:
    start = draw.randrange(len(text))
    piece = "".join(draw.choices(_CHARACTERS, k=draw.randrange(8)))
    return text[:start] + piece + text[start + draw.randrange(20) :]


def _changed(event: Any, draw: random.Random) -> Any:  # noqa: ANN401 - any JSON
    for _ in range(draw.randint(1, 3)):
        places = [path for path, _ in leaves(event)]
        event = replaced(event, draw.choice(places), draw.choice(_ODD))
    return event


def fuzz(seed: int, count: int, note: Callable[[int], None]) -> tuple[int, list[str]]:
    """Read and process so many bodies; how many there were, and what was wrong."""
    wrong: list[str] = []
    done = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for failures in pool.map(_chunk, range(seed, seed + -(-count // CHUNK))):
            wrong += failures
            done += CHUNK
            note(CHUNK)
    return done, wrong


def _chunk(seed: int) -> list[str]:
    draw = random.Random(seed)  # noqa: S311 - the same bodies each time
    bodies = [any_body(draw) for _ in range(CHUNK)]
    wrong = [f"{body[:200]!r}: {fault}" for body in bodies for fault in _reading_faults(body)]
    for start in range(0, CHUNK, BATCH):
        wrong += _batch_faults(bodies[start : start + BATCH])
    return wrong


def _reading_faults(body: str, *, is_part: bool = False) -> list[str]:
    """What a reading may not be: a crash, an invite of nobody, a stop without words, endless."""
    content = READER.read(body, is_part=is_part).content
    match content:
        case Invite():
            sound = "@" in content.email and bool(content.roles) and content.email.isprintable()
        case SplitEvents():
            inner = (fault for part in content for fault in _reading_faults(part, is_part=True))
            sound = not is_part and 0 < len(content) <= MAX_PARTS and not any(inner)
        case _:
            sound = content.code is not Code.INTERNAL_ERROR and bool(
                content.detail or content.verdict is Verdict.IGNORED
            )
    return [] if sound else [f"is read as {type(content).__name__}"]


def _batch_faults(bodies: list[str]) -> list[str]:
    """What a batch may not come to: a message without a result, or deleted without being done."""
    sender = FakeSender()
    batch = [message(body, number) for number, body in enumerate(bodies)]
    results = processor(sender, MemoryLedger(), InlineExecutor()).process(batch, DEADLINE).jobs
    deleted = [result for result in results if result.disposition.fate is Fate.DELETE]
    gone = Counter(result.outcome.verdict for result in deleted)
    done = {Verdict.INVITED, Verdict.IGNORED, Verdict.SPLIT}
    faults = [] if [result.message for result in results] == batch else ["a message has no result"]
    if set(gone) - done or gone[Verdict.INVITED] != len(sender.sent):
        faults.append(f"deleted: {dict(gone)}, sent: {len(sender.sent)}")
    return faults
