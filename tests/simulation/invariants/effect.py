"""What the API did, and who knows of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulation.world.lambda_service.environment import Environment


@dataclass(slots=True)
class Effect:
    """Something that the API did for a person, and whether the function got the answer."""

    environment: "Environment"
    is_answered: bool

    @property
    def is_known(self) -> bool:
        """Whether whoever caused it could go on and write it down."""
        return self.is_answered and not self.environment.is_dead
