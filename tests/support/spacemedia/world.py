"""All state of the stand-in, in one object that a reset replaces."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass, field

from support.spacemedia.recording import Recording
from support.spacemedia.script import Script
from support.spacemedia.settings import DEFAULTS, Settings
from support.spacemedia.throttle import Throttle
from support.spacemedia.tokens import Tokens
from support.spacemedia.users import Users


@dataclass(slots=True)
class World:
    """What there is between two resets.

    A call keeps the world that it arrived in: a late one changes nothing after a reset.
    """

    settings: Settings = field(default_factory=lambda: deepcopy(DEFAULTS))
    users: Users = field(default_factory=Users)
    tokens: Tokens = field(default_factory=Tokens)
    throttle: Throttle = field(default_factory=Throttle)
    script: Script = field(default_factory=Script)
    recording: Recording = field(default_factory=Recording)
    # Set when the world is replaced: calls that hang in it may go.
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Stage:
    """Holds the present world."""

    def __init__(self) -> None:
        self.world = World()

    def reset(self) -> None:
        """Start over, with the defaults alone."""
        self.world.ended.set()
        self.world = World()
