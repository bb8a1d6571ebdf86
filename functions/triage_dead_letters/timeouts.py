"""How the clients of AWS behave."""

from botocore.config import Config

# All letters that are received side by side are also dealt with side by side. Threads and
# connections are made as they are needed.
THREADS = 80

# In the same region AWS answers in milliseconds; a long poll takes a second by itself.
CONNECT_SECONDS = 1
READ_SECONDS = 4


def aws_config(tries: int = 2) -> Config:
    """Clients give up in the time that is reckoned with.

    Args:
        tries: 1 for a call that may not be repeated unseen.
    """
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": tries},
        max_pool_connections=THREADS,
    )
