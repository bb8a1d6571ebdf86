"""How the clients of AWS behave."""

from botocore.config import Config

# The threads of a call: twice the receives that are side by side, since notes are shorter.
THREADS = 16

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
