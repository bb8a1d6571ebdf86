"""`make demo`: deploy, send, watch, account. Exit status 0 only if everything adds up."""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from support.demo.account import take_account
from support.demo.keep import keep_running
from support.demo.plan import OUTAGE, PLAN, PLAN_IN_MAINTENANCE, Sending
from support.demo.screen import Screen
from support.demo.send import send
from support.demo.triage import mend_a_letter
from support.demo.watch import Watch
from support.deploy import LOCAL_PARAMETERS, deploy
from support.local_aws import local_aws
from support.spacemedia.client import StandIn, Step
from support.stack import Stack

STACK_NAME = "signup-invites-demo"


def main() -> int:
    """Run the demo; the exit status."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave everything running at the end")
    options = parser.parse_args()
    # SIGTERM and SIGHUP raise SystemExit, so that all that was started is stopped.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    began, screen = time.monotonic(), Screen()
    with tempfile.TemporaryDirectory(prefix="signup-invites-") as folder, StandIn() as api:
        screen.step(f"A stand-in for SpaceMedia answers at {api.url}")
        with local_aws(Path(folder)) as aws:
            screen.step(f"A local AWS answers at {aws.endpoint}; deploying template.yaml to it …")
            screen.line(f"with {LOCAL_PARAMETERS}: it has no TLS, and not all kinds of alarms")
            stack = deploy(aws, STACK_NAME, _parameters(api))
            stack.store_token(f'{{"token": "{api.add_token()}"}}')
            adds_up = _run(stack, api, screen)
            screen.step(
                f"{'It adds up' if adds_up else 'It does NOT add up'}, after "
                f"{time.monotonic() - began:.0f} s"
            )
            if options.keep:
                keep_running(stack, api, screen)
    return 0 if adds_up else 1


def _parameters(api: StandIn) -> dict[str, str]:
    return {
        "ApiBaseUrl": api.url,
        "EventBusName": "default",
        "EventPattern": '{"source": ["com.example.identity"]}',
    }


def _run(stack: Stack, api: StandIn, screen: Screen) -> bool:
    api.script(Step(email=OUTAGE, status=500))
    screen.step(f"Sending {len(PLAN)} messages from events/ …")
    _send(stack, PLAN, screen)
    watch = Watch(stack, api, screen)
    screen.step("Watching the API, the queue and the dead-letter queue …")
    watch.until(lambda: watch.is_queue_empty)
    api.configure(maintenance="plain")
    screen.step(f"The API is down for maintenance; sending {len(PLAN_IN_MAINTENANCE)} more …")
    _send(stack, PLAN_IN_MAINTENANCE, screen)
    watch.until(lambda: watch.pauses == len(PLAN_IN_MAINTENANCE))
    api.configure(maintenance="off")
    screen.step("The API is back; the first message that comes again is the probe …")
    watch.until(lambda: watch.is_queue_empty)
    account = take_account(stack, api, [*PLAN, *PLAN_IN_MAINTENANCE])
    screen.account(account)
    screen.step("One of the dead letters is explained, corrected and replayed …")
    return mend_a_letter(stack, api, screen) and account.adds_up


def _send(stack: Stack, sendings: Sequence[Sending], screen: Screen) -> None:
    for sending in sendings:
        send(stack, sending)
        screen.sent(sending)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        # Everything is stopped by now; there is no use in a traceback.
        sys.exit(128 + signal.SIGINT)
