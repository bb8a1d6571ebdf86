"""Who acts on the world: producers, Lambda's pollers, operators and Secrets Manager's rotation.

`schedule` says when each comes; `poller` calls the function; `operator` replays dead letters by the
triage (its parts: `triage_deps`); `rotator` carries out a rotation's steps.
"""
