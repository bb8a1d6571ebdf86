"""The server: every request on a connection goes to the control endpoint or to the API."""

import asyncio

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from support.spacemedia.answers import Answer
from support.spacemedia.calls import Call, read_call
from support.spacemedia.control import PREFIX, answer_control
from support.spacemedia.faults import deliver
from support.spacemedia.routes import answer_call
from support.spacemedia.steps import USUAL
from support.spacemedia.world import Stage

HOST = "127.0.0.1"
# A benchmark may open its connections all at once.
_BACKLOG = 1024
# Seconds that calls in progress get when the server is stopped. Hung ones are let go before.
_GRACE = 0.1
# A real site's header, which does not name aiohttp.
_SERVER = {"Server": "nginx"}


class StandInServer(web.Server):
    """aiohttp's low-level server: without its router and middleware it is twice as fast.

    aiohttp switches Nagle's algorithm off on each connection by itself.
    """

    def __init__(self, stage: Stage, keepalive: float) -> None:
        super().__init__(self._handle, keepalive_timeout=keepalive, access_log=None)
        self._stage = stage

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Note the end of a connection."""
        self._stage.world.recording.lost(handler)
        super().connection_lost(handler, exc)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        call = await read_call(request)
        if call.path.startswith(PREFIX):
            response = answer_control(self._stage, call).response()
            # No control connection stays behind to be mistaken for one of the client's.
            response.force_close()
            return response
        return await self._handle_api(call, request)

    async def _handle_api(self, call: Call, request: web.BaseRequest) -> web.StreamResponse:
        world, transport = self._stage.world, request.transport
        if transport is None:
            return web.Response()
        entry = world.recording.arrive(call, request.protocol)
        step = world.script.take(call)
        answer = await answer_call(world, call) if step.takes_effect else Answer(200)
        entry.created = answer.created
        answer = (answer if step is USUAL else step.answer(answer)).with_headers(_SERVER)
        return await deliver(world, step, answer, entry, transport)


async def start(stage: Stage, port: int, keepalive: float) -> tuple[web.ServerRunner, str]:
    """Start to listen; return the runner and the base URL."""
    server = StandInServer(stage, keepalive)
    runner = web.ServerRunner(server, shutdown_timeout=_GRACE)
    await runner.setup()
    await web.TCPSite(runner, HOST, port, backlog=_BACKLOG).start()
    return runner, f"http://{HOST}:{runner.addresses[0][1]}"


async def serve(runner: web.ServerRunner, stage: Stage, stop: asyncio.Event) -> None:
    """Serve until `stop` is set, then close everything."""
    await stop.wait()
    stage.world.ended.set()
    await runner.cleanup()
