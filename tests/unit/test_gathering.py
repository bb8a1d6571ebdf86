"""aws_adapters.ledger.batched_claims."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from aws_adapters.ledger.batched_claims import MicroBatcher
from support.waiting import wait_until

MANY = 60


class Act:
    """Does the odd numbers, and remembers which went together."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> list[bool]:
        """Note the group, and take a moment for it."""
        self.groups.append(list(numbers))
        time.sleep(0.001)
        return [number % 2 == 1 for number in numbers]


def until_there_are(count: int, gathering: Callable[[], MicroBatcher[int]]) -> Callable[[], None]:
    """A moment that lasts until so many wait."""

    def moment() -> None:
        wait_until(lambda: len(vars(gathering())["_waiting"]) >= count, f"{count} to ask")

    return moment


def test_those_of_one_moment_go_together() -> None:
    """One act for all, and each gets its own answer."""
    act = Act()
    gathering: MicroBatcher[int] = MicroBatcher(act, 25, until_there_are(10, lambda: gathering))
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(gathering.submit, range(10)))
    assert answers == [number % 2 == 1 for number in range(10)]
    assert [sorted(group) for group in act.groups] == [list(range(10))]


def test_a_group_that_is_full_goes_at_once() -> None:
    """Whoever makes it full waits for no moment; whoever is waiting one out finds it gone."""
    act = Act()
    gathering: MicroBatcher[int] = MicroBatcher(act, 5, lambda: time.sleep(0.05))
    with ThreadPoolExecutor(5) as threads:
        assert len(list(threads.map(gathering.submit, range(5)))) == 5
    assert [len(group) for group in act.groups] == [5]


def test_one_alone() -> None:
    """Nobody else comes: a group of one."""
    act = Act()
    assert MicroBatcher(act, 25, lambda: None).submit(7) is True
    assert act.groups == [[7]]


def test_a_group_of_one_at_most() -> None:
    """It is full with the first."""
    act = Act()
    assert MicroBatcher(act, 1, lambda: pytest.fail("waited")).submit(7) is True


@pytest.mark.parametrize("most", [1, 2, 7, 25, MANY])
def test_nobody_is_left_out(most: int) -> None:
    """However they come, each is asked for once, in groups that are not too large."""
    act = Act()
    gathering: MicroBatcher[int] = MicroBatcher(act, most, lambda: time.sleep(0.0005))
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(gathering.submit, range(MANY)))
    assert answers == [number % 2 == 1 for number in range(MANY)]
    assert sorted(number for group in act.groups for number in group) == list(range(MANY))
    assert max(map(len, act.groups)) <= most


def test_a_fault_of_ours_is_told_to_all() -> None:
    """Nobody waits for ever for an act that broke."""
    gathering: MicroBatcher[int]

    def fail(_: Sequence[int]) -> list[bool]:
        raise ValueError("a fault")

    gathering = MicroBatcher(fail, 25, until_there_are(3, lambda: gathering))
    with ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(gathering.submit, number) for number in range(3)]
        for call in calls:
            with pytest.raises(ValueError, match="a fault"):
                call.result(5)
