"""The stand-in refuses calls for a while: the throttle and the maintenance."""

import time
from email.utils import parsedate_to_datetime

from support.spacemedia.caller import Caller
from support.spacemedia.client import StandIn

COUNTRIES = "/api/v1/countries"


def test_throttle_counts_down_by_token_then_says_how_long_to_wait_then_lets_in_again(
    stand_in: StandIn, caller: Caller
) -> None:
    stand_in.configure(throttle=2, throttle_window=0.3)
    answers = [caller.call("GET", COUNTRIES) for _ in range(3)]
    assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["1", "0", "0"]
    assert {a.headers["X-RateLimit-Limit"] for a in answers} == {"2"}
    assert [a.headers.get("Retry-After") for a in answers] == [None, None, "1"]
    assert (answers[2].status, answers[2].json()) == (429, {"message": "Too Many Attempts."})
    assert 0 <= int(answers[2].headers["X-RateLimit-Reset"]) - time.time() <= 1.3
    other = {"Authorization": f"Bearer {stand_in.add_token()}"}
    assert caller.call("GET", COUNTRIES, headers=other).status == 200
    time.sleep(0.3)
    assert caller.call("GET", COUNTRIES).status == 200


def test_without_a_throttle_no_header_mentions_one(caller: Caller) -> None:
    assert not [n for n in caller.invite().headers if n.lower().startswith("x-ratelimit")]


def test_maintenance_is_a_503_whose_retry_after_is_seconds_a_date_or_absent(
    stand_in: StandIn, caller: Caller
) -> None:
    hints = []
    for kind in ("plain", "seconds", "date"):
        stand_in.configure(maintenance=kind, maintenance_seconds=120)
        answer = caller.invite()
        assert (answer.status, answer.json()) == (503, {"message": "Service Unavailable"})
        hints.append(answer.headers.get("Retry-After"))
    assert hints[:2] == [None, "120"]
    assert 118 <= parsedate_to_datetime(str(hints[2])).timestamp() - time.time() <= 121
