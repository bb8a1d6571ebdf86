"""The domain: what a signup is, what an invite is, how one is sent and what its outcome is.

A message travels through the modules in this order::

    message -> envelope -> signup -> invite -> api -> verdict -> outcome -> disposition

`sending` does the middle for one person, `batch` does it all for a batch. Nothing here knows
AWS or the environment, and nothing reads a clock or sleeps: those are passed in.
"""
