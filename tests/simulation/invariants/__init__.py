"""What must hold in every history, held against what really happened, not against the log.

The services report to an `observer`, which in histories is `invariants`. `people`: nobody is
invited twice, called twice at once, or called too fast. `invariants`: no message is lost or given
up without a cause. `lineage` knows which messages are one signup's.
"""
