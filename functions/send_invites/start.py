"""Where Lambda starts: the parts are made before the first event, and not during it.

While it starts, Lambda gives a function a whole CPU, and afterwards the share that goes with its
memory. And a file of rules that does not load fails the start, not a batch.
"""

from send_invites.bootstrap import application
from send_invites.handler import lambda_handler

__all__ = ["lambda_handler"]

application()
