"""Recognising and mapping a message: its CPU beside that of an HTTP call, and with many sources."""

import json
import time
from collections.abc import Callable, Sequence

import urllib3

from bench.figures import Figure, interleaved, ratios
from invites.reading.reader import MessageReader
from support.build import READER
from support.catalogue import JOINED, many_sources_reader
from support.samples import SAMPLES
from support.spacemedia.client import StandIn

ROUNDS = 15
FEW, MANY = 10, 200


def measure() -> list[Figure]:
    """All figures."""
    samples = [path.read_text(encoding="utf-8") for path in SAMPLES]
    made_up = [json.dumps({**JOINED, "vendor": f"vendor {number}"}) for number in range(FEW)] * 10
    few, many = many_sources_reader(FEW), many_sources_reader(MANY)
    with StandIn() as api:
        mapping, call, with_few, with_many = interleaved(
            ROUNDS,
            _reading(READER, samples),
            _calling(api, len(samples)),
            _reading(few, made_up),
            _reading(many, made_up),
        )
    return [
        Figure(f"mapping a message, mean of {len(samples)} samples", _micro(mapping), "µs CPU"),
        Figure("a bare POST of an invite, keep-alive", _micro(call), "µs CPU"),
        Figure("mapping / bare POST", ratios(mapping, call), at_most=1.0),
        Figure(
            f"mapping with {MANY} sources / with {FEW}", ratios(with_many, with_few), at_most=1.5
        ),
    ]


def _reading(reader: MessageReader, bodies: Sequence[str]) -> Callable[[], float]:
    def once() -> float:
        began = time.process_time()
        for body in bodies:
            reader.read(body)
        return (time.process_time() - began) / len(bodies)

    return once


def _calling(api: StandIn, count: int) -> Callable[[], float]:
    """Seconds of CPU that this process needs for a call; the stand-in is another one."""
    pool = urllib3.PoolManager()
    headers = {"Authorization": f"Bearer {api.add_token(ttl=None)}"}

    def once() -> float:
        began = time.process_time()
        for number in range(count):
            invite = {"email": f"bench-{number}@example.test", "roles": ["Artist"]}
            pool.request("POST", f"{api.url}/api/v1/users", json=invite, headers=headers)
        return (time.process_time() - began) / count

    return once


def _micro(seconds: Sequence[float]) -> list[float]:
    return [value * 1e6 for value in seconds]
