"""`make demo`: deploy, send, watch, account. Exit status 0 only if everything adds up."""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

from support.demo.account import take_account
from support.demo.keep import keep_running
from support.demo.plan import OUTAGE, PLAN
from support.demo.screen import Screen
from support.demo.send import send
from support.demo.watch import watch
from support.local_aws import local_aws
from support.spacemedia.client import StandIn, Step
from support.stack import Stack, deploy

STACK_NAME = "signup-invites-demo"


def main() -> int:
    """Run the demo; the exit status."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave everything running at the end")
    options = parser.parse_args()
    # So that what was started is also stopped when the demo is told to end, not interrupted.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began, screen = time.monotonic(), Screen()
    with tempfile.TemporaryDirectory(prefix="signup-invites-") as folder, StandIn() as api:
        screen.step(f"A stand-in for SpaceMedia answers at {api.url}")
        with local_aws(Path(folder)) as aws:
            screen.step(f"A local AWS answers at {aws.endpoint}; deploying template.yaml to it …")
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
    for sending in PLAN:
        send(stack, sending)
        screen.sent(sending)
    screen.step("Watching the API, the queue and the dead-letter queue …")
    watch(stack, api, screen)
    account = take_account(stack, api, PLAN)
    screen.account(account)
    return account.adds_up


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        # Everything is stopped by now; there is no use in a traceback.
        sys.exit(128 + signal.SIGINT)
