"""Sends an answer, or spoils it on its way: below HTTP, on the connection itself."""

import asyncio
import socket
import struct

from aiohttp import web

from support.spacemedia.answers import Answer, phrase
from support.spacemedia.recording import Recorded
from support.spacemedia.steps import Step
from support.spacemedia.world import World

# On, with no time to linger: closing then sends RST instead of FIN.
_LINGER_ZERO = struct.pack("ii", 1, 0)


async def deliver(
    world: World, step: Step, answer: Answer, entry: Recorded, transport: asyncio.Transport
) -> web.StreamResponse:
    """Do with the answer what the step says.

    Where the connection is closed here, aiohttp notices and writes nothing of what is returned.
    """
    delay = step.delay or world.settings["latency"]
    if delay:
        await asyncio.sleep(delay)
    if step.hang:
        await world.ended.wait()
    if transport.is_closing():
        # The caller has not waited.
        return web.Response()
    if step.reset or step.close or step.hang:
        _drop(transport, rst=step.reset is not None)
        return web.Response()
    entry.answer(answer.status)
    if step.drip or step.truncate is not False:
        await _send_raw(step, answer, transport)
    return answer.response()


def _drop(transport: asyncio.Transport, *, rst: bool) -> None:
    if rst:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    transport.abort()


async def _send_raw(step: Step, answer: Answer, transport: asyncio.Transport) -> None:
    """Write the answer by hand, whole or not, at once or byte by byte, and close."""
    data = _head(answer) + answer.body[: _length(step, answer)]
    if not step.drip:
        transport.write(data)
    else:
        for position in range(len(data)):
            if transport.is_closing():
                return
            transport.write(data[position : position + 1])
            await asyncio.sleep(step.drip)
    transport.close()


def _length(step: Step, answer: Answer) -> int:
    """Return how many bytes of the body to send."""
    if step.truncate is False:
        return len(answer.body)
    return len(answer.body) // 2 if step.truncate is True else step.truncate


def _head(answer: Answer) -> bytes:
    headers = {**answer.headers, "Content-Length": str(len(answer.body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {answer.status} {phrase(answer.status)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
