"""Timeouts, retries and threads of the AWS clients."""

from botocore.config import Config

# All letters of one round of parallel receives are handled in parallel. Threads and connections
# are made as they are needed.
THREADS = 80

# In the same region AWS answers in milliseconds; a long poll takes a second by itself.
CONNECT_SECONDS = 1
READ_SECONDS = 4


def aws_config(tries: int = 2) -> Config:
    """The configuration of a client: it gives up within these times.

    Args:
        tries: 1 for a call that botocore must not repeat by itself.
    """
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": tries},
        max_pool_connections=THREADS,
    )
