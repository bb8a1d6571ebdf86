"""All mutants."""

from simulation.mutants.claims import CLAIMS
from simulation.mutants.flow import FLOW
from simulation.mutants.pacing import PACING
from simulation.mutants.replays import REPLAYS
from simulation.mutants.rotation import ROTATION
from simulation.mutants.verdicts import VERDICTS

MUTANTS = (*VERDICTS, *CLAIMS, *FLOW, *PACING, *REPLAYS, *ROTATION)
