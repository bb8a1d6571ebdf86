"""How one invocation divides its time, and how many calls it makes in parallel.

What the function's timeout leaves after CALL_SECONDS and SETTLE_SECONDS is for waiting. It covers
a minute, the longest that the API's throttle asks to wait. A test holds these numbers against the
template's.
"""

from botocore.config import Config

from invites.api.client import Deadlines

# The largest batch that the template accepts, all of it in parallel. Threads and connections are
# made when they are needed, so a smaller batch costs no more than it uses.
MAX_PARALLEL_CALLS = 100

# AWS in the same region answers in milliseconds; the second try is for a request that gets lost.
AWS_CONNECT_SECONDS = 1
AWS_READ_SECONDS = 2
AWS_TRIES = 2
# botocore, standard retry mode: a random part of a second passes before the second try.
AWS_CALL_SECONDS = AWS_TRIES * (AWS_CONNECT_SECONDS + AWS_READ_SECONDS) + 1

# Claims made within this time go in one request. The threads of a batch come within a
# millisecond, and each request that is spared is worth as much of a whole CPU.
LINGER_SECONDS = 0.002
# A batched write to the ledger is tried once; what it did not write, each thread writes itself.
BATCH_CALL_SECONDS = AWS_CONNECT_SECONDS + AWS_READ_SECONDS

# After a lost race for slots an environment sleeps a random part of this. It is longer than a
# write to the ledger takes, so another environment gets its turn.
MAX_JITTER_SECONDS = 0.05

# The slowest sending of one person: the token, the claim, a call that is refused, the token read
# again, a second call.
CALL_SECONDS = BATCH_CALL_SECONDS + 3 * AWS_CALL_SECONDS + 2 * Deadlines().total
# The slowest settling after it: the claim's end, the reason, the visibility.
SETTLE_SECONDS = BATCH_CALL_SECONDS + 3 * AWS_CALL_SECONDS

# A thread reads the token in milliseconds. The renewal does not wait for one that hangs.
TOKEN_LOCK_SECONDS = 1
# The slowest renewal after a batch: two waits for a thread that reads the token; then the secret,
# the ledger's row, the request, the row again. With less time left, the next batch does it.
RENEWAL_SECONDS = 2 * TOKEN_LOCK_SECONDS + 4 * AWS_CALL_SECONDS

# SQS deletes a message after its retention without a trace, so the function stops it a day
# earlier. A day is more than the longest wait between two tries.
EXPIRY_MARGIN_SECONDS = 24 * 3600


def aws_config(tries: int = AWS_TRIES) -> Config:
    """The configuration of all clients: they give up within the times above."""
    return Config(
        connect_timeout=AWS_CONNECT_SECONDS,
        read_timeout=AWS_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": tries},
        max_pool_connections=MAX_PARALLEL_CALLS,
    )
