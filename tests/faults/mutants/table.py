"""All mutants."""

from faults.mutants.claims import CLAIMS
from faults.mutants.flow import FLOW
from faults.mutants.pacing import PACING
from faults.mutants.replays import REPLAYS
from faults.mutants.rotation import ROTATION
from faults.mutants.verdicts import VERDICTS

MUTANTS = (*VERDICTS, *CLAIMS, *FLOW, *PACING, *REPLAYS, *ROTATION)
