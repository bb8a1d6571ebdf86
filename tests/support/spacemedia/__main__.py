"""`python -m support.spacemedia`: run the stand-in as a process of its own."""

import argparse
import asyncio
import os
import signal
import sys

from support.spacemedia.server import serve, start
from support.spacemedia.world import Stage

# Longer than clients commonly keep an idle connection, and nginx's own default.
_KEEPALIVE = 75.0
# Seconds between two looks at the parent: an orphan lives hardly longer.
_PARENT_INTERVAL = 0.2


def main() -> None:
    """Run until SIGTERM, SIGINT, or the end of the parent."""
    asyncio.run(_run(_arguments()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="support.spacemedia", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--keepalive", type=float, default=_KEEPALIVE, metavar="SECONDS")
    parser.add_argument("--parent-pid", type=int, metavar="N", help="exit when it is gone")
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    stop, stage = asyncio.Event(), Stage()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner, url = await start(stage, arguments.port, arguments.keepalive)
    sys.stdout.write(f"listening on {url}\n")
    sys.stdout.flush()
    watch = asyncio.create_task(_watch(arguments.parent_pid, stop))
    await serve(runner, stage, stop)
    watch.cancel()


async def _watch(parent: int | None, stop: asyncio.Event) -> None:
    if parent is None:
        return
    is_child = os.getppid() == parent
    # A dead parent can stay a zombie, which still has its pid; but its children are given away.
    while os.getppid() == parent if is_child else _exists(parent):
        await asyncio.sleep(_PARENT_INTERVAL)
    stop.set()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main()
