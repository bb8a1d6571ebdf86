"""How the time of one invocation is divided, and how much may be side by side.

What is left of the function's timeout after CALL_SECONDS and SETTLE_SECONDS is for waiting: it
covers a minute, which is how long the API's throttle may ask to wait. A test holds these numbers
against the template's.
"""

from botocore.config import Config

from invites.api.client import Deadlines

# The largest batch that the template accepts: all of it side by side. Threads and connections
# are made as they are needed, so a smaller batch costs no more than it uses.
MAX_PARALLEL_CALLS = 100

# Longer than a write to the ledger takes, so that who steps back is overtaken.
MAX_JITTER_SECONDS = 0.05

# AWS in the same region answers in milliseconds; a second try is for the one that gets lost.
AWS_CONNECT_SECONDS = 1
AWS_READ_SECONDS = 2
AWS_TRIES = 2
# botocore, standard retry mode: before the second try it waits a random part of a second.
AWS_CALL_SECONDS = AWS_TRIES * (AWS_CONNECT_SECONDS + AWS_READ_SECONDS) + 1

# Those who want something of the ledger within this go in one request. Threads of one batch come
# within a millisecond; each request that is spared is worth as much of a whole CPU.
LINGER_SECONDS = 0.002
# A batched write to the ledger is tried once: what it did not do, everybody does by themselves.
BATCH_CALL_SECONDS = AWS_CONNECT_SECONDS + AWS_READ_SECONDS

# The worst that can follow on the decision to send for somebody: the token, the claim, a call
# that is refused, the token anew, a second call.
CALL_SECONDS = BATCH_CALL_SECONDS + 3 * AWS_CALL_SECONDS + 2 * Deadlines().total
# And on the answer: the claim's end, the reason, the visibility.
SETTLE_SECONDS = BATCH_CALL_SECONDS + 3 * AWS_CALL_SECONDS

# A thread that reads the token takes milliseconds. One that hangs is not waited for.
TOKEN_LOCK_SECONDS = 1
# To have the token renewed after a batch: two waits for who is reading it; then the secret, the
# ledger's row, the asking, the row again. With less time left, it is left to the next batch.
RENEWAL_SECONDS = 2 * TOKEN_LOCK_SECONDS + 4 * AWS_CALL_SECONDS

# SQS deletes what is past its retention without a trace. A day is more than the longest wait.
EXPIRY_MARGIN_SECONDS = 24 * 3600


def aws_config(tries: int = AWS_TRIES) -> Config:
    """One configuration for all clients: they give up in the time that is reckoned with."""
    return Config(
        connect_timeout=AWS_CONNECT_SECONDS,
        read_timeout=AWS_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": tries},
        max_pool_connections=MAX_PARALLEL_CALLS,
    )
