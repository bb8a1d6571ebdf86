"""Who acts on the world: producers, operators, and Secrets Manager's rotation.

`actors` says when each comes; `operator` replays dead letters by the triage, whose parts are made
in `triage_deps`; `rotator` carries out a rotation's steps.
"""
