"""How `make test` deals the tests to workers, which run side by side (pytest-xdist).

The tests of the stack mostly wait, and the others compute. So a few workers have a stack each, and
the others share what computes. The stack's tests are the longest and are dealt first.
"""

import os
from pathlib import PurePosixPath

import pytest
from xdist.scheduler.loadscope import (  # type: ignore[import-untyped]  # ships no types
    LoadScopeScheduling,
)

# Stacks that are deployed at once; each takes 10 s of a CPU, and its waits overlap the others'.
STACKS = 2
# This file's tests wait as long as all others of the stack together: for what has to fail.
WAITING = "test_least_privilege.py"
# Their tests are long, and share nothing.
ALONE = ("tests/simulation",)


class Dealing(LoadScopeScheduling):  # type: ignore[misc]  # its base is of no type
    """Which tests stay together on one worker."""

    def _split_scope(self, nodeid: str) -> str:
        """A test's group: its stack, its file, or nothing but itself."""
        path = PurePosixPath(nodeid.partition("::")[0])
        if "stack" in path.parts:
            return "waiting stack" if path.name == WAITING else "stack"
        return nodeid if str(path.parent) in ALONE else str(path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Deal by group, in the order in which the tests were found."""
    return Dealing(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """A worker for each stack, and as many as there are cores for the rest."""
    return STACKS + (os.cpu_count() or 1)
