"""What hostile messages cost the built artefact, in a process of its own as Lambda starts it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.cold import FUNCTION, invoke, runtime
from bench.surroundings import Surroundings, surroundings
from invites.reading.splitting import MAX_BYTES, MAX_PARTS
from support.batches import Batches
from support.build import record
from support.hostile import large_head, large_rest
from template.reading import Template

MEBIBYTE = 1024 * 1024
# Of the 512 MB that the template gives; the rest is for what Lambda runs beside the function.
MAX_MEMORY = 400 * MEBIBYTE
HOSTILE = 9
BODIES = {
    # 991 MiB, when all parts were made before the first was sent.
    "a long source that each part repeats": large_head(),
    # 512 MiB for two of them.
    "long text with an emoji that each part repeats": large_rest(),
    "as many bytes as may be sent": large_head(80, (MAX_BYTES - 80 * 300) // 80),
    "as many bytes as may be sent, with an emoji": large_rest(80, (MAX_BYTES - 80 * 300) // 80),
}


@pytest.fixture(scope="module")
def around() -> Iterator[Surroundings]:
    """An API and an AWS."""
    with surroundings() as running:
        yield running


@pytest.fixture(scope="module")
def libraries() -> Iterator[Path]:
    """What Lambda's runtime brings."""
    with tempfile.TemporaryDirectory() as folder:
        yield runtime(Path(folder))


def test_bound_of_the_memory_is_below_what_the_function_has(template: Template) -> None:
    assert template.properties("SendInvitesFunction")["MemorySize"] * MEBIBYTE > MAX_MEMORY


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_hostile_messages_do_not_take_the_memory_of_a_genuine_one(
    around: Surroundings, libraries: Path, body: str
) -> None:
    """Nine in a batch: the tenth message's person is invited, and the batch is answered."""
    around.begin(0.0, 0.0)
    event = Batches()(1)
    hostile = [record(body, number) for number in range(100, 100 + HOSTILE)]
    event["Records"] = [*hostile, *event["Records"]]
    started = invoke(FUNCTION, libraries, around.variables, event, max_memory=2 * MAX_MEMORY)
    assert started.peak <= MAX_MEMORY
    assert started.answer is not None, started.stderr[-2000:]
    kept = {failure["itemIdentifier"] for failure in started.answer["batchItemFailures"]}
    assert kept <= {record["messageId"] for record in hostile}
    assert list(around.api.users()) == ["person0@example.test"]
    assert around.aws.calls()["sendmessagebatch"] <= HOSTILE * MAX_PARTS / 10
