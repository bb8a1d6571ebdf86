"""Simulated Lambda: execution environments that freeze, run out of time and crash.

`call_sites` finds the calls in the deployed code, `crash_points` chooses those at which a function
is ended, `environment` carries each call out, and `executor` runs an environment's tasks.
"""
