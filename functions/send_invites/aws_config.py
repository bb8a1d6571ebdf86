"""How the clients of AWS behave."""

from botocore.config import Config

from send_invites.budget import AWS_CONNECT_SECONDS, AWS_READ_SECONDS, AWS_TRIES, SIDE_BY_SIDE


def aws_config(tries: int = AWS_TRIES) -> Config:
    """One configuration for all clients: they give up in the time that is reckoned with."""
    return Config(
        connect_timeout=AWS_CONNECT_SECONDS,
        read_timeout=AWS_READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": tries},
        max_pool_connections=SIDE_BY_SIDE,
    )
