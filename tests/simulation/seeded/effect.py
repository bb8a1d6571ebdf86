"""What the API did, and who knows of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.seeded.environments import Environment


@dataclass(slots=True)
class Effect:
    """Something that the API did for a person, and whether the function got the answer."""

    environment: "Environment"
    is_told: bool

    @property
    def is_known(self) -> bool:
        """Whether whoever caused it could go on and write it down."""
        return self.is_told and not self.environment.is_dead
