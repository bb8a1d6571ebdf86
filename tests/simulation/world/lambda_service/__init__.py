"""Simulated Lambda: pollers, and execution environments that freeze, run out of time and crash.

`event_source` polls the queue, calls the function and reads its answer.
`environment` carries a call out; `crashing_environment` does so in a schedule, and ends the
function at the calls that `call_sites` finds in the deployed code and `crash_points` chooses.
`executor` runs an environment's tasks side by side.
"""
