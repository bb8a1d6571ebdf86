"""When a message is tried again: waits that grow with the receive count."""

# Most failures are blips, so the first wait is short; it doubles up to the longest, which is how
# late a recovered API is noticed at worst. With at least 20 receives the waits add up to more
# than a day even at their lowest draw, so that a day's outage dead-letters nothing.
FIRST_WAIT = 15.0
LONGEST_WAIT = 3 * 3600.0

# Each wait is drawn from 80 to 100 % of the schedule, to spread a crowd of messages. Full jitter
# would draw from 0 and promise no horizon at all.
LOWEST_DRAW = 0.8


def wait_after(receive_count: int, draw: float) -> float:
    """Seconds until the next try.

    Args:
        receive_count: How often the message has been received, 1 or more.
        draw: A number from 0 to 1, drawn anew for each wait.
    """
    # Past 12 doublings every wait is the longest; the bound keeps the power small.
    scheduled = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(receive_count - 1, 12))
    return scheduled * (LOWEST_DRAW + (1 - LOWEST_DRAW) * draw)
